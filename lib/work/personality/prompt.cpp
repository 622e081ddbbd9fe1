#include "work/personality/prompt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"
#include "work/personality/answer.hpp"
#include "work/personality/limits.hpp"
#include "work/personality/quotes.hpp"
#include "work/personality/trait_names.hpp"
#include "work/prompt_template.hpp"
#include "work/words.hpp"

namespace spotter::work::persona {
namespace {

namespace mustache = kainjow::mustache;

/// What a tier shows of each post and lets an answer take.
struct Room {
    std::size_t post_characters;
    int answer_tokens;
};
Room room_at(Tier tier) {
    switch (tier) {
        case Tier::full:
            return {longest_post, 6000};
        case Tier::simplified:
            return {800, 4500};
        case Tier::basic:
            return {280, 3000};
    }
    return {280, 3000};
}

std::string render(const mustache::data& values) {
    return work::render("lib/work/personality/prompt.mustache", values);
}

std::string system_text(Tier tier) {
    mustache::data values;
    values.set("system", true);
    values.set("full", tier == Tier::full);
    values.set("rich", tier != Tier::basic);
    values.set("least_traits", std::to_string(limits::least_traits));
    values.set("most_traits", std::to_string(limits::most_traits));
    values.set("quoted_words", std::to_string(most_quoted_words));
    values.set("known_traits", fmt::format("{}", fmt::join(known_traits(), ", ")));
    values.set("schema", std::string(schema_text()));
    return render(values);
}

std::string data_block(std::string_view username, std::span<const Post> posts, std::size_t characters) {
    json::Document block(rapidjson::kObjectType);
    auto& allocator = block.GetAllocator();
    auto text = [&](std::string_view said) {
        return json::Value(said.data(), static_cast<rapidjson::SizeType>(said.size()), allocator);
    };
    if (!username.empty()) block.AddMember("username", text(username), allocator);
    json::Value list(rapidjson::kArrayType);
    for (const Post& post : posts) list.PushBack(text(excerpt(post.text, characters)), allocator);
    block.AddMember("posts", list, allocator);
    return without_angles(json::write(block));
}

}  // namespace

Prompt make_prompt(Tier tier, std::string_view username, std::span<const Post> posts) {
    const Room room = room_at(tier);
    mustache::data values;
    values.set("user", true);
    values.set("which", posts.size() == 1 ? "this post" : fmt::format("these {} posts", posts.size()));
    values.set("data", data_block(username, posts, room.post_characters));
    return {system_text(tier), render(values), "personality", schema_text(), room.answer_tokens};
}

std::string_view instructions_text() {
    static const std::string text = system_text(Tier::full);
    return text;
}

}  // namespace spotter::work::persona
