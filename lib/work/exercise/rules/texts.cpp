#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>

#include "work/exercise/rules/all.hpp"
#include "work/exercise/rules/helpers.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises::rule {
namespace {

/// `visit(path, value)` with `value` and all that it holds. The depth is the schema's.
void each_value(const std::string& path, const json::Value& value,
                const std::function<void(const std::string&, const json::Value&)>& visit) {
    visit(path, value);
    if (value.IsObject())
        for (const auto& member : value.GetObject())
            each_value(fmt::format("{}/{}", path, json::view(member.name)), member.value, visit);
    if (value.IsArray())
        for (rapidjson::SizeType i = 0; i < value.Size(); ++i) each_value(element(path, i), value[i], visit);
}

/// Every text that is stored as it was answered: the topics that were asked for are stored as asked for.
void each_text(const json::Value& answer, const Assignment& assignment,
               const std::function<void(const std::string&, std::string_view)>& visit) {
    each_value("", answer, [&](const std::string& path, const json::Value& value) {
        bool is_echo = path.starts_with("/metadata/topics/") && !assignment.request.topics.empty();
        if (value.IsString() && !is_echo) visit(path, json::view(value));
    });
}

/// Texts that name something to learn: they are short.
bool is_term(std::string_view path) {
    constexpr std::string_view prose[] = {"/instructions", "/prompt", "/sentence", "/metadata"};
    return std::none_of(std::begin(prose), std::end(prose),
                        [&](std::string_view start) { return path.starts_with(start); });
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "<b", "</b", "<!": what a browser would take for a tag. "x < 3" is none.
bool has_tag(std::string_view text) {
    for (auto at = text.find('<'); at != text.npos; at = text.find('<', at + 1))
        if (at + 1 < text.size() && (is_letter(text[at + 1]) || text[at + 1] == '/' || text[at + 1] == '!'))
            return true;
    return false;
}

/// "&amp;", "&#60;"
bool has_entity(std::string_view text) {
    for (auto at = text.find('&'); at != text.npos; at = text.find('&', at + 1)) {
        auto end = text.find_first_of("; ", at);
        if (end != text.npos && text[end] == ';' && end > at + 1) return true;
    }
    return false;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return text.find(part) != text.npos; });
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

}  // namespace

void distinct(const std::vector<std::string>& texts, std::string (*path_of)(std::size_t), Findings& out) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (!seen.insert(words(texts[i])).second)
            out.reject(path_of(i),
                       fmt::format("\"{}\" stands twice but for case and accents; write another", texts[i]));
}

void bounds(const json::Value& answer, const Assignment&, Findings& out) {
    each_value("", answer, [&](const std::string& path, const json::Value& value) {
        if (value.IsArray() && value.Size() > limits.most_items)
            out.reject(path,
                       fmt::format("lists {} things; {} are the most", value.Size(), limits.most_items));
        std::size_t most = is_term(path) ? limits.longest_term : limits.longest_text;
        if (value.IsString() && characters(json::view(value)) > most)
            out.reject(path, fmt::format("is longer than {} characters", most));
    });
}

void texts_said(const json::Value& answer, const Assignment& assignment, Findings& out) {
    each_text(answer, assignment, [&](const std::string& path, std::string_view text) {
        if (words(text) == " ") out.reject(path, "says nothing; write words");
    });
}

void texts_plain(const json::Value& answer, const Assignment& assignment, Findings& out) {
    each_text(answer, assignment, [&](const std::string& path, std::string_view text) {
        const std::string folded = lower(text);
        if (has_any(folded, {"://", "www.", "javascript:", "data:", "mailto:"}))
            out.reject(path, "holds an address; write plain words");
        if (has_tag(folded) || has_entity(folded) || has_any(folded, {"```", "](", "**", "{{"}))
            out.reject(path, "holds markup; write plain text");
        if (has_control_character(text)) out.reject(path, "holds a line break or another control character");
    });
}

void metadata_agrees(const json::Value& answer, const Assignment& assignment, Findings& out) {
    const json::Value* metadata = json::find(answer, "metadata");
    if (!metadata) return;
    const Request& request = assignment.request;
    if (auto difficulty = json::integer(*metadata, "difficulty");
        difficulty && *difficulty != request.difficulty)
        out.reject("/metadata/difficulty",
                   fmt::format("is {}; the request asks for {}", *difficulty, request.difficulty));
    const json::Value* topics = json::find(*metadata, "topics");
    if (!topics || request.topics.empty()) return;
    for (rapidjson::SizeType i = 0; i < topics->Size(); ++i) {
        std::string_view topic = json::view((*topics)[i]);
        if (std::none_of(request.topics.begin(), request.topics.end(),
                         [&](const std::string& asked) { return same_words(asked, topic); }))
            out.reject(
                element("/metadata/topics", i),
                fmt::format("\"{}\" was not asked for; list topics of the request, or write null", topic));
    }
}

}  // namespace spotter::work::exercises::rule
