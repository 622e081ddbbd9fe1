#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spotter::work::sql {

/// The names in a type as format_type() writes it, without modifiers and brackets: "shop.\"Order Status\"[]"
/// is
/// {"shop", "Order Status"}.
std::vector<std::string> parts_of_type(std::string_view type);

/// What can be done with a column's values.
enum class ValueClass { number, text, time, boolean, choice, uuid, array, json, other };

/// `has_labels`: an enum's.
ValueClass class_of(std::string_view type, bool has_labels);

/// Whether values of the type can be sorted, grouped and told apart.
bool is_sortable(std::string_view type);

}  // namespace spotter::work::sql
