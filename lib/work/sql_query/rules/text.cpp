#include <fmt/format.h>

#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

/// Changes of writing direction: what is seen is then not what is there. U+202A to U+202E, U+2066 to U+2069.
bool is_direction_at(std::string_view text, std::size_t i) {
    if (i + 2 >= text.size() || text[i] != '\xE2') return false;
    return (text[i + 1] == '\x80' && text[i + 2] >= '\xAA' && text[i + 2] <= '\xAE') ||
           (text[i + 1] == '\x81' && text[i + 2] >= '\xA6' && text[i + 2] <= '\xA9');
}

/// Control characters, U+200B to U+200F, U+2060 to U+2064, U+FEFF, U+00AD: nothing that a name needs.
bool is_invisible_at(std::string_view text, std::size_t i) {
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7F) return true;
    if (text.substr(i, 2) == "\u00AD" || text.substr(i, 3) == "\uFEFF") return true;
    if (i + 2 >= text.size() || text[i] != '\xE2') return false;
    return (text[i + 1] == '\x80' && text[i + 2] >= '\x8B' && text[i + 2] <= '\x8F') ||
           (text[i + 1] == '\x81' && text[i + 2] >= '\xA0' && text[i + 2] <= '\xA4');
}

bool is_visible(std::string_view text, bool literal) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (is_direction_at(text, i) || (!literal && is_invisible_at(text, i))) return false;
    return true;
}

bool all_visible(const json::Value& value, bool literal) {
    if (value.IsString()) return is_visible(json::view(value), literal);
    if (value.IsArray()) {
        for (const json::Value& item : value.GetArray())
            if (!all_visible(item, literal)) return false;
    }
    if (value.IsObject()) {
        for (const auto& member : value.GetObject())
            if (!all_visible(member.value, literal || json::view(member.name) == "A_Const")) return false;
    }
    return true;
}

}  // namespace

/// Who reads the stored statement sees what it says.
void visible_text(const Subject& subject, Findings& out) {
    if (!all_visible(subject.select, false))
        refuse(out,
               "A name holds invisible characters, or a text changes the direction of writing. Leave those "
               "out.");
}

}  // namespace spotter::work::sql::rule
