#pragma once

#include <algorithm>
#include <functional>

#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {

/// What an expression costs whoever plans it. A column of a subquery costs what its expression does: the
/// planner puts that in wherever the column is named.
struct Weight {
    double nodes = 0;  ///< of its tree; a node whose value is long counts as one more for each 1,000 bytes
    double bytes = 0;  ///< about the longest that its value gets; what a table holds counts as one

    Weight& operator+=(const Weight& other) {
        nodes += other.nodes;
        bytes += other.bytes;
        return *this;
    }
};

inline Weight heavier(const Weight& one, const Weight& other) {
    return {std::max(one.nodes, other.nodes), std::max(one.bytes, other.bytes)};
}

/// About the longest that a number gets which is made of a text of so many bytes.
double bytes_as_number(double bytes);

/// What `node`, an expression, costs. `read` tells what a part of it does.
Weight weigh(const Node& node, const std::function<Weight(const json::Value&)>& read);

}  // namespace spotter::work::sql
