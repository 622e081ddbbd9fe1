#include "work/sql_query/planner/time_span.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "work/sql_query/planner/words.hpp"

namespace spotter::work::sql::planner {
namespace {

constexpr std::array<std::string_view, 7> units = {"minute", "hour",    "day", "week",
                                                   "month",  "quarter", "year"};

/// interval '3 months' for one quarter: Postgres has no intervals of quarters.
std::string interval(int count, const std::string& unit) {
    bool quarter = unit == "quarter";
    long length = quarter ? 3L * count : count;
    return fmt::format("interval '{} {}{}'", length, quarter ? "month" : unit, length == 1 ? "" : "s");
}

std::string beginning(const std::string& unit) {
    return fmt::format("date_trunc('{}', now())", unit);
}

/// The unit that is `offset` away from the current one.
TimeSpan whole(const std::string& unit, int offset) {
    auto at = [&](int place) {
        if (place == 0) return beginning(unit);
        return fmt::format("{} {} {}", beginning(unit), place < 0 ? "-" : "+",
                           interval(std::abs(place), unit));
    };
    return {at(offset), at(offset + 1)};
}

TimeSpan between(std::chrono::year_month_day first, std::chrono::year_month_day end) {
    auto literal = [](std::chrono::year_month_day day) {
        return fmt::format("date '{:04}-{:02}-{:02}'", static_cast<int>(day.year()),
                           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    };
    return {literal(first), literal(end)};
}

/// A year of four digits.
std::optional<std::chrono::year> read_year(Cursor& in) {
    auto start = in.place();
    if (in.next_is(Token::number))
        if (auto year = in.take_count(); year && *year >= 1900 && *year <= 2199)
            return std::chrono::year(*year);
    in.move_to(start);
    return std::nullopt;
}

/// "March", "March 2024", "March 5, 2024". A month without a year is this year's.
std::optional<TimeSpan> read_month(Cursor& in) {
    using namespace std::chrono;
    const Token* token = in.peek();
    auto place = token && token->kind == Token::word ? place_in("months", token->text) : std::nullopt;
    if (!place) return std::nullopt;
    const month named(static_cast<unsigned>(*place) + 1);
    in.skip(1);
    auto start = in.place();
    auto of_month = in.next_is(Token::number) ? in.take_count() : std::nullopt;
    bool is_day = of_month && *of_month >= 1 && *of_month <= 31;
    if (!is_day) in.move_to(start);
    auto behind_day = in.place();
    in.take("of_year");
    auto in_year = read_year(in);
    if (!in_year) in.move_to(behind_day);
    if (is_day && in_year) {
        year_month_day day_named(*in_year, named, day(static_cast<unsigned>(*of_month)));
        if (day_named.ok()) return between(day_named, sys_days(day_named) + days(1));
    }
    if (is_day) in.move_to(start);
    if (!is_day && in_year) return between(*in_year / named / 1, (*in_year / named + months(1)) / 1);
    std::string from =
        beginning("year") + (*place > 0 ? " + " + interval(static_cast<int>(*place), "month") : "");
    return TimeSpan{from, beginning("year") + " + " + interval(static_cast<int>(*place) + 1, "month")};
}

/// "Q1 2024".
std::optional<TimeSpan> read_quarter(Cursor& in) {
    const Token* token = in.peek();
    bool named = token && token->text.size() == 2 && token->text[0] == 'q' && token->text[1] >= '1' &&
                 token->text[1] <= '4';
    if (!named) return std::nullopt;
    auto start = in.place();
    in.skip(1);
    in.take("of_year");
    auto in_year = read_year(in);
    if (!in_year) return in.move_to(start), std::nullopt;
    const auto first = *in_year / std::chrono::month(static_cast<unsigned>(3 * (token->text[1] - '1') + 1));
    return between(first / 1, (first + std::chrono::months(3)) / 1);
}

/// A stretch with both ends: a day, a month, a year, "today", "this week", "last month".
std::optional<TimeSpan> read_stretch(Cursor& in) {
    auto start = in.place();
    in.take("article");
    if (in.take("today")) return whole("day", 0);
    if (in.take("yesterday")) return whole("day", -1);
    if (in.next_is(Token::date)) {
        std::string day = fmt::format("date '{}'", in.peek()->said);
        in.skip(1);
        return TimeSpan{day, day + " + interval '1 day'"};
    }
    if (auto year = read_year(in)) return between(*year / 1 / 1, (*year + std::chrono::years(1)) / 1 / 1);
    if (auto month = read_month(in)) return month;
    if (auto quarter = read_quarter(in)) return quarter;
    for (auto [sense, offset] : {std::pair{"this", 0}, {"last", -1}}) {
        auto before = in.place();
        if (in.take(sense))
            if (auto unit = read_time_unit(in)) return whole(*unit, offset);
        in.move_to(before);
    }
    if (auto unit = read_time_unit(in); unit && in.take("last_after")) return whole(*unit, -1);
    in.move_to(start);
    return std::nullopt;
}

/// "7 days", or "week" for one.
std::optional<std::string> read_length(Cursor& in) {
    auto start = in.place();
    int count = in.take_count().value_or(1);
    if (auto unit = read_time_unit(in); unit && count > 0 && count <= 10'000) return interval(count, *unit);
    in.move_to(start);
    return std::nullopt;
}

/// "in the last 7 days", "next month", counted from now.
std::optional<TimeSpan> read_from_now(Cursor& in) {
    auto start = in.place();
    if (in.take("past"))
        if (auto length = read_length(in)) return TimeSpan{"now() - " + *length, "now()"};
    in.move_to(start);
    // "last 7 days", but not "last week", which is a whole one.
    if (in.take("last")) {
        auto behind = in.place();
        bool counted = in.take_count().has_value();
        in.move_to(behind);
        auto length = counted ? read_length(in) : std::nullopt;
        if (length) return TimeSpan{"now() - " + *length, "now()"};
    }
    in.move_to(start);
    if (in.take("next"))
        if (auto length = read_length(in); length) return TimeSpan{"now()", "now() + " + *length};
    in.move_to(start);
    if (auto count = in.take_count())
        if (auto unit = read_time_unit(in); unit && in.take("ago")) return whole(*unit, -*count);
    in.move_to(start);
    for (bool older : {true, false}) {
        if (in.take(older ? "older" : "newer"))
            if (auto length = read_length(in)) {
                in.take("ago");
                std::string edge = "now() - " + *length;
                return older ? TimeSpan{"", edge} : TimeSpan{edge, ""};
            }
        in.move_to(start);
    }
    return std::nullopt;
}

/// "since March", "before 2024-01-31", "between 2023 and 2024".
std::optional<TimeSpan> read_open(Cursor& in) {
    auto start = in.place();
    if (in.take("between"))
        if (auto first = read_stretch(in); first && in.take("and"))
            if (auto last = read_stretch(in)) return TimeSpan{first->from, last->to};
    in.move_to(start);
    if (in.take("from"))
        if (auto first = read_stretch(in)) {
            auto behind = in.place();
            if (in.take("to"))
                if (auto last = read_stretch(in)) return TimeSpan{first->from, last->to};
            in.move_to(behind);
            return first;
        }
    in.move_to(start);
    for (std::string_view sense : {"since", "after", "before", "until"}) {
        if (in.take(sense))
            if (auto edge = read_stretch(in)) {
                if (sense == "since") return TimeSpan{edge->from, ""};
                if (sense == "after") return TimeSpan{edge->to, ""};
                return TimeSpan{"", sense == "before" ? edge->from : edge->to};
            }
        in.move_to(start);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> read_time_unit(Cursor& in) {
    const Token* token = in.peek();
    auto place = token && token->kind == Token::word ? place_in("units", token->text) : std::nullopt;
    if (!place) return std::nullopt;
    in.skip(1);
    return std::string(units.at(*place));
}

std::optional<TimeSpan> read_time_span(Cursor& in) {
    if (auto span = read_from_now(in)) return span;
    if (auto span = read_open(in)) return span;
    auto start = in.place();
    if (in.take("on") || in.take("in")) {
        if (auto span = read_stretch(in)) return span;
        in.move_to(start);
    }
    // A year needs a word before it, since it may be any number.
    if (in.next_is(Token::number)) return std::nullopt;
    return read_stretch(in);
}

}  // namespace spotter::work::sql::planner
