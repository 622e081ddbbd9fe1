#include <fmt/format.h>

#include <algorithm>

#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/planner/time_span.hpp"

namespace spotter::work::sql::planner {

/// "per country", "by month and status", "for each user".
bool Reader::read_group() {
    auto start = in_.place();
    if (!in_.take("per")) return false;
    bool read = ranked_ && !query_->has_order() ? read_ranked_by(true) : read_one_group();
    if (!read) return in_.move_to(start), false;
    for (auto behind = in_.place(); in_.take("and"); behind = in_.place())
        if (!read_one_group()) {
            in_.move_to(behind);
            break;
        }
    return true;
}

/// A column that is called just so, a stretch of time, another table, or any column.
bool Reader::read_one_group() {
    in_.take_all("article");
    auto start = in_.place();
    FoundColumn column = find_column(query_->shown_places());
    bool exact = column.place && column.match.quality == 4;
    if (auto unit = exact ? std::nullopt : read_time_unit(in_)) return group_by_time(*unit);
    TableMatch table = names_.match(in_.tokens(), in_.place());
    if (!exact && table.tokens > 0 && table.table != base_ && table.tokens >= column.match.tokens) {
        in_.skip(table.tokens);
        // "orders by user Ana" are not grouped.
        bool one = in_.sees("named") || in_.next_is(Token::number) || sees_text();
        auto path = one ? std::nullopt : path_to(*table.table);
        if (path) return group_by_table(*path);
        return in_.move_to(start), false;
    }
    if (!column.place)
        if (RoleMatch role = match_role(links_.steps(*base_), in_.tokens(), in_.place()); role.tokens > 0) {
            in_.skip(role.tokens);
            return group_by_table({*role.step});
        }
    if (!column.place)  // "orders per country" of their users
        for (const Step& step : links_.steps(*base_))
            if (ColumnMatch found = match_column(*step.to, in_.tokens(), in_.place());
                !column.place && !step.to_many && found.tokens > 0 && found.quality > 1)
                column = {&query_->join({step}, false), found};
    return column.place && group_by_column(column);
}

bool Reader::group_by_time(const std::string& unit) {
    Place& place = measure_.place ? *measure_.place : query_->base();
    const Column* date = date_column(*place.table);
    if (!date)
        return fail(fmt::format("{} has no date, so there is no {} to go by.", place.table->name, unit));
    std::string cast = unit == "minute" || unit == "hour" ? "" : "::date";
    std::string group = fmt::format("date_trunc('{}', {}){}", unit, place.column(*date), cast);
    query_->output(group, unit);
    query_->group_by(group);
    query_->order_by(group, false);
    note(fmt::format("The {} is that of {}.", unit, date->name));
    return true;
}

bool Reader::group_by_column(const FoundColumn& found) {
    if (!can_sort(*found.match.column)) return false;
    in_.skip(found.match.tokens);
    std::string column = found.place->column(*found.match.column);
    ValueClass values = class_of(*found.match.column);
    bool continuous = values == ValueClass::time || values == ValueClass::number;
    if (measure_.kind == Measure::none && continuous && !query_->is_grouped()) {
        query_->order_by(column, in_.take("descending"));  // "products by price" are sorted
        return true;
    }
    query_->output(column);
    query_->group_by(column);
    if (values == ValueClass::time) query_->order_by(column, false);
    return true;
}

/// Where the table at the end of the path is shown: a place that is there, or one that is joined.
Place& Reader::shown_place(const Path& path) {
    for (Place* place : query_->shown_places())
        if (place != &query_->base() && place->table == path.back().to) return *place;
    return query_->join(path, false);
}

/// By the rows of another table, or by a column of it.
bool Reader::group_by_table(const Path& path) {
    const Table& table = *path.back().to;
    if (std::any_of(path.begin(), path.end(), [](const Step& step) { return step.to_many; }))
        return fail(fmt::format("One of {} can have several of {}, so they are not grouped by it.",
                                base_->name, table.name));
    Place& place = shown_place(path);
    ColumnMatch column = match_column(table, in_.tokens(), in_.place());
    if (column.tokens > 0) return group_by_column({&place, column});
    return group_by_row(place);
}

/// The rows of a place one by one, by their key and their name.
bool Reader::group_by_row(Place& place) {
    const Column* name = name_column(*place.table);
    std::vector<const Column*> columns;
    for (const std::string& key : place.table->primary_key)
        if (const Column* column = place.table->column(key); column && column != name)
            columns.push_back(column);
    if (name) columns.push_back(name);
    if (columns.empty())
        return fail(fmt::format("{} has neither a key nor a name by which its rows could be told apart.",
                                place.table->name));
    for (const Column* column : columns) {
        query_->output(place.column(*column));
        query_->group_by(place.column(*column));
    }
    return true;
}

}  // namespace spotter::work::sql::planner
