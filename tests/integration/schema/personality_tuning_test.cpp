#include <doctest/doctest.h>

#include "integration/schema/personality.hpp"

// Document 4, lines 290 to 341: what users make of their analysis.

namespace personality_tuning_test {

using namespace spotter::test;

namespace {

struct Tuned : Personality {
    Tuned() { save(ada); }
    /// What the owner says, as PostgREST lets them.
    Said tune(const std::string& tuning) const {
        return as_role(db, "authenticated", ada,
                       fmt::format("select public.tune_personality(auth.uid(), {})", literal(tuning)));
    }
    std::string read(const std::string& expression) const {
        auto said = as_role(db, "authenticated", ada,
                            fmt::format("select ({})::text from public.tuned_personality()", expression));
        REQUIRE(said.rows.size() == 1);
        return said.rows[0][0].c_str();
    }
};

}  // namespace

TEST_CASE("a tuned analysis has its scores moved, its interests weighed, and its style as it was set") {
    Tuned app;
    auto said = app.tune(R"({"traitModifiers": {"Openness": -2, "Humor": 1.5, "Patience": 2},
                             "interestWeights": {"dogs": 0, "cats": 90, "chess": 70, "sailing": 80},
                             "customInterests": ["chess", "trains", "go"],
                             "style": {"formality": 80, "emojiUsage": 100}})");
    REQUIRE(said.message == "");
    CHECK(app.read("analysis") == said.rows[0][0].c_str());
    CHECK(app.read("jsonb_path_query_array(analysis, '$.traits[*].score')") == "[5, 5]");
    CHECK(app.read("analysis -> 'interests'") == R"(["cats", "chess", "trains", "go"])");
    CHECK(
        app.read("analysis -> 'communicationStyle'") ==
        R"({"formality": 80, "emojiUsage": 100, "enthusiasm": 20, "description": "Plain.", "technicalLevel": 10})");
    CHECK(app.read("analysis ->> 'summary'") == "Writes about trains.");
    CHECK(app.read("tuning #> '{style,formality}'") == "80");
    CHECK(app.read("version || ' ' || is_stale") == "1 false");
    CHECK(app.read("age between 0 and 60") == "true");
    // What a row is answered with is the analysis as it was made.
    CHECK(app.entry(app.ada, "content #> '{traits,0,score}'") == "7");
}

TEST_CASE("scores stay within 1 and 10") {
    Tuned app;
    app.save(app.ada, analysis(10, 1));
    CHECK(app.tune(R"({"traitModifiers": {"Openness": 2, "Humor": -2}})").ok());
    CHECK(app.read("jsonb_path_query_array(analysis, '$.traits[*].score')") == "[10, 1]");
}

TEST_CASE("document 4, line 341: a reset gives the analysis as it is cached") {
    Tuned app;
    for (const char* nothing : {"'{}'", "null"}) {
        CHECK(app.tune(R"({"traitModifiers": {"Openness": -2}})").ok());
        CHECK(app.read("analysis #> '{traits,0,score}'") == "5");
        auto said = as_role(app.db, "authenticated", app.ada,
                            fmt::format("select public.tune_personality(auth.uid(), {})", nothing));
        CHECK(said.rows[0][0].c_str() == app.entry(app.ada, "content"));
        CHECK(app.read("analysis") == app.entry(app.ada, "content"));
        CHECK(app.read("tuning") == "{}");
    }
}

TEST_CASE("a new analysis keeps the tuning, and so does one that was trimmed and made again") {
    Tuned app;
    CHECK(app.tune(R"({"traitModifiers": {"Openness": -2}})").ok());
    app.save(app.ada, analysis(4));
    CHECK(app.read("analysis #> '{traits,0,score}'") == "2");
    CHECK(value(app.db, "select spotter.personality_trim(0, null, 10)") == "1");
    CHECK(app.tune(R"({"traitModifiers": {"Openness": 1}})").rows[0][0].is_null());
    app.save(app.ada, analysis(8));
    CHECK(app.read("analysis #> '{traits,0,score}'") == "9");

    sql(app.db, fmt::format("delete from auth.users where id = '{}'", app.ada));
    CHECK(value(app.db, "select count(*) from public.personality_tuning") == "0");
}

