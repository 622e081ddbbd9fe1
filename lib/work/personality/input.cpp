#include "work/personality/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/json.hpp"
#include "work/refusal.hpp"
#include "work/words.hpp"

namespace spotter::work::persona {
namespace {

constexpr std::size_t longest_username = 100;  ///< characters

/// What is wrong with a part of the input; nothing when it is sound.
using Problem = std::optional<Error>;

Problem unknown_member(const json::Value& object, std::string_view where, std::string_view first,
                       std::string_view second) {
    for (const auto& member : object.GetObject()) {
        std::string_view name = json::view(member.name);
        if (name != first && name != second)
            return refusal(
                fmt::format("{} has a member \"{}\", which is not known.", where, excerpt(name, 60)),
                fmt::format("Leave it out; {} and {} are what is read", first, second));
    }
    return {};
}

Problem read_time(const json::Value& entry, std::size_t place, Post& post) {
    const json::Value* said = json::find(entry, "createdAt");
    if (!said || said->IsNull()) return {};
    if (said->IsString()) post.written = read_moment(json::view(*said));
    if (post.written) return {};
    return refusal(fmt::format("posts[{}].createdAt is no time.", place),
                   "Write it like 2026-01-31T10:00:00Z or leave it out");
}

Problem read_post(const json::Value& entry, std::size_t place, Post& post) {
    const json::Value* text = &entry;
    if (entry.IsObject()) {
        if (auto problem = unknown_member(entry, fmt::format("posts[{}]", place), "text", "createdAt"))
            return problem;
        if (auto problem = read_time(entry, place, post)) return problem;
        text = json::find(entry, "text");
    }
    if (!text || !text->IsString())
        return refusal(fmt::format("posts[{}] is no text.", place),
                       "Write each post as a text, or as an object with a text and, if you like, createdAt");
    post.text = first_characters(json::view(*text), longest_post);
    post.read = read_text(post.text);
    return {};
}

Problem read_username(const json::Value& input, std::string& username) {
    const json::Value* said = json::find(input, "username");
    if (!said || said->IsNull()) return {};
    if (!said->IsString() || characters(json::view(*said)) > longest_username)
        return refusal(fmt::format("username is no text of at most {} characters.", longest_username),
                       "Correct it or leave it out");
    username = json::view(*said);
    return {};
}

void leave_what_counts(std::vector<Post>& posts) {
    std::unordered_set<std::string> seen;
    std::erase_if(posts, [&](const Post& post) {
        return post.read.counts.words < static_cast<int>(least_words) || !seen.insert(post.read.words).second;
    });
}

void put_in_order(std::vector<Post>& posts) {
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const Post& post : posts) {
        if (post.written) last = post.written->seconds;
        order.emplace_back(last, order.size());
    }
    std::sort(order.begin(), order.end());
    std::vector<Post> sorted;
    sorted.reserve(posts.size());
    for (auto [seconds, place] : order) sorted.push_back(std::move(posts[place]));
    posts = std::move(sorted);
}

void choose_evenly(std::vector<Post>& posts, std::size_t most) {
    if (posts.size() <= most) return;
    const std::size_t last = posts.size() - 1;
    for (std::size_t i = 0; i < most; ++i) {
        std::size_t chosen = i * last / (most - 1);
        if (chosen != i) posts[i] = std::move(posts[chosen]);
    }
    posts.resize(most);
}

Problem read_posts(const json::Value& list, std::vector<Post>& posts) {
    if (!list.IsArray()) return refusal("posts is no list.", "Set posts to a list of texts");
    if (list.Empty()) return refusal("There are no posts to analyse.", "Set posts to a list of texts");
    if (list.Size() > most_given)
        return refusal(fmt::format("There are {} posts.", list.Size()),
                       fmt::format("Send at most {}, the newest for instance", most_given));
    posts.resize(list.Size());
    for (rapidjson::SizeType i = 0; i < list.Size(); ++i)
        if (auto problem = read_post(list[i], i, posts[i])) return problem;
    leave_what_counts(posts);
    if (posts.empty())
        return refusal(
            fmt::format("No post has {} words or more; links, mentions and emoji are no words.", least_words),
            "Add longer posts");
    put_in_order(posts);
    choose_evenly(posts, most_analysed);
    return {};
}

}  // namespace

Result<Input> read_input(std::string_view text) {
    if (text.size() > largest_input)
        return refusal(
            fmt::format("The input takes {:.1f} MB.", static_cast<double>(text.size()) / 1024 / 1024),
            fmt::format("Send at most {} MB, the newest posts for instance", largest_input / 1024 / 1024));
    auto document = json::parse(text);
    if (!document)
        return refusal(fmt::format("The input is no JSON: {}.", document.error().message), "Correct it");
    if (!document->IsObject())
        return refusal("The input is no JSON object.", "Write it as {\"posts\": [\"a text\", \"another\"]}");
    if (auto problem = unknown_member(*document, "The input", "posts", "username")) return *problem;
    const json::Value* list = json::find(*document, "posts");
    if (!list || list->IsNull()) return refusal("The input has no posts.", "Set posts to a list of texts");

    Input input;
    input.given = list->IsArray() ? list->Size() : 0;
    if (auto problem = read_username(*document, input.username)) return *problem;
    if (auto problem = read_posts(*list, input.posts)) return *problem;
    return input;
}

std::vector<std::string_view> words_of(std::span<const Post> posts) {
    std::vector<std::string_view> out;
    for (const Post& post : posts) out.push_back(post.read.words);
    return out;
}

}  // namespace spotter::work::persona
