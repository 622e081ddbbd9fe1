#include "llm/repair.hpp"

#include "base/json.hpp"

namespace spotter::llm {
namespace {

/// Braces in prose that begin no object. A reply with more of them is not worth reading.
constexpr int max_false_starts = 16;

struct Candidate {
    std::string text;        ///< without trailing commas
    std::size_t length = 0;  ///< in the reply
};

/// Takes a comma off the end of `text`, with the blanks behind it, if it follows a value.
void drop_trailing_comma(std::string& text) {
    const auto comma = text.find_last_not_of(" \t\r\n");
    if (comma == std::string::npos || text[comma] != ',') return;
    const auto before = text.find_last_not_of(" \t\r\n", comma - 1);
    const char last = text[before];
    if (last != '{' && last != '[' && last != ',') text.resize(comma);
}

/// From the brace at the start of `reply` to the one that closes it. Strings are passed over.
std::optional<Candidate> balanced(std::string_view reply) {
    Candidate candidate;
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < reply.size(); ++i) {
        const char c = reply[i];
        if (in_string) {
            candidate.text += c;
            if (c == '\\' && i + 1 < reply.size())
                candidate.text += reply[++i];
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '}' || c == ']') drop_trailing_comma(candidate.text);
        candidate.text += c;
        if (c == '"') in_string = true;
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0) {
            candidate.length = i + 1;
            return candidate;
        }
        if (depth > json::max_depth) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> json_object_in(std::string_view reply) {
    std::optional<std::string> found;
    int false_starts = 0;
    for (auto at = reply.find('{'); at != std::string_view::npos; at = reply.find('{', at)) {
        auto candidate = balanced(reply.substr(at));
        if (candidate && json::parse(candidate->text)) {
            if (found) return std::nullopt;
            found = std::move(candidate->text);
            at += candidate->length;
        } else if (++false_starts > max_false_starts) {
            return std::nullopt;
        } else {
            ++at;
        }
    }
    return found;
}

}  // namespace spotter::llm
