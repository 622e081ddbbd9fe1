#include "work/exercise/input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/json.hpp"
#include "work/exercise/limits.hpp"
#include "work/refusal.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises {
namespace {

constexpr std::string_view members[] = {"type", "difficulty", "topics", "imageUrl", "context"};

/// A value as a message shows it.
std::string shown(const json::Value& value) {
    return excerpt(json::write(value), 60);
}

/// The member, or nullptr where there is none or null.
const json::Value* said(const json::Value& input, std::string_view key) {
    const json::Value* value = json::find(input, key);
    return value && !value->IsNull() ? value : nullptr;
}

std::optional<Error> unknown_member(const json::Value& input) {
    for (const auto& member : input.GetObject()) {
        std::string_view key = json::view(member.name);
        if (std::find(std::begin(members), std::end(members), key) == std::end(members))
            return refusal(fmt::format("The input has a member \"{}\", which is not known; known are {}.",
                                       excerpt(key, 60), fmt::join(members, ", ")),
                           "Take it out");
    }
    return std::nullopt;
}

Result<Type> read_type(const json::Value& input) {
    std::vector<std::string_view> names;
    for (Type type : types) names.push_back(name(type));
    const json::Value* value = said(input, "type");
    if (value && value->IsString())
        for (Type type : types)
            if (name(type) == json::view(*value)) return type;
    std::string problem =
        value ? fmt::format("type is {}, which is not known.", shown(*value)) : "type is missing.";
    return refusal(problem, fmt::format("Write one of {}", fmt::join(names, ", ")));
}

Result<int> read_difficulty(const json::Value& input) {
    const json::Value* value = said(input, "difficulty");
    auto number = json::integer(input, "difficulty");
    if (number && *number >= least_difficulty && *number <= most_difficulty) return *number;
    std::string problem = value ? fmt::format("difficulty is {}.", shown(*value)) : "difficulty is missing.";
    return refusal(problem,
                   fmt::format("Write a whole number from {} (first words) to {}, without quotation marks",
                               least_difficulty, most_difficulty));
}

/// Lower-case in ASCII only: what the database can do alike, whatever its locale.
std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

Result<std::string> read_topic(const json::Value& value, std::size_t index) {
    constexpr std::string_view remedy = "Write the name of a topic, such as \"colors\", or take it out";
    if (!value.IsString())
        return refusal(fmt::format("topics[{}] is {}, no text.", index, shown(value)), remedy);
    std::string_view topic = trimmed(json::view(value));
    if (topic.empty()) return refusal(fmt::format("topics[{}] is blank.", index), remedy);
    if (characters(topic) > longest_topic)
        return refusal(fmt::format("topics[{}] is longer than {} characters.", index, longest_topic),
                       "Shorten it");
    return lower(topic);
}

Result<std::vector<std::string>> read_topics(const json::Value& input) {
    std::vector<std::string> topics;
    const json::Value* value = said(input, "topics");
    if (!value) return topics;
    if (!value->IsArray())
        return refusal(fmt::format("topics is {}, no array.", shown(*value)),
                       "Write an array of texts, such as [\"colors\", \"birds\"]");
    if (value->Size() > most_topics)
        return refusal(fmt::format("topics lists {} topics.", value->Size()),
                       fmt::format("Write {} at most", most_topics));
    for (rapidjson::SizeType i = 0; i < value->Size(); ++i) {
        auto topic = read_topic((*value)[i], i);
        if (!topic) return topic.error();
        topics.push_back(std::move(*topic));
    }
    std::sort(topics.begin(), topics.end());
    topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
    return topics;
}

/// An https URL without a name and password in it, or a path from the root of the app's own site ("//" would
/// begin another site's name).
bool leads_to_a_picture(std::string_view text) {
    if (text.size() > longest_url) return false;
    if (text.starts_with('/'))
        return !text.starts_with("//") && boost::urls::parse_origin_form(text).has_value();
    auto url = boost::urls::parse_uri(text);
    return url && url->scheme_id() == boost::urls::scheme::https && !url->encoded_host().empty() &&
           !url->has_userinfo();
}

Result<std::optional<std::string>> read_image_url(const json::Value& input) {
    std::optional<std::string> none;
    const json::Value* value = said(input, "imageUrl");
    if (!value) return none;
    if (value->IsString() && leads_to_a_picture(json::view(*value)))
        return std::optional(std::string(json::view(*value)));
    return refusal(
        fmt::format("imageUrl is {}.", shown(*value)),
        fmt::format("Write an https URL, or a path from the root of your site such as "
                    "\"/images/bird.svg\", of {} bytes at most and without a user name, or leave it out",
                    longest_url));
}

}  // namespace

std::string_view name(Type type) {
    switch (type) {
        case Type::contextual_fill:
            return "contextual_fill";
        case Type::term_matching:
            return "term_matching";
        case Type::visual_discrimination:
            return "visual_discrimination";
        case Type::visual_identification:
            return "visual_identification";
        case Type::image_labeling:
            return "image_labeling";
    }
    return "contextual_fill";
}

bool is_visual(Type type) {
    return type != Type::contextual_fill && type != Type::term_matching;
}

bool has_labels(Type type) {
    return type == Type::visual_identification || type == Type::image_labeling;
}

Result<Request> read_request(std::string_view text) {
    auto input = json::parse(text);
    if (!input)
        return refusal(fmt::format("The input is no JSON that can be read: {}.", input.error().message),
                       "Mend it");
    if (!input->IsObject())
        return refusal(
            "The input is no JSON object.",
            "Write one such as {\"type\": \"contextual_fill\", \"difficulty\": 3, \"topics\": [\"colors\"]}");
    if (auto unknown = unknown_member(*input)) return *unknown;
    auto type = read_type(*input);
    if (!type) return type.error();
    auto difficulty = read_difficulty(*input);
    if (!difficulty) return difficulty.error();
    auto topics = read_topics(*input);
    if (!topics) return topics.error();
    auto image_url = read_image_url(*input);
    if (!image_url) return image_url.error();
    if (const json::Value* context = said(*input, "context"); context && !context->IsObject())
        return refusal(fmt::format("context is {}, no object.", shown(*context)),
                       "Write an object, or leave it out");
    return Request{*type, *difficulty, std::move(*topics),
                   is_visual(*type) ? std::move(*image_url) : std::nullopt};
}

std::string canonical_text(const Request& request) {
    return fmt::format(R"({{"type":"{}","difficulty":{},"topics":{},"imageUrl":{}}})", name(request.type),
                       request.difficulty, json::quoted(request.topics),
                       request.image_url ? json::quoted(*request.image_url) : "null");
}

}  // namespace spotter::work::exercises
