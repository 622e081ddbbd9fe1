#include <doctest/doctest.h>

#include "integration/schema/personality.hpp"

// Document 4, line 103, hasSignificantChanges: only what says something new is worth a version.

namespace personality_changed_test {

using namespace spotter::test;

namespace {

std::string traits(const std::string& list, const std::string& more = "") {
    return fmt::format(R"({{"summary": "s", "traits": [{}]{}}})", list, more.empty() ? "" : ", " + more);
}

std::string trait(const std::string& name, const std::string& score) {
    return fmt::format(R"({{"name": "{}", "score": {}}})", name, score);
}

struct Change {
    const char* what;
    std::string before, after;
    bool significant;
};

const std::string one = traits(trait("Humor", "5"));

const Change changes[] = {
    {"nothing", one, one, false},
    {"a trait up by 1", one, traits(trait("Humor", "6")), false},
    {"a trait up by 2", one, traits(trait("Humor", "7")), true},
    {"a trait down by 2", one, traits(trait("Humor", "3")), true},
    {"a trait up by nearly 2", one, traits(trait("Humor", "6.9")), false},
    {"a trait in capitals", one, traits(trait("HUMOR", "5")), false},
    {"a trait under another name", one, traits(trait("Wit", "5")), true},
    {"one trait more", one, traits(trait("Humor", "5") + ", " + trait("Optimism", "5")), true},
    {"one trait fewer", traits(trait("Humor", "5") + ", " + trait("Optimism", "5")), one, true},
    {"the order of traits", traits(trait("A", "1") + ", " + trait("B", "9")),
     traits(trait("B", "9") + ", " + trait("A", "1")), false},
    {"two traits of many", traits(trait("A", "1") + ", " + trait("B", "4") + ", " + trait("C", "9")),
     traits(trait("A", "2") + ", " + trait("B", "6") + ", " + trait("C", "9")), true},
    {"no traits", traits(""), traits(""), false},
    {"the first trait", traits(""), one, true},
    {"another summary", one, R"({"summary": "t", "traits": [{"name": "Humor", "score": 5}]})", false},
    {"more posts", traits("", R"("postsAnalysed": 5)"), traits("", R"("postsAnalysed": 900)"), false},
    {"a tone that turned", traits("", R"("emotionalTone": "positive")"),
     traits("", R"("emotionalTone": "mixed")"), true},
    {"a flag that turned", traits("", R"("isFormal": true)"), traits("", R"("isFormal": false)"), true},
    {"a flag that stays", traits("", R"("isFormal": true)"), traits("", R"("isFormal": true)"), false},
    {"a flag that came", one, traits(trait("Humor", "5"), R"("isFormal": false)"), true},
    {"a flag that went", traits(trait("Humor", "5"), R"("isFormal": false)"), one, true},
    {"a score that came", traits(trait("Humor", "null")), one, true},
    {"a score that is a text", one, traits(trait("Humor", R"("5")")), true},
    {"scores that neither has", traits(trait("Humor", "null")), traits(trait("Humor", R"("many")")), false},
    {"traits without names", traits(R"(5, null, "x", {"score": 3})"), traits("[]"), false},
    {"an analysis over nonsense", "[]", one, true},
    {"an analysis over none", R"({"traits": {}})", one, true},
    {"nonsense over itself", R"({"a": 1})", R"({"a": 1})", false},
    {"nonsense over other nonsense", R"({"a": 1})", R"({"a": 2})", true},
};

}  // namespace

TEST_CASE(
    "a change of an analysis is significant when a trait moved by 2 of 10, or a trait or a flag came, went "
    "or turned") {
    Database db = fresh_database();
    for (const Change& change : changes) {
        CAPTURE(change.what);
        CHECK(value(db, fmt::format("select spotter.personality_changed({}, {})", literal(change.before),
                                    literal(change.after))) == (change.significant ? "t" : "f"));
    }
    CHECK(value(db, "select spotter.personality_changed(null, null)") == "f");
    CHECK(value(db, "select spotter.personality_changed(null, '{}')") == "t");
}

}  // namespace personality_changed_test
