#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "work/sql_query/planner/time_span.hpp"
#include "work/sql_query/schema.hpp"

/// Conditions on a column, in SQL. `column` is the expression that reads it.
namespace spotter::work::sql::planner {

std::string within(const std::string& column, const TimeSpan& span);

/// It is one of the values, which are SQL, or none of them.
std::string one_of(const std::string& column, const std::vector<std::string>& values, bool negated);

/// It has `text` in it, between anything that `before` and `after` stand for; whatever the case of its
/// letters.
std::string like_text(const std::string& column, std::string_view before, std::string_view text,
                      std::string_view after);

/// It is `text`, whatever the case of its letters.
std::string equal_text(const std::string& column, std::string_view text);

/// It is `text`, as the type of `described` compares; nullopt where it can never be.
std::optional<std::string> equal_value(const std::string& column, const Column& described,
                                       const std::string& text);

}  // namespace spotter::work::sql::planner
