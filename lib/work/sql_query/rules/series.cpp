#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"
#include "work/words.hpp"

namespace spotter::work::sql::rule {
namespace {

constexpr double day = 86'400;  ///< seconds

/// What is known of a number: that it lies between two others.
struct Range {
    double low, high;
};

/// Where a series begins or ends.
struct Point {
    enum Kind { number, calendar, now } kind;
    Range at;  ///< numbers; seconds since 1970; or seconds from now
};

/// Now is some time between 2020 and 2100: a stored statement is run again years later.
constexpr Range ever_now{50 * 365.25 * day, 130 * 365.25 * day};

constexpr std::pair<std::string_view, Range> units[] = {
    {"second", {1, 1}},
    {"minute", {60, 60}},
    {"hour", {3600, 3600}},
    {"day", {day, day}},
    {"week", {7 * day, 7 * day}},
    {"month", {28 * day, 31 * day}},
    {"quarter", {90 * day, 92 * day}},
    {"year", {365 * day, 366 * day}},
};

std::optional<Range> seconds_of_unit(std::string_view unit) {
    if (unit.ends_with('s')) unit.remove_suffix(1);
    for (auto [name, seconds] : units)
        if (name == unit) return seconds;
    return std::nullopt;
}

const json::Value* cast_argument(const json::Value& value) {
    const json::Value* cast = fields_of(value, "TypeCast");
    return cast ? json::find(*cast, "arg") : nullptr;
}

std::string_view cast_type(const json::Value& value) {
    const json::Value* cast = fields_of(value, "TypeCast");
    const json::Value* type = cast ? json::find(*cast, "typeName") : nullptr;
    if (!type || json::find(*type, "typmods")) return {};
    auto names = names_in(*type, "names");
    return names.empty() ? "" : names.back();
}

std::optional<std::string_view> literal(const json::Value& value) {
    const json::Value* constant = fields_of(value, "A_Const");
    const json::Value* text = constant ? json::find(*constant, "sval") : nullptr;
    return text ? json::text(*text, "sval") : std::nullopt;
}

/// '1 month', interval '2 weeks 3 days', in seconds. Of one sign: '1 month -29 days' goes on or back, or
/// stays.
std::optional<Range> interval(const json::Value& value) {
    const json::Value* argument = cast_type(value) == "interval" ? cast_argument(value) : &value;
    auto text = argument ? literal(*argument) : std::nullopt;
    if (!text) return std::nullopt;
    Range sum{0, 0};
    int sign = 0;
    std::string_view rest = trimmed(*text);
    while (!rest.empty()) {
        int count = 0;
        auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
        rest = trimmed(rest.substr(static_cast<std::size_t>(end - rest.data())));
        std::string_view unit = rest.substr(0, rest.find(' '));
        auto length = seconds_of_unit(unit);
        if (error != std::errc{} || count == 0 || !length) return std::nullopt;
        if (sign != 0 && sign != (count > 0 ? 1 : -1)) return std::nullopt;
        sign = count > 0 ? 1 : -1;
        sum.low += count * (count > 0 ? length->low : length->high);
        sum.high += count * (count > 0 ? length->high : length->low);
        rest = trimmed(rest.substr(unit.size()));
    }
    return sign == 0 ? std::nullopt : std::optional(sum);
}

/// "2024-01-31" in seconds since 1970, with the time of day and its zone where they are written. Years of
/// 1900 to 2199, of our era.
std::optional<Range> date(std::string_view text) {
    int year = 0, month = 0, of_month = 0;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto number = [&](std::size_t at, std::size_t size, int& out) {
        auto [end, error] = std::from_chars(text.data() + at, text.data() + at + size, out);
        return error == std::errc{} && end == text.data() + at + size;
    };
    if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, of_month)) return std::nullopt;
    const std::chrono::year_month_day named(std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(of_month)));
    bool only_time = text.find_first_not_of("0123456789:. TZ+-", 10) == text.npos;
    if (!named.ok() || year < 1900 || year > 2199 || !only_time) return std::nullopt;
    double seconds = std::chrono::sys_days(named).time_since_epoch().count() * day;
    return text.size() == 10 ? Range{seconds, seconds} : Range{seconds - day, seconds + 2 * day};
}

std::optional<Point> point(const json::Value& value, const Statement& statement);

