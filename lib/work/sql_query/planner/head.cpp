#include <fmt/format.h>

#include <algorithm>

#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/planner/time_span.hpp"
#include "work/sql_query/planner/words.hpp"

namespace spotter::work::sql::planner {
namespace {

constexpr std::pair<std::string_view, Measure::Kind> measures[] = {{"count", Measure::count},
                                                                   {"average", Measure::average},
                                                                   {"minimum", Measure::minimum},
                                                                   {"maximum", Measure::maximum},
                                                                   {"sum", Measure::sum}};

}  // namespace

/// What is wanted, and of which table.
bool Reader::read_head() {
    in_.take_all("polite");
    if (in_.sees("per")) return fail("Begin with what you want to know, and say per what at the end.");
    if (!read_measure()) {
        in_.take("list");
        in_.take_all("filler");
        read_measure();
    }
    if (!find_base()) return read_measured_column();
    while (read_modifier()) {
    }
    return measure_.kind > Measure::count ? read_measured_column() : read_subject();
}

bool Reader::read_measure() {
    auto start = in_.place();
    const bool total = in_.sees("total");
    for (auto [sense, kind] : measures) {
        if (!in_.take(sense)) continue;
        total_of_ = total && in_.tokens()[in_.place() - 1].text == "of";
        in_.take_all("filler");
        if (in_.take_adjective("adjectives")) {  // the "highest paid" are rows
            in_.move_to(start);
            return false;
        }
        measure_.kind = kind;
        total_ = kind == Measure::sum && total;
        return true;
    }
    return false;
}

/// The table that the question is about: the first that it names, though not behind a "per".
bool Reader::find_base() {
    TableMatch best;
    bool behind_per = false;
    for (std::size_t at = in_.place(); at < in_.tokens().size(); ++at) {
        if (match_phrase("per", in_.tokens(), at) > 0) {
            behind_per = true;
            continue;
        }
        TableMatch found = names_.match(in_.tokens(), at);
        if (found.tokens == 0) continue;
        // What a comment hints at gives way to what is named later on.
        bool hint = best.table && best.quality == 1 && found.quality > 1;
        if (!behind_per && (!best.table || hint)) best = found;
        behind_per = false;
        at += found.tokens - 1;
    }
    if (!best.table) return false;
    base_ = best.table;
    focus_ = &query_.emplace(schema_, *base_).base();
    return true;
}

/// The base's name, where it stands next.
bool Reader::read_base() {
    TableMatch found = names_.match(in_.tokens(), in_.place());
    if (found.tokens == 0 || found.table != base_) return false;
    in_.skip(found.tokens);
    one_ = is_singular();
    return true;
}

/// Whether the noun that was just read stands for one.
bool Reader::is_singular() const {
    const std::string& noun = in_.tokens()[in_.place() - 1].text;
    bool plural = noun.ends_with('s') && !noun.ends_with("us") && !noun.ends_with("ss");
    return !plural && !rank_in("plurals", noun);
}

/// "all", "5", "top 5", "distinct", "latest", "most expensive", "pending", "active".
bool Reader::read_modifier() {
    if (in_.at_end() || !problem_.empty()) return false;
    if (in_.take("distinct")) return distinct_ = true;
    auto start = in_.place();
    if (in_.take("top")) {
        limit_ = in_.take_count().value_or(0);
        return ranked_ = few_ = true;
    }
    if (read_superlative()) return true;
    if (auto count = measure_.kind == Measure::none ? in_.take_count() : std::nullopt; count && *count > 0)
        return limit_ = *count, true;
    in_.move_to(start);
    if (names_.match(in_.tokens(), in_.place()).table == base_) return false;
    bool negated = in_.take("not");
    if (read_label(negated) || read_flag(negated)) return true;
    in_.move_to(start);
    return in_.take("all") || in_.take("filler");
}

/// "users", "user emails", "names and emails of all users".
bool Reader::read_subject() {
    if (read_base()) {
        if (!read_key(query_->base())) read_columns();
        return problem_.empty();
    }
    auto start = in_.place();
    if (read_columns()) {  // "… of all users", "… do users have"
        in_.take("of");
        while (read_modifier()) {
        }
        if (read_base()) return true;
    }
    in_.move_to(start);
    return false;
}

/// "name", "the name and email".
std::vector<const Column*> Reader::read_column_list(const Table& table) {
    auto behind = in_.place();
    std::vector<const Column*> columns;
    do {
        in_.take_all("article");
        ColumnMatch found = match_column(table, in_.tokens(), in_.place());
        if (found.tokens == 0) break;
        columns.push_back(found.column);
        in_.skip(found.tokens);
        behind = in_.place();
    } while (in_.take("and"));
    in_.move_to(behind);
    return columns;
}

/// Columns of the base that are to be shown or, when they are to be distinct, counted.
bool Reader::read_columns() {
    if (measure_.kind == Measure::count && !distinct_) return false;
    auto start = in_.place();
    std::vector<const Column*> columns = read_column_list(*base_);
    auto behind = in_.place();
    // In "orders placed last week" and "products price over 5" the column begins a condition.
    bool condition = !in_.at_end() && (in_.sees("comparison") || read_time_span(in_));
    in_.move_to(behind);
    if (columns.empty() || condition || (measure_.kind == Measure::count && columns.size() > 1)) {
        in_.move_to(start);
        return false;
    }
    for (const Column* column : columns)
        if (distinct_ && !can_sort(*column)) return false;
    if (measure_.kind == Measure::count) {
        measure_.place = &query_->base();
        measure_.column = columns.front();
    } else {
        for (const Column* column : columns) query_->output(query_->base().column(*column));
        rows_shown_ = true;
    }
    return true;
}

/// Where no table is named, the column that is named tells it.
bool Reader::find_measured_column() {
    std::vector<std::pair<const Table*, ColumnMatch>> found;
    for (const Table& table : schema_.tables())
        if (ColumnMatch column = match_column(table, in_.tokens(), in_.place());
            column.tokens > 0 && class_of(*column.column) == ValueClass::number)
            found.emplace_back(&table, column);
    std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
        if (one.second.better_than(other.second)) return true;
        return !other.second.better_than(one.second) && one.first < other.first;  // in the schema's order
    });
    has_other_reading_ = found.size() > reading_ + 1;
    if (found.size() <= reading_) return false;
    const ColumnMatch& column = found[reading_].second;
    base_ = found[reading_].first;
    focus_ = &query_.emplace(schema_, *base_).base();
    note(fmt::format("\"{}\" is {} of {}.", in_.peek()->said, column.column->name, base_->name));
    if (measure_.kind == Measure::none) measure_.kind = Measure::sum;
    return true;
}

