#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "work/sql_query/planner/comparison.hpp"
#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/stems.hpp"

namespace spotter::work::sql::planner {
namespace {

/// The columns of the keys along a path, "created_by".
std::string keys_of(const Path& path) {
    std::vector<std::string> names;
    for (const Step& step : path)
        for (const auto& [from, to] : step.columns) names.push_back(step.to_many ? to : from);
    return fmt::format("{}", fmt::join(names, ", "));
}

/// True when the question says a word of the path's keys beyond those of the tables that they join.
bool is_said(const Path& path, const std::vector<Token>& tokens) {
    for (const std::string& word : stems(keys_of(path)))
        for (const Token& token : tokens)
            if (word != "id" && token.stem == word && path.back().to->name.find(word) == std::string::npos)
                return true;
    return false;
}

}  // namespace

/// A table other than the base, by its name.
const Table* Reader::read_table() {
    TableMatch found = names_.match(in_.tokens(), in_.place());
    // A "Sales" in the middle of a sentence is not "daily_sales".
    bool likely = !sees_text() || found.quality > 3;
    if (found.tokens == 0 || found.table == base_ || !likely) return nullptr;
    in_.skip(found.tokens);
    return found.table;
}

/// How the base is joined to `table`; fails when it is not, or in several ways of which none is said.
std::optional<Path> Reader::path_to(const Table& table) {
    auto paths = links_.paths(*base_, table);
    if (paths.empty()) {
        fail(fmt::format("{} and {} are not linked by a foreign key.", base_->name, table.name));
        return std::nullopt;
    }
    std::vector<Path> said;
    for (const Path& path : paths)
        if (paths.size() == 1 || is_said(path, in_.tokens())) said.push_back(path);
    if (said.size() == 1) return said.front();
    fail(fmt::format("{} is linked to {} in several ways. Say whether you mean {} or {}.", base_->name,
                     table.name, keys_of(paths[0]), keys_of(paths[1])));
    return std::nullopt;
}

/// Makes rows of `table` a condition on what was spoken of last, when only that is linked to them directly,
/// or else on the base; nullptr when there is no such link.
Place* Reader::require(const Table& table, std::string_view count) {
    auto of_focus = links_.paths(*focus_->table, table);
    auto of_base = links_.paths(*base_, table);
    bool nearer =
        of_focus.size() == 1 && of_focus[0].size() == 1 && (of_base.empty() || of_base[0].size() > 1);
    if (nearer) return &query_->require(*focus_, of_focus[0], count);
    auto path = path_to(table);
    return path ? &query_->require(query_->base(), *path, count) : nullptr;
}

/// Where conditions on `table` go: to where it is read already, or to rows of it that there must be.
Place* Reader::related_place(const Table& table) {
    for (Place* place : places())
        if (place->table == &table && place != &query_->base()) return place;
    return require(table, Query::some);
}

/// "without orders", "that have no reviews"; of a column, "without email".
bool Reader::read_without() {
    auto start = in_.place();
    if (!in_.take("without")) return false;
    in_.take_all("article");
    FoundColumn column = find_column(places());
    TableMatch table = names_.match(in_.tokens(), in_.place());
    if (column.place && column.match.tokens >= table.tokens && column.match.quality > 1) {
        in_.skip(column.match.tokens);
        column.place->conditions.push_back(column.place->column(*column.match.column) + " IS NULL");
        return true;
    }
    if (const Table* other = read_table()) {
        Place* place = require(*other, Query::none);
        if (place) focus_ = place;
        return place != nullptr;
    }
    in_.move_to(start);
    return false;
}

/// "with more than 5 orders", "that have at least one review".
bool Reader::read_related_count() {
    constexpr std::pair<std::string_view, std::string_view> comparisons[] = {
        {"at_least", ">="}, {"at_most", "<="}, {"greater", ">"}, {"less", "<"}, {"exactly", "="}};
    auto start = in_.place();
    in_.take("with");
    for (auto [sense, sign] : comparisons) {
        if (!in_.take(sense)) continue;
        auto count = in_.take_count();
        const Table* other = count ? read_table() : nullptr;
        if (!other) break;
        Place* place = require(*other, fmt::format("{} {}", sign, *count));
        if (place) focus_ = place;
        return place != nullptr;
    }
    in_.move_to(start);
    return false;
}

/// "with their orders", "and their users": rows of both, side by side.
bool Reader::read_along() {
    auto start = in_.place();
    const Table* other = in_.take("along") ? read_table() : nullptr;
    if (!other || measure_.kind != Measure::none) return in_.move_to(start), false;
    std::vector<const Column*> columns;
    for (const Column& column : other->columns) columns.push_back(&column);
    return show_beside(*other, columns);
}

/// "with customer name", "with their product's name and price": these alone of the rows beside it. Where more
/// is said of the last one it is a condition.
bool Reader::read_along_columns() {
    auto start = in_.place();
    bool with = measure_.kind == Measure::none && (in_.take("along") || in_.take("with"));
    in_.take_all("article");
    const Table* other = with ? read_table() : nullptr;
    std::vector<const Column*> columns = other ? read_column_list(*other) : std::vector<const Column*>();
    bool ends =
        in_.at_end() || in_.sees("sorted") || in_.sees("where") || in_.sees("limit") || in_.sees("and");
    if (columns.empty() || !ends) return in_.move_to(start), false;
    return show_beside(*other, columns);
}

bool Reader::show_beside(const Table& other, const std::vector<const Column*>& columns) {
    auto path = path_to(other);
    if (!path) return false;
    if (!query_->has_outputs())
        for (const Column& column : base_->columns) query_->output(query_->base().column(column));
    Place& place = query_->join(*path, true);
    for (const Column* column : columns)
        query_->output(place.column(*column), fmt::format("{}_{}", other.name, column->name));
    focus_ = &place;
    return rows_shown_ = true;
}

/// "of users", "with orders", "in the category Books", "where the user is Ana", "of order 5".
bool Reader::read_related() {
    auto start = in_.place();
    if (!in_.take("with") && !in_.take("of") && !in_.take("where")) return false;
    in_.take_all("article");
    const Table* other = read_table();
    if (!other) return in_.move_to(start), false;
    Place* place = related_place(*other);
    if (!place) return false;
    focus_ = place;
    if (read_key(*place)) return true;
    const Column* name = name_column(*other);
    bool column = match_column(*other, in_.tokens(), in_.place()).tokens > 0;
    bool said = in_.take("equal");
    if (column || !name || !(said || sees_text())) return true;
    if (auto text = read_text()) place->conditions.push_back(equal_text(place->column(*name), *text));
    return true;
}

/// "orders of Ana": the one thing that such a row belongs to, by its name.
bool Reader::read_owner() {
    auto start = in_.place();
    auto text = in_.take("owned_by") && sees_text() ? read_text() : std::nullopt;
    for (Place* place : {focus_, &query_->base()}) {
        std::vector<Step> owners;
        for (const Step& step : links_.steps(*place->table))
            if (!step.to_many && name_column(*step.to)) owners.push_back(step);
        if (!text || owners.size() != 1) continue;
        const Column* name = name_column(*owners[0].to);
        Place& owner = query_->require(*place, {owners[0]}, Query::some);
        owner.conditions.push_back(equal_text(owner.column(*name), *text));
        note(fmt::format("\"{}\" is {} of {}.", *text, name->name, owner.table->name));
        focus_ = &owner;
        return true;
    }
    in_.move_to(start);
    return false;
}

}  // namespace spotter::work::sql::planner
