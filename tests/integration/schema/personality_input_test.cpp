#include <doctest/doctest.h>

#include "integration/schema/personality.hpp"

// A request that cannot be right is refused at INSERT, in words; what the daemon would take is never refused.

namespace personality_input_test {

using namespace spotter::test;

namespace {

Said insert(const Database& db, const std::string& input) {
    return as_role(
        db, "service_role", "",
        fmt::format("insert into public.generation_requests (kind, input) values ('personality', {})",
                    input));
}

std::string one_post(const std::string& post, const std::string& more = "") {
    return fmt::format(R"({{"posts": ["I like trains and tea.", {}]{}}})", post, more);
}

std::string written(const std::string& time) {
    return one_post(fmt::format(R"({{"text": "I like trains.", "createdAt": {}}})", time));
}

}  // namespace

TEST_CASE(
    "what cannot be analysed is refused when it is inserted, and the message says where and what to do") {
    Database db = fresh_database();
    struct Bad {
        std::string input, message, hint;
    };
    const Bad all[] = {
        {"{}", "input has no posts", "Set posts to a list of texts."},
        {R"({"posts": null})", "input has no posts", "Set posts to a list of texts."},
        {R"({"posts": {}})", "posts is to be a list, and is of type object", "Set posts to a list of texts."},
        {R"({"posts": []})", "there are 0 posts", "Send 1 to 10000"},
        {R"({"posts": ["three words only", "and three more"]})", "no post has 5 words or more",
         "Add longer posts."},
        {R"({"posts": ["El año nuevo, qué"]})", "no post has 5 words or more", "Add longer posts."},
        {one_post("5"), "posts[1] is no text", "Write each post as a text"},
        {one_post("null"), "posts[1] is no text", "Write each post as a text"},
        {one_post("{}"), "posts[1] is no text", "Write each post as a text"},
        {one_post(R"({"text": ["x"]})"), "posts[1] is no text", "Write each post as a text"},
        {one_post(R"({"body": "x"})"), R"(posts[1] has a member "body", which is not known)", "Leave it out"},
        {one_post(R"("x")", R"(, "user": "ada")"), R"(input has a member "user", which is not known)",
         "Leave it out"},
        {one_post(R"("x")", R"(, "username": 5)"), "username is no text of at most 100 characters",
         "Correct it"},
        {one_post(R"("x")", fmt::format(R"(, "username": "{}")", std::string(101, 'x'))),
         "username is no text of at most 100 characters", "Correct it"},
    };
    for (const Bad& bad : all) {
        CAPTURE(bad.input);
        auto said = insert(db, literal(bad.input));
        CHECK(said.sqlstate == "22023");
        CHECK(said.message.find(bad.message) != said.message.npos);
        CHECK(said.message.find(bad.hint) != said.message.npos);
    }
}

TEST_CASE("a time that is none is refused, by the calendar") {
    Database db = fresh_database();
    for (const char* time :
         {R"("yesterday")", R"("2026-02-29")", R"("2026-13-01")", R"("2026-04-31T10:00")", "5", "{}",
          R"("2026-01-01T24:00")", R"("2026-01-01T10:00:61")", R"("2026-01-01T10:00+19:00")", R"("")",
          R"("2026-01-01T10")", R"("2026-01-01t10:00")", R"("2026-01-01 10:00Z ")"}) {
        CAPTURE(time);
        auto said = insert(db, literal(written(time)));
        CHECK(said.sqlstate == "22023");
        CHECK(said.message.find("posts[1].createdAt is no time") != said.message.npos);
    }
    for (const char* time : {"null", R"("2024-02-29")", R"("0000-02-29")", R"("2000-02-29 23:59")",
                             R"("2026-12-31T23:59:60Z")", R"("2026-01-01T10:00:00.123456+0530")"}) {
        CAPTURE(time);
        CHECK(insert(db, literal(written(time))).message == "");
    }
}

TEST_CASE("posts of every script that may have five words are taken") {
    Database db = fresh_database();
    // The last is three words by the daemon's count, which is not told apart here.
    for (const char* post : {"one two three four five", "1 2 3 4 5", "el año ya se fue", "我喜欢吃饭",
                             "5×4×3×2×1", "a,b;c d/e", "мне нравится чай и мёд", "I'd like e-bikes"}) {
        CAPTURE(post);
        CHECK(insert(db, fmt::format("jsonb_build_object('posts', jsonb_build_array({}))", literal(post)))
                  .message == "");
    }
}

TEST_CASE("10,000 posts are taken and one more is not, nor is what is larger than 5 MB as text") {
    Database db = fresh_database();
    auto posts = [&](int count) {
        return insert(
            db, fmt::format("(select jsonb_build_object('posts', jsonb_agg('I like trains and tea ' || n)) "
                            "from generate_series(1, {}) n)",
                            count));
    };
    CHECK(posts(10'000).message == "");
    auto said = posts(10'001);
    CHECK(said.sqlstate == "22023");
    CHECK(said.message.find("there are 10001 posts") != said.message.npos);
    CHECK(posts(100'000).sqlstate == "22023");

    // A post is read to its 2,000th character.
    CHECK(insert(db, "jsonb_build_object('posts', jsonb_build_array(repeat('tea ', 1024 * 1024)))").message ==
          "");
    CHECK(
        insert(db,
               "jsonb_build_object('posts', jsonb_build_array(repeat(' ', 2000) || 'I like trains and tea'))")
            .sqlstate == "22023");
    said = insert(db,
                  "jsonb_build_object('posts', jsonb_build_array('I like trains and tea' || repeat(chr(10), "
                  "3000000)))");
    CHECK(said.sqlstate == "22023");
    CHECK(said.message.find("5120 KB are the most") != said.message.npos);
}

TEST_CASE("an owner's change of what they asked is looked at as well, and other kinds are not") {
    Personality app;
    std::string id = app.ask(app.ada);
    auto said =
        as_role(app.db, "authenticated", app.ada, "update public.generation_requests set input = '{}'");
    CHECK(said.sqlstate == "22023");
    CHECK(said.message.find("input has no posts") != said.message.npos);
    CHECK(as_role(app.db, "authenticated", app.ada,
                  "insert into public.generation_requests (user_id, kind, input) "
                  "values (auth.uid(), 'training_program', '{}')")
              .ok());
}

}  // namespace personality_input_test
