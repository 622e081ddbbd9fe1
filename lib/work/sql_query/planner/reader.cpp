#include "work/sql_query/planner/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "work/sql_query/identifier.hpp"

namespace spotter::work::sql::planner {
namespace {

constexpr std::size_t most_words = 80;
constexpr int few_rows = 10;  ///< where it is not said how many

std::string_view function_of(Measure::Kind kind) {
    switch (kind) {
        case Measure::sum:
            return "sum";
        case Measure::average:
            return "avg";
        case Measure::minimum:
            return "min";
        case Measure::maximum:
            return "max";
        case Measure::none:
        case Measure::count:
            break;
    }
    return "count";
}

}  // namespace

std::string sql_of(const Measure& measure) {
    if (!measure.column) return "count(*)";
    return fmt::format("{}({}{})", function_of(measure.kind),
                       measure.kind == Measure::count ? "DISTINCT " : "",
                       measure.place->column(*measure.column));
}

std::string label_of(const Measure& measure) {
    if (!measure.column) return "count";
    return fmt::format("{}_{}", function_of(measure.kind), measure.column->name);
}

Reader::Reader(const Question& question, std::size_t reading)
    : schema_(question.schema()),
      names_(schema_),
      links_(schema_),
      in_(tokens_of(question.prompt)),
      reading_(reading) {}

bool Reader::fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
}

bool Reader::can_sort(const Column& column) {
    if (is_sortable(column.type)) return true;
    return fail(fmt::format("{} is of the type {}, which can be neither sorted nor told apart.", column.name,
                            column.type));
}

std::optional<std::string> Reader::read() {
    if (schema_.tables().empty())
        fail("There are no tables that may be read here: an operator grants some to the role of sql.role.");
    if (in_.tokens().size() > most_words)
        fail(fmt::format("The question has more than {} words. Ask for one thing in one sentence.",
                         most_words));
    bool understood = problem_.empty() && read_head();
    for (std::size_t before = 0; understood && problem_.empty() && !in_.at_end();) {
        before = in_.place();
        understood = read_clause() && in_.place() > before;
    }
    if (understood && problem_.empty()) {
        std::string sql = compose();
        if (problem_.empty()) return sql;
    }
    const Token* token = in_.stumble();
    fail(token
             ? fmt::format(
                   "\"{}\" is not understood here. Use the names of your tables and columns, and ask for one "
                   "thing, as in \"How many orders were placed last month per country?\"",
                   token->said)
             : "It is not said which table is meant. Name it, as in \"Show all orders\".");
    return std::nullopt;
}

bool Reader::read_clause() {
    return read_order() || read_ranking() || read_limit() || read_along_columns() || read_along() ||
           read_without() || read_related_count() || read_name() || read_group() || read_condition() ||
           read_related() || read_whereabouts() || read_owner() || read_superlative() ||
           (problem_.empty() && (in_.take("filler") || in_.take("and") || in_.take("happened")));
}

/// "sorted by price descending", "newest first".
bool Reader::read_order() {
    auto start = in_.place();
    if (in_.take("newest_first") || in_.take("oldest_first")) {
        bool descending = match_phrase("newest_first", in_.tokens(), start) > 0;
        const Column* column = date_column(*base_);
        if (!column) return fail(fmt::format("{} has no date by which it could be sorted.", base_->name));
        query_->order_by(query_->base().column(*column), descending);
        return true;
    }
    if (!in_.take("sorted")) return false;
    in_.take_all("article");
    FoundColumn found = find_column(query_->shown_places());
    if (!found.place) {
        if (measure_.kind != Measure::none && in_.take("measure")) {
            query_->order_by(sql_of(measure_), !in_.take("ascending"));
            return in_.take("descending"), true;
        }
        return fail(in_.at_end() ? "It is not said by what to sort."
                                 : fmt::format("There is no column \"{}\" to sort by.", in_.peek()->said));
    }
    if (!can_sort(*found.match.column)) return false;
    in_.skip(found.match.tokens);
    bool descending = in_.take("descending");
    if (!descending) in_.take("ascending");
    query_->order_by(found.place->column(*found.match.column), descending);
    return true;
}

/// "limit 20".
bool Reader::read_limit() {
    auto start = in_.place();
    if (in_.take("limit"))
        if (auto count = in_.take_count(); count && *count > 0) return limit_ = *count, true;
    in_.move_to(start);
    return false;
}

/// The measure, for each group; or the rows.
std::string Reader::compose() {
    if (query_->is_grouped() && measure_.kind == Measure::none) measure_.kind = Measure::count;
    if (limit_ == 0 && few_) {
        limit_ = one_ ? 1 : few_rows;
        note(fmt::format("The first {} shown.", one_ ? "is" : fmt::format("{} are", few_rows)));
    }
    if (limit_ > 0) query_->limit(limit_);
    if (measure_.kind != Measure::none)
        compose_measure();
    else
        compose_rows();
    return query_->sql();
}

void Reader::compose_measure() {
    const std::string measure = sql_of(measure_);
    query_->output(measure, label_of(measure_));
    if (query_->is_grouped() && !query_->has_order()) query_->order_by(measure, true);
    if (rows_shown_)
        fail("Single rows and numbers over several cannot be shown together. Ask for the one or the other.");
    if (!query_->sorts_by_groups_or(measure))
        fail("Rows that are counted or summed up cannot be sorted one by one. Ask for the one or the other.");
}

void Reader::compose_rows() {
    if (ranked_ && !query_->has_order()) {
        const Column* column = amount_column(*base_);
        if (!column) {
            fail(
                fmt::format("It is not said what the top is. Say it, as in \"top 5 {} by …\".", base_->name));
            return;
        }
        query_->order_by(query_->base().column(*column), true);
        note(fmt::format("The top is that of {}.", column->name));
    }
    if (query_->is_joined() && !query_->has_outputs())
        query_->output(quoted_identifier(query_->base().alias) + ".*");
    if (!distinct_) return;
    query_->distinct();
    for (const Column& column : base_->columns)
        if (!query_->has_outputs()) can_sort(column);
    if (!query_->sorts_by_outputs()) fail("Distinct values can be sorted only by what is shown of them.");
}

std::vector<Place*> Reader::places() {
    std::vector<Place*> out{focus_};
    if (focus_ != &query_->base()) out.push_back(&query_->base());
    for (Place* place : query_->places())
        if (std::find(out.begin(), out.end(), place) == out.end()) out.push_back(place);
    return out;
}

Reader::FoundColumn Reader::find_column(const std::vector<Place*>& where) {
    FoundColumn best;
    for (Place* place : where)
        if (ColumnMatch found = match_column(*place->table, in_.tokens(), in_.place());
            found.tokens > 0 && found.better_than(best.match))
            best = {place, found};
    return best;
}

}  // namespace spotter::work::sql::planner
