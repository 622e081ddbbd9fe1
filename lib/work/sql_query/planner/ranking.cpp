#include <fmt/format.h>

#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/planner/time_span.hpp"

namespace spotter::work::sql::planner {

/// "latest", "last 10", "oldest", "cheapest", "most expensive".
bool Reader::read_superlative() {
    auto start = in_.place();
    bool about_time = read_time_span(in_).has_value();
    in_.move_to(start);
    bool column = match_column(*base_, in_.tokens(), start).tokens > 1;  // "first name"
    if (about_time || column) return false;
    for (bool descending : {true, false})
        if (in_.take(descending ? "newest" : "oldest")) return rank_by_date(descending);
    const Adjective* adjective = nullptr;
    bool most = in_.take("most") || in_.take("highest");
    if (most || in_.take("fewest") || in_.take("lowest"))
        adjective = in_.take_adjective("adjectives");
    else if ((adjective = in_.take_adjective("superlatives")))
        most = true;
    const Column* ranked = adjective ? column_of(*adjective, *base_) : nullptr;
    if (!ranked) return in_.move_to(start), false;
    query_->order_by(query_->base().column(*ranked), most == adjective->descending);
    return few_ = true;
}

bool Reader::rank_by_date(bool descending) {
    const Column* date = date_column(*base_);
    if (!date) return fail(fmt::format("{} has no date that tells the latest from the oldest.", base_->name));
    query_->order_by(query_->base().column(*date), descending);
    if (auto count = in_.take_count()) limit_ = *count;
    note(fmt::format("The {} are those by {}.", descending ? "latest" : "oldest", date->name));
    return few_ = true;
}

/// "with the most orders", "has the highest salary".
bool Reader::read_ranking() {
    auto start = in_.place();
    in_.take("with");
    bool descending = in_.take("most") || in_.take("highest");
    if ((descending || in_.take("fewest") || in_.take("lowest")) && read_ranked_by(descending)) return true;
    in_.move_to(start);
    return false;
}

/// "price", "number of orders", "orders", "order total", "revenue".
bool Reader::read_ranked_by(bool descending) {
    auto start = in_.place();
    in_.take_all("article");
    // A column may be called "total"; where another is named behind that, it is a sum.
    const ColumnMatch own = match_column(*base_, in_.tokens(), in_.place());
    const bool alone = match_column(*base_, in_.tokens(), in_.place() + own.tokens).quality < 2;
    if (alone && rank_by_own_column(Measure::sum, descending)) return true;
    auto kind = Measure::sum;
    if (in_.take("average"))
        kind = Measure::average;
    else if (in_.take("count"))
        kind = Measure::count;
    else if (const bool total = in_.sees("total"); in_.take("sum"))
        total_of_ = total && in_.tokens()[in_.place() - 1].text == "of";
    in_.take_all("article");
    if (rank_by_own_column(kind, descending) || rank_by_named_table(kind, descending) ||
        rank_by_related_column(kind, descending))
        return true;
    in_.move_to(start);
    return false;
}

bool Reader::rank_by_own_column(Measure::Kind kind, bool descending) {
    ColumnMatch own = match_column(*base_, in_.tokens(), in_.place());
    if (own.quality < 2 || kind != Measure::sum || !can_sort(*own.column)) return false;
    in_.skip(own.tokens);
    query_->order_by(query_->base().column(*own.column), descending);
    return few_ = true;
}

/// By the number of rows of another table, or by a column of it.
bool Reader::rank_by_named_table(Measure::Kind kind, bool descending) {
    auto start = in_.place();
    const Table* other = read_table();
    if (!other) return false;
    ColumnMatch column = match_column(*other, in_.tokens(), in_.place());
    if (kind != Measure::count && column.tokens > 0 && class_of(*column.column) == ValueClass::number) {
        in_.skip(column.tokens);
        return rank_by_other(*other, {kind, nullptr, column.column}, descending);
    }
    if (kind == Measure::average) return in_.move_to(start), false;
    if (kind == Measure::sum && is_ambiguous_total(*other)) return false;
    in_.take("count");
    return rank_by_other(*other, {Measure::count, nullptr, nullptr}, descending);
}

/// By a column of rows that belong to the base's.
bool Reader::rank_by_related_column(Measure::Kind kind, bool descending) {
    ColumnMatch best;
    const Table* owner = nullptr;
    for (const Step& step : links_.steps(*base_))
        if (ColumnMatch found = match_column(*step.to, in_.tokens(), in_.place());
            step.to_many && found.better_than(best) && class_of(*found.column) == ValueClass::number)
            best = found, owner = step.to;
    if (!owner || kind == Measure::count) return false;
    in_.skip(best.tokens);
    note(fmt::format("It is measured by {} of {}.", best.column->name, owner->name));
    return rank_by_other(*owner, {kind, nullptr, best.column}, descending);
}

/// A row of the base for each, with what its rows of `table` come to.
bool Reader::rank_by_other(const Table& table, Measure measure, bool descending) {
    auto path = path_to(table);
    if (!path) return false;
    if (measure_.kind != Measure::none)
        return fail("Two numbers are asked for at once. Ask for one of them.");
    measure.place = focus_ = &query_->join(*path, false);
    measure_ = measure;
    if (!group_by_row(query_->base())) return false;
    query_->order_by(sql_of(measure_), descending);
    return few_ = true;
}

}  // namespace spotter::work::sql::planner