/// "total of orders", where these have a column of that name; then it has said so.
bool Reader::is_ambiguous_total(const Table& table) {
    const ColumnMatch column = match_column(table, tokens_of("total"), 0);
    if (!total_of_ || column.quality < 2) return false;
    fail(fmt::format(
        "\"total of {0}\" may be their number, or the sum of {1}; say \"number of {0}\" or \"sum of "
        "{1}\".",
        table.name, column.column->name));
    return true;
}

/// "price of products", "order total", "revenue": what is summed up.
bool Reader::read_measured_column() {
    in_.take_all("article");
    if (measure_.kind == Measure::count || in_.at_end() || (!base_ && !find_measured_column())) return false;
    bool named = read_base();
    ColumnMatch found = match_column(*base_, in_.tokens(), in_.place());
    if (found.tokens == 0) {  // "total orders" are counted
        if (!named || !total_) return false;
        if (is_ambiguous_total(*base_)) return false;
        measure_.kind = Measure::count;
        return true;
    }
    ValueClass values = class_of(*found.column);
    bool extreme = measure_.kind == Measure::minimum || measure_.kind == Measure::maximum;
    if (values != ValueClass::number && !(extreme && values == ValueClass::time))
        return fail(fmt::format("{} holds no numbers that could be summed up.", found.column->name));
    in_.skip(found.tokens);
    measure_.place = &query_->base();
    measure_.column = found.column;
    auto behind = in_.place();
    if (!named && in_.take("of")) {
        while (read_modifier()) {
        }
        if (!read_base()) in_.move_to(behind);
    }
    return true;
}

}  // namespace spotter::work::sql::planner
