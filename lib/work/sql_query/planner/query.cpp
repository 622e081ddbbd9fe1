#include "work/sql_query/planner/query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "work/sql_query/identifier.hpp"

namespace spotter::work::sql::planner {
namespace {

std::string equal_columns(const Step& step, const Place& from, const Place& to) {
    std::vector<std::string> pairs;
    for (const auto& [left, right] : step.columns)
        pairs.push_back(fmt::format("{}.{} = {}.{}", quoted_identifier(to.alias), quoted_identifier(right),
                                    quoted_identifier(from.alias), quoted_identifier(left)));
    return fmt::format("{}", fmt::join(pairs, " AND "));
}

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

std::string clause(std::string_view keyword, const std::vector<std::string>& parts,
                   std::string_view between) {
    return parts.empty() ? "" : fmt::format(" {} {}", keyword, fmt::join(parts, between));
}

}  // namespace

std::string Place::column(const Column& wanted) const {
    return quoted_identifier(alias) + "." + quoted_identifier(wanted.name);
}

Query::Query(const Schema& schema, const Table& base) : schema_(schema) {
    Place place{&base, free_alias(base), {}};
    std::string from = reference(place);
    joined_.push_back({std::move(place), std::move(from)});
}

std::string Query::free_alias(const Table& table) {
    std::string alias = table.name;
    for (int number = 2; std::find(aliases_.begin(), aliases_.end(), alias) != aliases_.end(); ++number)
        alias = fmt::format("t{}", number);
    aliases_.push_back(alias);
    return alias;
}

std::string Query::reference(const Place& place) const {
    std::string table = table_reference(*place.table, schema_);
    return place.alias == place.table->name ? table : table + " AS " + quoted_identifier(place.alias);
}

Place& Query::join(const Path& path, bool outer) {
    const Place* from = &joined_.front().place;
    for (const Step& step : path) {
        Place to{step.to, free_alias(*step.to), {}};
        std::string text = fmt::format(" {} {} ON {}", outer ? "LEFT JOIN" : "JOIN", reference(to),
                                       equal_columns(step, *from, to));
        joined_.push_back({std::move(to), std::move(text)});
        from = &joined_.back().place;
    }
    return joined_.back().place;
}

Place& Query::require(const Place& owner, const Path& path, std::string_view count) {
    Required& required = required_.emplace_back();
    required.owner = &owner;
    required.count = count;
    const Place* from = &owner;
    for (const Step& step : path) {
        Place& to = required.places.emplace_back(Place{step.to, free_alias(*step.to), {}});
        std::string on = equal_columns(step, *from, to);
        if (required.from.empty()) {
            required.from = reference(to);
            required.link = on;
        } else {
            required.from += fmt::format(" JOIN {} ON {}", reference(to), on);
        }
        from = &to;
    }
    return required.places.back();
}

std::vector<Place*> Query::shown_places() {
    std::vector<Place*> out;
    for (Joined& joined : joined_) out.push_back(&joined.place);
    return out;
}

std::vector<Place*> Query::places() {
    std::vector<Place*> out = shown_places();
    for (Required& required : required_)
        for (Place& place : required.places) out.push_back(&place);
    return out;
}

void Query::output(std::string expression, std::string_view label) {
    if (!label.empty()) expression += " AS " + quoted_identifier(label);
    outputs_.push_back(std::move(expression));
}

void Query::order_by(std::string expression, bool descending) {
    orders_.push_back({std::move(expression), descending});
}

bool Query::sorts_by_groups_or(std::string_view measure) const {
    return std::all_of(orders_.begin(), orders_.end(), [&](const Order& order) {
        return order.expression == measure ||
               std::find(groups_.begin(), groups_.end(), order.expression) != groups_.end();
    });
}

bool Query::sorts_by_outputs() const {
    return outputs_.empty() || std::all_of(orders_.begin(), orders_.end(), [&](const Order& order) {
               return std::find(outputs_.begin(), outputs_.end(), order.expression) != outputs_.end();
           });
}

/// Its own, and those that other tables' rows are to meet for it.
std::vector<std::string> Query::conditions_on(const Place& place) const {
    std::vector<std::string> conditions = place.conditions;
    for (const Required& required : required_)
        if (required.owner == &place) conditions.push_back(condition(required));
    return conditions;
}

std::string Query::condition(const Required& required) const {
    std::vector<std::string> conditions{required.link};
    for (const Place& place : required.places) append(conditions, conditions_on(place));
    std::string rest = fmt::format("FROM {} WHERE {}", required.from, fmt::join(conditions, " AND "));
    if (required.count == some) return fmt::format("EXISTS (SELECT 1 {})", rest);
    if (required.count == none) return fmt::format("NOT EXISTS (SELECT 1 {})", rest);
    return fmt::format("(SELECT count(*) {}) {}", rest, required.count);
}

/// All that may be read of the base and what is joined to it.
std::string Query::everything() const {
    if (std::none_of(joined_.begin(), joined_.end(),
                     [](const Joined& joined) { return joined.place.table->partial; }))
        return "*";
    std::vector<std::string> columns;
    for (const Joined& joined : joined_)
        for (const Column& column : joined.place.table->columns)
            columns.push_back(joined.place.column(column));
    return fmt::format("{}", fmt::join(columns, ", "));
}

std::string Query::sql() const {
    std::vector<std::string> conditions, orders;
    std::string from;
    for (const Joined& joined : joined_) {
        from += joined.clause;
        append(conditions, conditions_on(joined.place));
    }
    for (const Order& order : orders_)
        orders.push_back(order.expression + (order.descending ? " DESC NULLS LAST" : ""));
    std::string text =
        fmt::format("SELECT {}{} FROM {}", distinct_ ? "DISTINCT " : "",
                    outputs_.empty() ? everything() : fmt::format("{}", fmt::join(outputs_, ", ")), from);
    text += clause("WHERE", conditions, " AND ") + clause("GROUP BY", groups_, ", ") +
            clause("ORDER BY", orders, ", ");
    return limit_ > 0 ? fmt::format("{} LIMIT {}", text, limit_) : text;
}

}  // namespace spotter::work::sql::planner
