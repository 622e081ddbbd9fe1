#pragma once

#include <string>
#include <vector>

#include "work/sql_query/names/scope.hpp"

namespace spotter::work::sql {

/// Walks a statement's queries with what is visible in each, and notes what their names stand for.
class Resolver {
  public:
    explicit Resolver(const Schema& schema) : schema_(schema) {}

    /// Reads a SELECT. `defined` is the query of a WITH clause that it is.
    Query read(const json::Value& select, Scope* outer, Cte* defined = nullptr);

    Names take() { return std::move(names_); }

  private:
    // queries.cpp
    Query read_body(const json::Value& select, Scope& with, Cte* defined);
    Weight read_with(const json::Value& with, Scope& scope);
    Weight read_cte(Cte& cte, const json::Value& fields, Scope& scope);
    Query read_set_operation(const json::Value& select, Scope& with, Cte* defined);
    Query read_values(const json::Value& select, Scope& with);
    Query read_plain(const json::Value& select, Scope& with);
    void read_targets(const json::Value& select, Scope& scope, Query& query);
    Weight read_clauses(const json::Value& select, Scope& scope, const Columns& outputs);
    Weight read_by(const json::Value& item, Scope& scope, const Columns& outputs);

    // sources.cpp. `before` is what stands to the left in the FROM clause: LATERAL and functions see it.
    Item read_from(const json::Value& item, Scope& before);
    Item read_join(const json::Value& join, Scope& before);
    Item read_table(const json::Value& range, Scope& before);
    Item read_subquery(const json::Value& range, Scope& before);
    Item read_function(const json::Value& range, Scope& before);

    // columns.cpp
    Weight read_expression(const json::Value& value, Scope& scope);
    Weight read_column(const json::Value& fields, Scope& scope);
    Weight read_bare_column(const std::string& name, const Scope& scope);
    /// The columns that "*", "orders.*" or "shop.orders.*" stands for.
    Columns star(const std::vector<std::string_view>& names, const Scope& scope) const;

    const Schema& schema_;
    Names names_;
};

}  // namespace spotter::work::sql
