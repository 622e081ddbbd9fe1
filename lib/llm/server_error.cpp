#include "llm/server_error.hpp"

#include <algorithm>
#include <cctype>

namespace spotter::llm {
namespace {

constexpr std::size_t max_message = 300;
/// A piece of the prompt of twice this length or more is never repeated.
constexpr std::size_t quoted_piece = 20;

/// A member that may be a string or a number, as text.
std::string loose_text(const json::Value& value, std::string_view key) {
    if (const auto text = json::text(value, key)) return std::string(*text);
    const auto* member = json::find(value, key);
    return member && member->IsInt() ? std::to_string(member->GetInt()) : "";
}

std::string detail_text(const json::Value& document) {
    const auto* detail = json::find(document, "detail");
    if (!detail) return "";
    if (detail->IsString()) return std::string(json::view(*detail));
    if (!detail->IsArray() || detail->Empty()) return "";
    return loose_text((*detail)[0], "msg");
}

ServerError read_fields(const json::Value& object) {
    ServerError error;
    error.code = loose_text(object, "code");
    error.type = loose_text(object, "type");
    error.param = loose_text(object, "param");
    error.message = loose_text(object, "message");
    return error;
}

bool key_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '*';
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    if (what.empty()) return;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// OpenAI's and many others' keys begin "sk-"; some servers quote the one they refuse, or half of it.
void mask_keys(std::string& text) {
    for (std::size_t at = text.find("sk-"); at != std::string::npos; at = text.find("sk-", at + 1)) {
        if (at > 0 && key_character(text[at - 1])) continue;
        std::size_t end = at + 3;
        while (end < text.size() && key_character(text[end])) ++end;
        if (end - at >= 8) text.replace(at, end - at, "[key]");
    }
}

/// Cuts `text` where it begins to repeat `prompt`.
void cut_quotation(std::string& text, std::string_view prompt) {
    for (std::size_t i = 0; i + quoted_piece <= text.size(); i += quoted_piece) {
        std::size_t in_prompt = prompt.find(std::string_view(text).substr(i, quoted_piece));
        if (in_prompt == std::string_view::npos) continue;
        while (i > 0 && in_prompt > 0 && text[i - 1] == prompt[in_prompt - 1]) --i, --in_prompt;
        text.resize(i);
        text += "[…]";
        return;
    }
}

/// Cuts at a character's boundary.
void shorten(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    text.resize(most);
}

}  // namespace

std::string ServerError::haystack() const {
    std::string all = code + " " + type + " " + message;
    std::ranges::transform(all, all.begin(), [](unsigned char c) { return std::tolower(c); });
    return all;
}

ServerError read_server_error(const json::Value& document) {
    if (document.IsArray() && !document.Empty() && document[0].IsObject())
        return read_server_error(document[0]);
    const auto* error = json::find(document, "error");
    if (error && error->IsObject()) return read_fields(*error);
    ServerError flat = read_fields(document);
    if (error && error->IsString()) flat.message = std::string(json::view(*error));
    if (flat.message.empty()) flat.message = detail_text(document);
    return flat;
}

ServerError read_server_error(std::string_view body) {
    if (const auto document = json::parse(body)) return read_server_error(*document);
    ServerError error;
    const auto start = body.find_first_not_of(" \t\r\n");
    const bool page = start == std::string_view::npos || body[start] == '<' || body[start] == '{';
    if (!page) error.message = std::string(body.substr(start, 4 * max_message));
    return error;
}

std::string safe_message(std::string message, std::string_view key, std::string_view prompt) {
    shorten(message, 4 * max_message);
    replace_all(message, key, "[key]");
    mask_keys(message);
    cut_quotation(message, prompt);
    for (char& c : message)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    shorten(message, max_message);
    return message;
}

}  // namespace spotter::llm