TEST_CASE("what is tuned replaces what was tuned before") {
    Tuned app;
    CHECK(app.tune(R"({"traitModifiers": {"Openness": -2}})").ok());
    CHECK(app.tune(R"({"style": {"formality": 1}})").ok());
    CHECK(app.read("analysis #> '{traits,0,score}'") == "7");
    CHECK(app.read("analysis #> '{communicationStyle,formality}'") == "1");
}

TEST_CASE("a tuning out of its ranges is refused, and says where") {
    Tuned app;
    const std::pair<std::string, std::string> refused[] = {
        {"[]", "a tuning is to be a JSON object, and is of type array"},
        {R"({"mood": 1})", R"(a tuning has no member "mood")"},
        {R"({"traitModifiers": {"Humor": 2.1}})", R"(traitModifiers of "Humor" is 2.1)"},
        {R"({"traitModifiers": {"Humor": -3}})", R"(traitModifiers of "Humor" is -3)"},
        {R"({"traitModifiers": {"Humor": "1"}})", R"(traitModifiers of "Humor" is "1")"},
        {R"({"traitModifiers": {"Humor": null}})", R"(traitModifiers of "Humor" is null)"},
        {R"({"traitModifiers": {"": 1}})", "a name in traitModifiers has 0 characters"},
        {R"({"traitModifiers": [1]})", "traitModifiers is to be an object of numbers, and is of type array"},
        {R"({"interestWeights": {"dogs": 101}})", R"(interestWeights of "dogs" is 101)"},
        {R"({"interestWeights": {"dogs": -1}})", R"(interestWeights of "dogs" is -1)"},
        {R"({"style": {"formality": 1e300}})", R"(style of "formality" is 1)"},
        {R"({"style": {"description": 1}})", R"(style has a member "description", which is not known)"},
        {R"({"style": null})", "style is to be an object of numbers, and is of type null"},
        {R"({"customInterests": "chess"})", "customInterests is no list of interests"},
        {R"({"customInterests": ["chess", 5]})", "customInterests is no list of interests"},
        {R"({"customInterests": [" "]})", "customInterests is no list of interests"},
        {fmt::format(R"({{"customInterests": ["{}"]}})", std::string(81, 'x')),
         "customInterests is no list of interests"},
    };
    CHECK(app.tune(R"({"traitModifiers": {"Openness": -2}})").ok());
    for (const auto& [tuning, message] : refused) {
        CAPTURE(tuning);
        auto said = app.tune(tuning);
        CHECK(said.sqlstate == "22023");
        CHECK(said.message.find(message) != said.message.npos);
        CHECK(as_role(app.db, "authenticated", app.ada,
                      fmt::format("update public.personality_tuning set tuning = {}", literal(tuning)))
                  .sqlstate == "22023");
    }
    CHECK(app.tune(value(app.db,
                         "select jsonb_build_object('interestWeights', jsonb_object_agg(n, 1)) "
                         "from generate_series(1, 101) n"))
              .message.find("interestWeights has more than 100 members") != std::string::npos);
    CHECK(app.tune(value(app.db,
                         "select jsonb_build_object('customInterests', jsonb_agg('x' || n)) "
                         "from generate_series(1, 21) n"))
              .sqlstate == "22023");
    CHECK(app.read("tuning") == R"({"traitModifiers": {"Openness": -2}})");
}

TEST_CASE("a preview never raises, whatever analysis and tuning hold") {
    Database db = fresh_database();
    const char* nonsense[] = {
        "null",
        "'null'",
        "'[]'",
        "'5'",
        R"('{"traits": 5, "interests": {}, "communicationStyle": [1]}')",
        R"('{"traits": [5, null, [], {"name": {}, "score": 3}], "interests": [1, null, "x"]}')",
        R"('{"traitModifiers": [1], "interestWeights": 5, "customInterests": {"a": 1}, "style": []}')",
        R"('{"traitModifiers": {"x": {}}, "interestWeights": {"x": "y"}, "style": {"a": []}}')"};
    for (const char* analysis : nonsense)
        for (const char* tuning : nonsense) {
            CAPTURE(analysis);
            CAPTURE(tuning);
            CHECK_NOTHROW(sql(db, fmt::format("select public.tune_analysis({}, {})", analysis, tuning)));
        }
}

}  // namespace personality_tuning_test
