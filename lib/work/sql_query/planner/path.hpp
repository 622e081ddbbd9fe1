#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "work/sql_query/schema.hpp"

namespace spotter::work::sql::planner {

/// One foreign key, followed in either direction.
struct Step {
    const Table* from;
    const Table* to;
    std::vector<std::pair<std::string, std::string>> columns;  ///< of `from` and of `to`, which are equal
    bool to_many;                                              ///< one row of `from` has several of `to`
};
using Path = std::vector<Step>;

/// The foreign keys between the tables that may be read.
class Links {
  public:
    explicit Links(const Schema& schema);

    /// The shortest ways from one table to another, of two steps at most; several when they are as short.
    std::vector<Path> paths(const Table& from, const Table& to) const;

    /// What one step leads to from `table`.
    std::vector<Step> steps(const Table& table) const;

  private:
    std::multimap<const Table*, Step> steps_;
};

}  // namespace spotter::work::sql::planner
