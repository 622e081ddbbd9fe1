#include <fmt/format.h>
#include <fmt/ranges.h>

#include "work/sql_query/planner/comparison.hpp"
#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/planner/time_span.hpp"
#include "work/sql_query/planner/words.hpp"

namespace spotter::work::sql::planner {

/// "where price is over 20", "created last week", "pending", "not active", "over 100".
bool Reader::read_condition() {
    if (read_date() || read_comparative()) return true;
    auto start = in_.place();
    Lead lead{in_.sees("with"), in_.sees("of")};
    in_.take_all("where");
    in_.take_all("article");
    lead.negated = in_.take("not");
    if (read_column_condition(lead) || read_label(lead.negated) || read_flag(lead.negated) ||
        read_amount(lead.negated))
        return true;
    in_.move_to(start);
    return false;
}

bool Reader::read_column_condition(const Lead& lead) {
    auto start = in_.place();
    FoundColumn found = find_column(places());
    TableMatch table = names_.match(in_.tokens(), in_.place());
    // "user name is Ana": a column of another table, or of the base by its full name.
    if (table.tokens > 0 && table.tokens >= found.match.tokens) {
        ColumnMatch of_it = match_column(*table.table, in_.tokens(), in_.place() + table.tokens);
        if (of_it.tokens > 0) {
            Place* place = table.table == base_ ? &query_->base() : related_place(*table.table);
            if (!place) return false;
            in_.skip(table.tokens);
            found = {place, of_it};
        }
    }
    if (!found.place) return in_.move_to(start), false;
    in_.skip(found.match.tokens);
    if (read_comparison(*found.place, *found.match.column, lead)) return true;
    in_.move_to(start);
    return false;
}

bool Reader::read_label(bool negated) {
    LabelMatch best;
    Place* owner = nullptr;
    for (Place* place : places())
        if (LabelMatch found = match_label(*place->table, in_.tokens(), in_.place()); found.better_than(best))
            best = found, owner = place;
    if (!owner) return false;
    auto labels = read_labels(*best.column);
    owner->conditions.push_back(one_of(owner->column(*best.column), labels, negated));
    return true;
}

bool Reader::read_flag(bool negated) {
    FlagMatch best;
    Place* owner = nullptr;
    for (Place* place : places())
        if (FlagMatch found = match_flag(*place->table, in_.tokens(), in_.place()); found.better_than(best))
            best = found, owner = place;
    if (!owner) return false;
    in_.skip(best.tokens);
    owner->conditions.push_back((best.value != negated ? "" : "NOT ") + owner->column(*best.column));
    return true;
}

/// "last week", without saying of what.
bool Reader::read_date() {
    auto start = in_.place();
    in_.take("happened");
    auto span = read_time_span(in_);
    if (!span) return in_.move_to(start), false;
    for (Place* place : {focus_, &query_->base()})
        if (const Column* date = date_column(*place->table)) {
            place->conditions.push_back(within(place->column(*date), *span));
            note(fmt::format("The time is that of {} of {}.", date->name, place->table->name));
            return true;
        }
    return fail(fmt::format("{} has no date.", base_->name));
}

/// "over 100", without saying what.
bool Reader::read_amount(bool negated) {
    if (!sees_number_comparison()) return false;
    auto start = in_.place();
    const Column* column = amount_column(*focus_->table);
    auto condition = comparison_of_number(column ? focus_->column(*column) : "");
    if (!condition) return in_.move_to(start), false;
    if (!column) return fail(fmt::format("It is not said which number of {} is meant.", focus_->table->name));
    note(fmt::format("The number is {} of {}.", column->name, focus_->table->name));
    focus_->conditions.push_back(negated ? "NOT (" + *condition + ")" : *condition);
    return true;
}

/// "cheaper than 20".
bool Reader::read_comparative() {
    auto start = in_.place();
    const Adjective* adjective = in_.take_adjective("comparatives");
    const Column* column = adjective ? column_of(*adjective, *base_) : nullptr;
    auto bound = column ? read_number() : std::nullopt;
    if (!bound) return in_.move_to(start), false;
    query_->base().conditions.push_back(
        fmt::format("{} {} {}", query_->base().column(*column), adjective->descending ? ">" : "<", *bound));
    return true;
}

/// "named Ana".
bool Reader::read_name() {
    auto start = in_.place();
    auto text = in_.take("named") ? read_text() : std::nullopt;
    const Column* name = name_column(*focus_->table);
    if (!text || !name) return in_.move_to(start), false;
    focus_->conditions.push_back(like_text(focus_->column(*name), "%", *text, "%"));
    note(fmt::format("\"{}\" may stand anywhere in {} of {}.", *text, name->name, focus_->table->name));
    return true;
}

/// "in Berlin", "from Spain", "in Sales": one of the columns that say where something is or belongs.
bool Reader::read_whereabouts() {
    auto start = in_.place();
    auto text = in_.take("place") && sees_text() ? read_text() : std::nullopt;
    for (Place* place : places()) {
        std::vector<std::string> parts;
        for (const Column& column : place->table->columns)
            if (text && class_of(column) == ValueClass::text && rank_in("places", column.name))
                parts.push_back(equal_text(place->column(column), *text));
        if (parts.empty()) continue;
        place->conditions.push_back(fmt::format("({})", fmt::join(parts, " OR ")));
        return true;
    }
    in_.move_to(start);
    return false;
}

/// "order 5": the row of that number.
bool Reader::read_key(Place& place) {
    const auto& keys = place.table->primary_key;
    const Column* key = keys.size() == 1 ? place.table->column(keys[0]) : nullptr;
    bool number = key && class_of(*key) == ValueClass::number && in_.next_is(Token::number);
    if (!number || !is_singular()) return false;
    place.conditions.push_back(fmt::format("{} = {}", place.column(*key), *read_number()));
    return true;
}

}  // namespace spotter::work::sql::planner
