#include "work/training_program/prescription.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <vector>

#include "work/words.hpp"

namespace spotter::work::training {
namespace {

constexpr double reps_of_open_set = 12;
constexpr double reps_when_unreadable = 10;
constexpr double seconds_a_metre = 0.6;  ///< between a loaded walk and an easy run

struct Quantity {
    double number = 0;
    std::string unit;  ///< the word after it in lower-case, or "%"; empty when there is none
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] == ' ') ++at;
    return at;
}

/// Numbers with the words after them; "2:30" is 150 s. Numbers that end up beyond a million are left out.
std::vector<Quantity> quantities(std::string_view text) {
    std::vector<Quantity> out;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        Quantity quantity;
        const char* last = text.data() + text.size();
        auto [end, error] =
            std::from_chars(text.data() + at, last, quantity.number, std::chars_format::fixed);
        at = static_cast<std::size_t>(end - text.data());
        if (at + 2 < text.size() && text[at] == ':' && is_digit(text[at + 1]) && is_digit(text[at + 2])) {
            quantity.number = quantity.number * 60 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
            quantity.unit = "s";
            at += 3;
        } else {
            std::size_t unit = skip_spaces(text, at);
            if (unit < text.size() && text[unit] == '%') {
                quantity.unit = "%";
                at = unit + 1;
            } else {
                for (; unit < text.size() && is_letter(text[unit]); at = ++unit)
                    quantity.unit += static_cast<char>(text[unit] | 0x20);
            }
        }
        if (error == std::errc{} && quantity.number < 1e6) out.push_back(std::move(quantity));
    }
    return out;
}

bool is_one_of(std::string_view unit, std::initializer_list<std::string_view> units) {
    return std::find(units.begin(), units.end(), unit) != units.end();
}

/// How many seconds the unit has; 0 when it is none of time.
double seconds_in(std::string_view unit) {
    if (is_one_of(unit, {"s", "sec", "secs", "second", "seconds"})) return 1;
    if (is_one_of(unit, {"min", "mins", "minute", "minutes"})) return 60;
    if (is_one_of(unit, {"h", "hour", "hours"})) return 3600;
    return 0;
}

double metres_in(std::string_view unit) {
    if (is_one_of(unit, {"m", "meter", "meters", "metre", "metres"})) return 1;
    if (is_one_of(unit, {"yd", "yds", "yard", "yards"})) return 0.9;
    if (unit == "km") return 1000;
    if (is_one_of(unit, {"mile", "miles"})) return 1600;
    return 0;
}

/// "2-3 min": a bare number before a measured one has its unit.
void share_units(std::vector<Quantity>& found) {
    for (std::size_t i = found.size(); i-- > 1;)
        if (found[i - 1].unit.empty()) found[i - 1].unit = found[i].unit;
}

struct Range {
    double low = 0;
    double high = 0;
    void take(double value) {
        low = high == 0 ? value : std::min(low, value);
        high = std::max(high, value);
    }
};

/// The range of those quantities that `scale` measures; each is worth `scale(unit)`, 0 leaving it out.
template <class Scale>
Range range_of(const std::vector<Quantity>& found, Scale scale) {
    Range range;
    for (const Quantity& quantity : found)
        if (double unit = scale(quantity.unit)) range.take(quantity.number * unit);
    return range;
}

/// "1 min 30 s" is one time and no range.
bool is_minutes_and_seconds(const std::vector<Quantity>& found) {
    return found.size() == 2 && seconds_in(found[0].unit) == 60 && seconds_in(found[1].unit) == 1;
}

Range time_in(const std::vector<Quantity>& found) {
    if (is_minutes_and_seconds(found)) {
        double seconds = found[0].number * 60 + found[1].number;
        return {seconds, seconds};
    }
    return range_of(found, seconds_in);
}

bool says_each_side(std::string_view heard) {
    for (std::string_view word : {"each", "per side", "per leg", "per arm", "side", "sides"})
        if (has_phrase(heard, word)) return true;
    return false;
}

}  // namespace

std::optional<Amount> read_amount(std::string_view reps) {
    std::string heard = words(reps);
    Amount amount;
    amount.each_side = says_each_side(heard);
    auto found = quantities(reps);
    std::erase_if(found, [](const Quantity& quantity) { return quantity.unit == "%"; });
    share_units(found);
    if (found.empty()) {
        for (std::string_view word : {"amrap", "max", "failure", "as many"})
            amount.open |= has_phrase(heard, word);
        return amount.open ? std::optional(amount) : std::nullopt;
    }
    Range range;
    if (seconds_in(found[0].unit) > 0) {
        amount.of = Amount::Of::seconds;
        range = time_in(found);
    } else if (metres_in(found[0].unit) > 0) {
        amount.of = Amount::Of::metres;
        range = range_of(found, metres_in);
    } else {
        range = range_of(found, [](std::string_view unit) {
            return seconds_in(unit) > 0 || metres_in(unit) > 0 ? 0.0 : 1.0;
        });
    }
    amount.low = range.low;
    amount.high = range.high;
    return amount;
}

std::optional<Rest> read_rest(std::string_view rest) {
    auto found = quantities(rest);
    share_units(found);
    if (found.empty()) {
        std::string heard = words(rest);
        for (std::string_view word : {"none", "no", "n a", "minimal"})
            if (has_phrase(heard, word)) return Rest{};
        return std::nullopt;
    }
    for (Quantity& quantity : found)
        if (quantity.unit.empty()) quantity.unit = "s";
    Range range = time_in(found);
    if (range.high == 0 && found[0].number != 0) return std::nullopt;
    return Rest{range.low, range.high};
}

std::optional<Load> read_load(std::string_view weight) {
    auto found = quantities(weight);
    share_units(found);
    std::optional<Load> load;
    for (const Quantity& quantity : found) {
        Load read{Load::Unit::kg, quantity.number};
        if (is_one_of(quantity.unit, {"lb", "lbs", "pound", "pounds"}))
            read.unit = Load::Unit::lb;
        else if (quantity.unit == "%")
            read.unit = Load::Unit::percent;
        else if (!is_one_of(quantity.unit, {"kg", "kgs", "kilo", "kilos"}))
            continue;
        if (!load || (load->unit == read.unit && load->value < read.value)) load = read;
    }
    return load;
}

double seconds_of(const PlannedExercise& exercise, const Limits& limits) {
    Amount amount = read_amount(exercise.reps)
                        .value_or(Amount{Amount::Of::reps, reps_when_unreadable, reps_when_unreadable});
    double middle = amount.open ? reps_of_open_set : (amount.low + amount.high) / 2;
    double work = amount.of == Amount::Of::seconds  ? middle
                  : amount.of == Amount::Of::metres ? middle * seconds_a_metre
                                                    : middle * limits.seconds_a_rep;
    if (amount.each_side) work *= 2;
    Rest rest = read_rest(exercise.rest).value_or(Rest{});
    return exercise.sets * (work + (rest.low + rest.high) / 2);
}

double minutes_of(const Day& day, const Limits& limits) {
    if (day.exercises.empty()) return 0;
    double seconds = 0;
    for (const PlannedExercise& exercise : day.exercises) seconds += seconds_of(exercise, limits);
    return seconds / 60 + limits.warm_up_minutes;
}

}  // namespace spotter::work::training