/// now() - interval '1 month', date '2024-01-31' + 7.
std::optional<Point> moved_point(const json::Value& fields, const Statement& statement) {
    auto names = names_in(fields, "name");
    const json::Value *left = json::find(fields, "lexpr"), *right = json::find(fields, "rexpr");
    if (!left || !right || names.empty() || (names.back() != "+" && names.back() != "-")) return std::nullopt;
    auto from = point(*left, statement);
    if (!from || from->kind == Point::number) return std::nullopt;
    auto by = interval(*right);
    if (auto days = statement.whole_number(*right))
        by = {static_cast<double>(*days) * day, static_cast<double>(*days) * day};
    if (!by) return std::nullopt;
    if (names.back() == "-") by = {-by->high, -by->low};
    from->at = {from->at.low + by->low, from->at.high + by->high};
    return from;
}

/// now(), date_trunc('month', …), date(…).
std::optional<Point> called_point(const json::Value& fields, const Statement& statement) {
    std::string_view name = names_in(fields, "funcname").back();
    const auto& arguments = list_in(fields, "args");
    if (name == "now" || name == "statement_timestamp" || name == "transaction_timestamp")
        return Point{Point::now, {0, 0}};
    if (name == "date" && arguments.Size() == 1) return point(arguments[0], statement);
    if (name != "date_trunc" || arguments.Size() != 2) return std::nullopt;
    auto unit = literal(arguments[0]);
    if (auto text = cast_argument(arguments[0])) unit = literal(*text);
    auto cut = unit ? seconds_of_unit(*unit) : std::nullopt;
    auto out = cut ? point(arguments[1], statement) : std::nullopt;
    if (out) out->at.low -= cut->high;
    return out;
}

std::optional<Point> point(const json::Value& value, const Statement& statement) {
    if (auto number = statement.whole_number(value)) {
        auto exact = static_cast<double>(*number);
        return Point{Point::number, {exact, exact}};
    }
    if (auto text = literal(value)) {
        auto seconds = date(*text);
        return seconds ? std::optional(Point{Point::calendar, *seconds}) : std::nullopt;
    }
    if (std::string_view type = cast_type(value); type == "date" || type.starts_with("timestamp"))
        return point(*cast_argument(value), statement);
    if (const json::Value* call = fields_of(value, "FuncCall")) return called_point(*call, statement);
    if (const json::Value* sum = fields_of(value, "A_Expr")) return moved_point(*sum, statement);
    const json::Value* clock = fields_of(value, "SQLValueFunction");
    return clock ? std::optional(Point{Point::now, {0, 0}}) : std::nullopt;
}

/// The longest that the way from one to the other can be; nullopt between a number and a time.
std::optional<double> length(Point from, Point to) {
    if ((from.kind == Point::number) != (to.kind == Point::number)) return std::nullopt;
    if (from.kind != to.kind)
        for (Point* end : {&from, &to})
            if (end->kind == Point::now) end->at = {end->at.low + ever_now.low, end->at.high + ever_now.high};
    return std::max(std::abs(to.at.high - from.at.low), std::abs(from.at.high - to.at.low));
}

/// The shortest that a step can be.
std::optional<double> step(const json::Value& arguments, bool of_numbers, const Statement& statement) {
    if (arguments.Size() == 2) return of_numbers ? std::optional(1.0) : std::nullopt;
    if (of_numbers) {
        auto number = statement.whole_number(arguments[2]);
        return number && *number != 0 ? std::optional(std::abs(static_cast<double>(*number))) : std::nullopt;
    }
    auto by = interval(arguments[2]);
    return by ? std::optional(std::min(std::abs(by->low), std::abs(by->high))) : std::nullopt;
}

/// The most rows that the series can have.
std::optional<double> rows(const json::Value& arguments, const Statement& statement) {
    if (arguments.Size() < 2 || arguments.Size() > 3) return std::nullopt;
    auto from = point(arguments[0], statement), to = point(arguments[1], statement);
    auto whole = from && to ? length(*from, *to) : std::nullopt;
    auto by = whole ? step(arguments, from->kind == Point::number, statement) : std::nullopt;
    return by ? std::optional(*whole / *by) : std::nullopt;
}

}  // namespace

/// What a series yields is kept before it is read, and no LIMIT ends it.
void bounded_series(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "FuncCall" || names_in(node.fields, "funcname").back() != "generate_series") return;
        auto count = rows(list_in(node.fields, "args"), subject.statement);
        if (!count || *count > static_cast<double>(most_series_rows))
            refuse(
                out,
                fmt::format(
                    "generate_series needs bounds and a step from which it can be told that it yields at "
                    "most "
                    "{} rows: whole numbers, or dates and times as literals such as '2024-01-31', now() or "
                    "CURRENT_DATE, moved by INTERVAL literals.",
                    most_series_rows));
    });
}

}  // namespace spotter::work::sql::rule
