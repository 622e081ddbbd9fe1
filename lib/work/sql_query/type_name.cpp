#include "work/sql_query/type_name.hpp"

#include <algorithm>
#include <iterator>

namespace spotter::work::sql {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::string_view numbers[] = {"smallint", "integer",          "bigint", "numeric",
                                        "real",     "double precision", "decimal"};
constexpr std::string_view texts[] = {"text", "character varying", "character", "citext", "name", "bpchar"};
constexpr std::string_view unsortable[] = {"json", "xml",  "point",   "line",  "lseg",
                                           "box",  "path", "polygon", "circle"};
constexpr std::string_view times[] = {"date", "timestamp without time zone", "timestamp with time zone"};

}  // namespace

std::vector<std::string> parts_of_type(std::string_view type) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < type.size(); ++i) {
        if (type[i] == '"') {
            for (++i; i < type.size(); ++i) {
                if (type[i] == '"' && (i + 1 == type.size() || type[i + 1] != '"')) break;
                if (type[i] == '"') ++i;
                parts.back() += type[i];
            }
        } else if (type[i] == '.') {
            parts.emplace_back();
        } else if (type[i] == '(') {
            i = std::min(type.find(')', i), type.size() - 1);
        } else if (type[i] != '[' && type[i] != ']') {
            parts.back() += type[i];
        }
    }
    return parts;
}

bool is_sortable(std::string_view type) {
    return !is_one_of(parts_of_type(type).back(), unsortable);
}

ValueClass class_of(std::string_view type, bool has_labels) {
    if (type.ends_with("[]")) return ValueClass::array;
    if (has_labels) return ValueClass::choice;
    auto parts = parts_of_type(type);
    const std::string& name = parts.back();
    if (is_one_of(name, numbers)) return ValueClass::number;
    if (is_one_of(name, texts)) return ValueClass::text;
    if (is_one_of(name, times)) return ValueClass::time;
    if (name == "boolean") return ValueClass::boolean;
    if (name == "uuid") return ValueClass::uuid;
    if (name == "json" || name == "jsonb") return ValueClass::json;
    return ValueClass::other;
}

}  // namespace spotter::work::sql
