#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "work/sql_query/planner/path.hpp"
#include "work/sql_query/schema.hpp"

namespace spotter::work::sql::planner {

/// A table in a query, under the name that it has there.
struct Place {
    const Table* table;
    std::string alias;
    std::vector<std::string> conditions;  ///< SQL

    /// A column of it, as an expression.
    std::string column(const Column& column) const;
};

/// A SELECT that is being put together. Expressions are SQL; places stay where they are.
class Query {
  public:
    Query(const Schema& schema, const Table& base);

    Place& base() { return joined_.front().place; }

    /// Joins what the path leads to from the base; `outer` keeps rows that have none.
    Place& join(const Path& path, bool outer);

    /// Makes it a condition on `from` that it has rows at the end of the path, or that it has none, or how
    /// many:
    /// "> 5". The conditions on the place that is returned say which rows are meant.
    Place& require(const Place& from, const Path& path, std::string_view count);
    static constexpr std::string_view some = "some", none = "none";

    /// The places whose columns can be shown and sorted by.
    std::vector<Place*> shown_places();
    /// Those and the ones that conditions read.
    std::vector<Place*> places();

    void output(std::string expression, std::string_view label = "");
    void group_by(std::string expression) { groups_.push_back(std::move(expression)); }
    void order_by(std::string expression, bool descending);
    void limit(int rows) { limit_ = rows; }
    void distinct() { distinct_ = true; }

    bool is_grouped() const { return !groups_.empty(); }
    bool is_joined() const { return joined_.size() > 1; }
    bool has_outputs() const { return !outputs_.empty(); }
    bool has_order() const { return !orders_.empty(); }
    /// Whether all that it is sorted by is among its groups, or is `measure`.
    bool sorts_by_groups_or(std::string_view measure) const;
    /// Whether all that it is sorted by is shown.
    bool sorts_by_outputs() const;

    std::string sql() const;

  private:
    std::string everything() const;
    struct Joined {
        Place place;
        std::string clause;  ///< " JOIN … ON …", or the table itself
    };
    struct Required {
        const Place* owner;
        std::deque<Place> places;  ///< along the path
        std::string from, link, count;
    };
    struct Order {
        std::string expression;
        bool descending;
    };

    std::string free_alias(const Table& table);
    std::string reference(const Place& place) const;
    std::vector<std::string> conditions_on(const Place& place) const;
    std::string condition(const Required& required) const;

    const Schema& schema_;
    std::deque<Joined> joined_;
    std::deque<Required> required_;
    std::vector<std::string> aliases_, outputs_, groups_;
    std::vector<Order> orders_;
    int limit_ = 0;
    bool distinct_ = false;
};

}  // namespace spotter::work::sql::planner
