#include "work/personality/input.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "personality_fixture.hpp"

namespace personality_input_test {

using namespace spotter::work::persona;

namespace {

/// The message for the row's owner; empty when there is nothing wrong.
std::string refused(const std::string& input) {
    auto read = read_input(input);
    if (read) return "";
    CHECK(read.error().code == "invalid_input");
    CHECK(read.error().message.ends_with("then set generation_status to 'pending' again."));
    return read.error().message;
}

bool says(const std::string& message, std::string_view part) {
    CAPTURE(message);
    return message.find(part) != message.npos;
}

std::vector<std::string> texts(const Input& input) {
    std::vector<std::string> out;
    for (const Post& post : input.posts) out.push_back(post.text);
    return out;
}

}  // namespace

TEST_CASE("posts are texts, or objects with a text and a time") {
    Input input = read_input(R"({"username":"ana","posts":["one two three four five",
        {"text":"six seven eight nine ten","createdAt":"2026-01-31T10:00:00Z"},
        {"text":"and some more words here","createdAt":null}]})")
                      .value();
    CHECK(input.username == "ana");
    CHECK(input.given == 3);
    REQUIRE(input.posts.size() == 3);
    CHECK(input.posts[1].written->hour == 10);
    CHECK_FALSE(input.posts[2].written.has_value());
}

TEST_CASE("what is wrong with an input is said with its place") {
    CHECK(says(refused("{"), "no JSON"));
    CHECK(says(refused("[]"), "no JSON object"));
    CHECK(says(refused("{}"), "has no posts"));
    CHECK(says(refused(R"({"posts":null})"), "has no posts"));
    CHECK(says(refused(R"({"posts":"text"})"), "posts is no list"));
    CHECK(says(refused(R"({"posts":[]})"), "no posts to analyse"));
    CHECK(says(refused(R"({"posts":["one two three four five",7]})"), "posts[1] is no text"));
    CHECK(says(refused(R"({"posts":[null]})"), "posts[0] is no text"));
    CHECK(says(refused(R"({"posts":[["a"]]})"), "posts[0] is no text"));
    CHECK(says(refused(R"({"posts":[{"createdAt":"2026-01-31"}]})"), "posts[0] is no text"));
    CHECK(says(refused(R"({"posts":[{"text":7}]})"), "posts[0] is no text"));
    CHECK(says(refused(R"({"posts":[{"text":"a","createdAt":"soon"}]})"), "posts[0].createdAt is no time"));
    CHECK(
        says(refused(R"({"posts":[{"text":"a","createdAt":1769853600}]})"), "posts[0].createdAt is no time"));
    CHECK(says(refused(R"({"posts":[{"text":"a","likes":3}]})"), R"(posts[0] has a member "likes")"));
    CHECK(says(refused(R"({"posts":["a"],"user":"ana"})"), R"(The input has a member "user")"));
    CHECK(says(refused(R"({"posts":["a"],"username":7})"), "username is no text"));
    CHECK(says(refused(R"({"posts":["a"],"username":")" + std::string(101, 'x') + R"("})"),
               "username is no text"));
}

TEST_CASE("posts of fewer than five words do not count, and an owner who has only such is told") {
    CHECK(
        says(refused(fixture::input_of({"only three words", "not five words either 😀 @ana https://a.com"})),
             "No post has 5 words or more"));
    CHECK(says(
        refused(fixture::input_of({"", "   ", "😀😀😀😀😀😀", "http://a.com http://b.com http://c.com x y"})),
        "No post has 5 words or more"));
    Input input = fixture::input({"too short", "but this one has five"});
    CHECK(texts(input) == std::vector<std::string>{"but this one has five"});
    CHECK(input.given == 2);
}

TEST_CASE("posts of the same words count once") {
    Input input = fixture::input(
        {"I love my new bike", "i LOVE my new bike!!! 😀 https://a.com", "I love my old bike"});
    CHECK(texts(input) == std::vector<std::string>{"I love my new bike", "I love my old bike"});
}

TEST_CASE("too much is refused before it is read") {
    CHECK(says(refused(fixture::input_of(std::vector<std::string>(100'000, "a b c d e"))),
               "There are 100000 posts"));
    CHECK(says(refused(fixture::input_of({std::string(6 * 1024 * 1024, 'a')})), "takes 6.0 MB"));
    CHECK(refused(fixture::input_of(fixture::numbered(10'000))) == "");
    CHECK(says(refused(fixture::input_of(fixture::numbered(10'001))), "at most 10000"));
}

TEST_CASE("of a long post the beginning counts, cut between characters") {
    std::string five = "one two three four five ";
    Input input = fixture::input({five + std::string(4 * 1024 * 1024, 'a')});
    CHECK(input.posts[0].text.size() == longest_post);
    std::string accents = five;
    for (int i = 0; i < 3000; ++i) accents += "é";
    input = fixture::input({accents});
    CHECK(input.posts[0].text.size() == five.size() + 2 * (longest_post - five.size()));
    CHECK(input.posts[0].text.ends_with("é"));
}

TEST_CASE("of many posts a thousand are taken, evenly and with both ends") {
    Input input = fixture::input(fixture::numbered(2500));
    CHECK(input.given == 2500);
    REQUIRE(input.posts.size() == most_analysed);
    std::vector<int> numbers;
    for (const Post& post : input.posts) numbers.push_back(std::stoi(post.text.substr(20)));
    CHECK(numbers.front() == 0);
    CHECK(numbers.back() == 2499);
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        CHECK(numbers[i] - numbers[i - 1] >= 2);
        CHECK(numbers[i] - numbers[i - 1] <= 3);
    }
    CHECK(texts(fixture::input(fixture::numbered(2500))) == texts(input));
    CHECK(fixture::input(fixture::numbered(1001)).posts.back().text == fixture::numbered(1001).back());
    CHECK(fixture::input(fixture::numbered(1000)).posts.size() == 1000);
}

TEST_CASE("posts with times come into their order, and one without stays behind its neighbour") {
    Input input = read_input(R"({"posts":[
        {"text":"written third of all these","createdAt":"2026-01-03"},
        "said right after the third",
        {"text":"written first of all these","createdAt":"2026-01-01T23:00:00-05:00"},
        {"text":"written second of all these","createdAt":"2026-01-02T05:00:00Z"}]})")
                      .value();
    CHECK(texts(input) ==
          std::vector<std::string>{"written first of all these", "written second of all these",
                                   "written third of all these", "said right after the third"});
}

TEST_CASE("the newest post is always among those that are taken") {
    std::string posts;
    for (int i = 0; i < 1500; ++i)
        posts +=
            fmt::format(R"({}{{"text":"this is post number {}","createdAt":"2025-01-01T{:02}:{:02}:00Z"}})",
                        i ? "," : "", i, i / 60 % 24, i % 60);
    std::string newest = R"(,{"text":"the newest of all posts","createdAt":"2026-01-01"})";
    for (const std::string& input :
         {R"({"posts":[)" + posts + newest + "]}", R"({"posts":[)" + newest.substr(1) + "," + posts + "]}"})
        CHECK(read_input(input).value().posts.back().text == "the newest of all posts");
}

}  // namespace personality_input_test
