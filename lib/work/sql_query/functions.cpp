#include "work/sql_query/functions.hpp"

#include <unordered_set>

#include "base/assets.hpp"
#include "base/json.hpp"

namespace spotter::work::sql {
namespace {

using Set = std::unordered_set<std::string_view>;

const json::Document& file() {
    static const json::Document document =
        json::parse(assets::read("lib/work/sql_query/functions.json")).value();
    return document;
}

void add(const json::Value& names, Set& into) {
    for (const json::Value& name : names.GetArray()) into.insert(json::view(name));
}

Set every_function() {
    Set names;
    for (const auto& theme : file()["accepted"].GetObject()) add(theme.value, names);
    return names;
}

Set listed(std::string_view key) {
    Set names;
    add(*json::find(file(), key), names);
    return names;
}

}  // namespace

bool is_accepted_function(std::string_view name) {
    static const Set functions = every_function();
    return functions.contains(name);
}

std::vector<std::string_view> columns_of_function(std::string_view name) {
    std::vector<std::string_view> columns;
    if (const json::Value* names = json::find(file()["columns"], name))
        for (const json::Value& column : names->GetArray()) columns.push_back(json::view(column));
    return columns;
}

std::optional<int> length_argument(std::string_view function) {
    return json::integer(file()["lengths"], function);
}

std::optional<int> pattern_argument(std::string_view function) {
    return json::integer(file()["patterns"], function);
}

std::optional<int> path_argument(std::string_view function) {
    return json::integer(file()["paths"], function);
}

bool is_accepted_type(std::string_view name) {
    static const Set types = listed("types");
    return types.contains(name);
}

bool is_catalogue_type(std::string_view name) {
    static const Set types = listed("catalogue_types");
    return types.contains(name);
}

}  // namespace spotter::work::sql
