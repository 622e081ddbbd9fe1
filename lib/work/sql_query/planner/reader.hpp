#pragma once

#include <optional>
#include <string>
#include <vector>

#include "work/sql_query/planner/cursor.hpp"
#include "work/sql_query/planner/match.hpp"
#include "work/sql_query/planner/path.hpp"
#include "work/sql_query/planner/query.hpp"
#include "work/sql_query/question.hpp"

namespace spotter::work::sql::planner {

/// One number that a question asks for.
struct Measure {
    enum Kind { none, count, sum, average, minimum, maximum } kind = none;
    Place* place = nullptr;
    const Column* column = nullptr;  ///< of `place`; nullptr counts rows
};

/// Reads a question from left to right: what is wanted, of which table, and then one clause after the other.
/// Each `read_…` reads what it knows and returns true, or reads nothing and returns false. Where words are
/// understood but what they ask for cannot be done, it says why by `fail`, and everything ends.
class Reader {
  public:
    /// `reading`: where a number is asked for without saying of which table, several can be meant; 0 is the
    /// likeliest.
    Reader(const Question& question, std::size_t reading);

    /// The query; nullopt when there is a problem.
    std::optional<std::string> read();

    const std::string& problem() const { return problem_; }
    /// Whether there is a further reading.
    bool has_other_reading() const { return has_other_reading_; }
    /// How that was taken which could be meant in several ways.
    const std::vector<std::string>& notes() const { return notes_; }

  private:
    struct FoundColumn {
        Place* place = nullptr;
        ColumnMatch match;
    };

    /// What leads to a condition.
    struct Lead {
        bool with = false;  ///< "with price …", "that have …"
        bool of = false;    ///< "of kind …"
        bool negated = false;
    };

    // reader.cpp: one clause after the other.
    bool read_clause();
    bool read_order();
    bool read_limit();
    std::string compose();
    void compose_measure();
    void compose_rows();

    // head.cpp: what is wanted, and of what.
    bool read_head();
    bool read_measure();
    bool find_base();
    bool read_base();
    bool is_singular() const;
    bool read_modifier();
    bool read_subject();
    std::vector<const Column*> read_column_list(const Table& table);
    bool read_columns();
    bool is_ambiguous_total(const Table& table);
    bool read_measured_column();
    bool find_measured_column();

    // conditions.cpp: which rows.
    bool read_condition();
    bool read_column_condition(const Lead& lead);
    bool read_label(bool negated);
    bool read_flag(bool negated);
    bool read_date();
    bool read_amount(bool negated);
    bool read_comparative();
    bool read_name();
    bool read_whereabouts();
    bool read_key(Place& place);

    // comparisons.cpp: what a column is compared with.
    bool read_comparison(Place& place, const Column& column, const Lead& lead);
    std::optional<std::string> comparison_of_time(const std::string& column);
    std::optional<std::string> comparison_of_number(const std::string& column);
    std::optional<std::string> comparison_of_choice(const std::string& sql, const Column& column);
    std::optional<std::string> comparison_of_text(const std::string& sql, const Column& column,
                                                  const Lead& lead);
    bool sees_number_comparison() const;
    /// What is taken for a text without being asked for: it is in quotes, or has a capital letter.
    bool sees_text() const;
    bool sees_word() const;
    std::optional<std::string> read_number();
    std::optional<std::string> read_text();
    std::vector<std::string> read_labels(const Column& column);

    // relations.cpp: conditions on other tables, and what is shown of these.
    bool read_without();
    bool read_related_count();
    bool read_related();
    bool read_along();
    bool read_along_columns();
    bool show_beside(const Table& other, const std::vector<const Column*>& columns);
    bool read_owner();
    const Table* read_table();
    Place* related_place(const Table& table);
    Place* require(const Table& table, std::string_view count);
    std::optional<Path> path_to(const Table& table);

    // groups.cpp: per what.
    bool read_group();
    bool read_one_group();
    bool group_by_time(const std::string& unit);
    bool group_by_column(const FoundColumn& column);
    bool group_by_table(const Path& path);
    Place& shown_place(const Path& path);
    bool group_by_row(Place& place);

    // ranking.cpp: which first.
    bool read_superlative();
    bool rank_by_date(bool descending);
    bool read_ranking();
    bool read_ranked_by(bool descending);
    bool rank_by_own_column(Measure::Kind kind, bool descending);
    bool rank_by_named_table(Measure::Kind kind, bool descending);
    bool rank_by_related_column(Measure::Kind kind, bool descending);
    bool rank_by_other(const Table& table, Measure measure, bool descending);

    /// The places that are spoken of: the last one first, then the base, then what else is read.
    std::vector<Place*> places();
    /// The column that stands next, of the first place that has it.
    FoundColumn find_column(const std::vector<Place*>& where);

    /// Fails when the column's values cannot be sorted or told apart.
    bool can_sort(const Column& column);
    bool fail(std::string problem);
    void note(std::string text) { notes_.push_back(std::move(text)); }

    const Schema& schema_;
    TableNames names_;
    Links links_;
    Cursor in_;
    std::optional<Query> query_;
    const Table* base_ = nullptr;  ///< what the question is about
    Place* focus_ = nullptr;       ///< what was spoken of last
    Measure measure_;
    bool total_ = false;     ///< "total", which may be a count
    bool total_of_ = false;  ///< "total of", which may be the sum of a column of that name
    bool distinct_ = false;
    bool rows_shown_ = false;  ///< columns of single rows are asked for
    bool one_ = false;         ///< one row is asked for, "the latest order"
    bool few_ = false;         ///< the first few are, "the latest orders"
    bool ranked_ = false;      ///< "top": what follows "by" ranks
    int limit_ = 0;
    const std::size_t reading_;
    bool has_other_reading_ = false;
    std::string problem_;
    std::vector<std::string> notes_;
};

std::string sql_of(const Measure& measure);
std::string label_of(const Measure& measure);

}  // namespace spotter::work::sql::planner
