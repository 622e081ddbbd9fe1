#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.hpp"

/// Walking a parse tree as libpg_query writes it: a node is an object of one member, {"ColumnRef": {fields}},
/// but where a field can only be of one type: there the node's fields stand bare, "typeName": {fields}.
namespace spotter::work::sql {

struct Node {
    std::string_view type;      ///< as in Postgres' parsenodes.h, "ColumnRef"
    const json::Value& fields;  ///< an object; what is zero, false or empty is left out
};

/// What `value` is, if it is a node and not just a list or the fields of one.
std::optional<Node> node_in(const json::Value& value);

/// The fields of `value` when it is a node of that type, else nullptr.
const json::Value* fields_of(const json::Value& value, std::string_view type);

/// The type of what stands bare in a field of this name, "TypeName" for "typeName"; empty where nothing does.
std::string_view bare_type(std::string_view field);

/// The list in a field; an empty one where there is none.
const json::Value& list_in(const json::Value& fields, std::string_view field);

/// What the names in a list of String nodes are, "public", "orders"; "*" for a star.
std::vector<std::string_view> names_in(const json::Value& fields, std::string_view field);

/// Whether the list of names in a field ends with a star, and not with the name "*".
bool ends_with_star(const json::Value& fields, std::string_view field);

/// True when both trees say the same, wherever in a text their words stand.
bool same_tree(const json::Value& one, const json::Value& other);

/// The same of the fields of two nodes, whatever they have in the fields `but`.
bool same_fields(const json::Value& one, const json::Value& other,
                 std::span<const std::string_view> but = {});

/// Shows `visit(Node)` every node in `tree`, a node before what is in it.
template <class Visit>
void each_node(const json::Value& tree, const Visit& visit) {
    if (tree.IsArray())
        for (const json::Value& item : tree.GetArray()) each_node(item, visit);
    if (!tree.IsObject()) return;
    if (auto node = node_in(tree)) visit(*node);
    for (const auto& member : tree.GetObject()) {
        std::string_view type = bare_type(json::view(member.name));
        if (!type.empty() && !node_in(member.value)) visit(Node{type, member.value});
        each_node(member.value, visit);
    }
}

}  // namespace spotter::work::sql
