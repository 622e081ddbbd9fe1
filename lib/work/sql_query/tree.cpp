#include "work/sql_query/tree.hpp"

#include <algorithm>

namespace spotter::work::sql {
namespace {

constexpr std::pair<std::string_view, std::string_view> bare_types[] = {
    {"cycle_clause", "CTECycleClause"},
    {"intoClause", "IntoClause"},
    {"larg", "SelectStmt"},
    {"over", "WindowDef"},
    {"rarg", "SelectStmt"},
    {"search_clause", "CTESearchClause"},
    {"typeName", "TypeName"},
    {"withClause", "WithClause"},
};

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_place(std::string_view field) {
    return field == "location" || field == "stmt_location" || field == "stmt_len";
}

}  // namespace

std::optional<Node> node_in(const json::Value& value) {
    if (!value.IsObject() || value.MemberCount() != 1) return std::nullopt;
    const auto& member = *value.MemberBegin();
    std::string_view type = json::view(member.name);
    if (!is_upper(type.front()) || !member.value.IsObject()) return std::nullopt;
    return Node{type, member.value};
}

const json::Value* fields_of(const json::Value& value, std::string_view type) {
    auto node = node_in(value);
    return node && node->type == type ? &node->fields : nullptr;
}

std::string_view bare_type(std::string_view field) {
    for (auto [known, type] : bare_types)
        if (known == field) return type;
    return {};
}

const json::Value& list_in(const json::Value& fields, std::string_view field) {
    static const json::Value none(rapidjson::kArrayType);
    const json::Value* list = json::find(fields, field);
    return list && list->IsArray() ? *list : none;
}

std::vector<std::string_view> names_in(const json::Value& fields, std::string_view field) {
    std::vector<std::string_view> names;
    for (const json::Value& item : list_in(fields, field).GetArray()) {
        if (const json::Value* string = fields_of(item, "String"))
            names.push_back(json::text(*string, "sval").value_or(""));
        else if (fields_of(item, "A_Star"))
            names.push_back("*");
    }
    return names;
}

bool ends_with_star(const json::Value& fields, std::string_view field) {
    const json::Value& list = list_in(fields, field);
    return !list.Empty() && fields_of(list[list.Size() - 1], "A_Star");
}

bool same_fields(const json::Value& one, const json::Value& other, std::span<const std::string_view> but) {
    auto counts = [&](const auto& member) {
        std::string_view name = json::view(member.name);
        return !is_place(name) && std::find(but.begin(), but.end(), name) == but.end();
    };
    auto fields = [&](const json::Value& value) {
        return std::count_if(value.MemberBegin(), value.MemberEnd(), counts);
    };
    if (fields(one) != fields(other)) return false;
    for (const auto& member : one.GetObject()) {
        if (!counts(member)) continue;
        const json::Value* same = json::find(other, json::view(member.name));
        if (!same || !same_tree(member.value, *same)) return false;
    }
    return true;
}

bool same_tree(const json::Value& one, const json::Value& other) {
    if (one.IsObject() && other.IsObject()) return same_fields(one, other);
    if (one.IsArray() && other.IsArray())
        return std::equal(one.Begin(), one.End(), other.Begin(), other.End(), same_tree);
    return one == other;
}

}  // namespace spotter::work::sql
