#include <doctest/doctest.h>

#include <fmt/format.h>

#include <array>
#include <random>

#include "base/assets.hpp"
#include "base/json.hpp"
#include "training_fixture.hpp"
#include "work/kind.hpp"
#include "work/training_program/answer.hpp"

namespace training_program_test {

using namespace spotter;
using namespace spotter::work;
namespace fixture = spotter::work::training::fixture;

namespace {

constexpr std::array tiers = {Tier::full, Tier::simplified, Tier::basic};
const Stamp stamp{"2026-01-31T10:00:00Z", "some-model"};

std::unique_ptr<Task> task(std::string onboarding_extras = "") {
    auto read = find_kind("training_program")->read(fixture::input(std::move(onboarding_extras)));
    if (!read) FAIL(read.error().message);
    return std::move(*read);
}

std::string good_answer() {
    return training::write_program(fixture::program());
}

/// `text` with its first `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto at = text.find(from);
    if (at == text.npos) FAIL(fmt::format("no {} in the text", from));
    return text.replace(at, from.size(), to);
}

/// The rule of the first violation that rejects, or "valid".
std::string judged(std::string_view answer, Tier tier = Tier::full) {
    Verdict verdict = task()->check(tier, answer, stamp);
    for (const Violation& violation : verdict.violations)
        if (violation.severity == Violation::Severity::reject) return violation.rule;
    return "valid";
}

/// Calls `visit` with every schema of an object in `schema`.
template <class Visit>
void each_object(const json::Value& schema, Visit visit) {
    if (const json::Value* properties = json::find(schema, "properties")) {
        visit(schema);
        for (const auto& property : properties->GetObject()) each_object(property.value, visit);
    }
    if (const json::Value* items = json::find(schema, "items")) each_object(*items, visit);
}

}  // namespace

TEST_CASE("the kind is found by its name, and refuses what it cannot plan from") {
    const Kind* kind = find_kind("training_program");
    REQUIRE(kind);
    CHECK_FALSE(kind->version.empty());
    auto refused = kind->read("{}");
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == "invalid_input");
    CHECK(find_kind("no_such_kind") == nullptr);
}

TEST_CASE("a valid answer is stored without nulls, stamped, and under its documented names") {
    Verdict verdict = task()->check(Tier::full, good_answer(), stamp);
    REQUIRE(verdict.valid());
    auto content = json::parse(verdict.content);
    REQUIRE(content.has_value());
    CHECK(json::text(*content, "generatedAt") == stamp.generated_at);
    CHECK(json::text(*content, "aiModelUsed") == stamp.model);
    CHECK(json::text(*content, "programName") == "Foundations");
    CHECK((*content)["durationWeeksTotal"].IsInt());
    CHECK(json::view((*content)["phases"][0]["weeks"][0]["days"][0]["exercises"][0]["name"]) ==
          "Barbell Back Squat");
    CHECK(verdict.content.find("null") == std::string::npos);
}

TEST_CASE("the columns hold what the row keeps beside its program") {
    Verdict verdict = task()->check(Tier::full, good_answer(), stamp);
    auto columns = json::parse(verdict.columns);
    REQUIRE(columns.has_value());
    CHECK(json::text(*columns, "program_name") == "Foundations");
    CHECK(json::integer(*columns, "total_duration_weeks") == 4);
    CHECK(json::text(*columns, "periodization_model") == "linear");
    CHECK(json::text(*columns, "difficulty_level") == "Intermediate");
    CHECK((*columns)["volume_landmarks"]["chest"]["MEV"].GetInt() == 8);
    CHECK((*columns)["weak_point_analysis"].IsArray());
    const json::Value& metadata = (*columns)["metadata"];
    CHECK(json::number(metadata["enhancedUserProfile"], "trainingAge") == 1.25);
    REQUIRE(metadata["validationNotes"].Size() > 0);
    CHECK(json::view(metadata["validationNotes"][0]).starts_with("volume_low at /phases/0/weeks/0: "));
}

TEST_CASE("an answer that is rejected leaves nothing to store") {
    Verdict verdict = task()->check(Tier::full, "{}", stamp);
    CHECK_FALSE(verdict.valid());
    CHECK(verdict.content.empty());
    CHECK(verdict.columns.empty());
}

TEST_CASE("the basic tier takes a program without the enhanced blocks, and the full tier does not") {
    auto program = fixture::program();
    program.rationale = program.autoregulation = program.periodization_model = "";
    program.weekly_sets.reset();
    for (auto& phase : program.phases) phase.adaptation = phase.progression = "";
    std::string answer = training::write_program(program);
    CHECK(judged(answer, Tier::full) == "enhanced_blocks");
    CHECK(judged(answer, Tier::basic) == "valid");
}

TEST_CASE("an answer may leave out what is nullable and may say more than it was asked") {
    CHECK(
        judged(
            R"({"programName":"Plain","description":"A plain program.","durationWeeksTotal":4,"version":"1",
        "phases":[{"phaseName":"One","durationWeeks":4,"weeks":[)" +
                []() {
                    std::string weeks;
                    for (int i = 1; i <= 4; ++i)
                        weeks += fmt::format(
                            R"({}{{"weekNumber":{},"days":[{{"dayOfWeek":1,"exercises":[{{"name":"Push-Up",)"
                            R"("sets":3,"reps":12,"rest":"60 s","emoji":"x"}}]}}]}})",
                            i == 1 ? "" : ",", i);
                    return weeks;
                }() +
                "]}]}",
            Tier::basic) == "valid");
}

TEST_CASE("what the schema refuses is reported with its path") {
    struct Case {
        std::string from, to, path;
    };
    const Case cases[] = {
        {R"("durationWeeksTotal":4)", R"("durationWeeksTotal":"4")", "/durationWeeksTotal"},
        {R"("durationWeeksTotal":4)", R"("durationWeeksTotal":4.5)", "/durationWeeksTotal"},
        {R"("sets":4)", R"("sets":null)", "/phases/0/weeks/0/days/0/exercises/0/sets"},
        {R"("dayOfWeek":1)", R"("dayOfWeek":"Monday")", "/phases/0/weeks/0/days/0/dayOfWeek"},
        {R"("category":"Anchor_Lift")", R"("category":"Favourite")",
         "/phases/0/weeks/0/days/0/exercises/0/category"},
        {R"("phaseNumber":2)", R"("phaseNumber":[])", "/phases/1/phaseNumber"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.to);
        Verdict verdict = task()->check(Tier::basic, replaced(good_answer(), c.from, c.to), stamp);
        REQUIRE_FALSE(verdict.violations.empty());
        CHECK(verdict.violations[0].rule == "schema");
        CHECK(verdict.violations[0].path == c.path);
    }
    Verdict missing = task()->check(Tier::basic, R"({"programName":"A"})", stamp);
    CHECK(missing.violations.size() == 3);  // description, durationWeeksTotal, phases
}

TEST_CASE("an answer that is no program is rejected, never thrown at") {
    for (std::string answer :
         {"", " ", "null", "[]", "42", "\"text\"", "{}", "{\"phases\":{}}",
          "Here is your program:", "{\"programName\":", "\xff\xfe", "{\"a\":1}{\"b\":2}"})
        for (Tier tier : tiers) {
            CAPTURE(answer);
            CHECK(judged(answer, tier) != "valid");
        }
    CHECK(judged(std::string(100'000, '[')) == "json");
    CHECK(judged(std::string(10'000'000, 'x')) == "bounds");
    std::string flat = "[0";
    for (int i = 0; i < 60'000; ++i) flat += ",0";
    CHECK(judged(replaced(good_answer(), R"("phases":[)", R"("phases":)" + flat + "],\"x\":[")) == "bounds");
}

TEST_CASE("an answer with thousands of faults is reported by a hundred at most") {
    std::string exercises;
    for (int i = 0; i < 4000; ++i) exercises += i ? ",{}" : "{}";
    std::string answer = replaced(good_answer(), R"("exercises":[)", R"("exercises":[)" + exercises + ",");
    Verdict verdict = task()->check(Tier::basic, answer, stamp);
    CHECK_FALSE(verdict.valid());
    CHECK(verdict.violations.size() <= 100);
}

TEST_CASE("an answer damaged at random is judged and never throws") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    auto at_most = [&](std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most)(random);
    };
    const std::string answer = good_answer();
    auto one = task();
    for (int i = 0; i < 200; ++i) {
        std::string damaged = answer;
        for (std::size_t hits = at_most(3); hits-- > 0;) {
            std::size_t at = at_most(damaged.size() - 1);
            switch (at_most(3)) {
                case 0:
                    damaged[at] = static_cast<char>(at_most(255));
                    break;
                case 1:
                    damaged.erase(at, at_most(40));
                    break;
                case 2:
                    damaged.insert(at, answer, at_most(answer.size() - 1), at_most(200));
                    break;
                default:
                    damaged.resize(at + 1);
                    break;
            }
        }
        for (Tier tier : tiers) {
            Verdict verdict = one->check(tier, damaged, stamp);
            CHECK(verdict.valid() == !verdict.content.empty());
        }
    }
}

TEST_CASE("the schema keeps to what every provider's strict mode takes") {
    auto schema = json::parse(assets::read("lib/work/training_program/output.schema.json"));
    REQUIRE(schema.has_value());
    each_object(*schema, [](const json::Value& object) {
        CHECK(json::boolean(object, "additionalProperties") == false);
        CHECK(object["required"].Size() == object["properties"].MemberCount());
        for (const json::Value& name : object["required"].GetArray())
            CHECK(json::find(object["properties"], json::view(name)) != nullptr);
    });
    std::string text = json::write(*schema);
    for (std::string_view keyword : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
                                     "pattern", "format", "$ref", "oneOf", "allOf"})
        CHECK(text.find(fmt::format("\"{}\"", keyword)) == std::string::npos);
}

TEST_CASE("the builtin's plan is valid at every tier") {
    for (std::string extras :
         {"", R"(,"injuriesLimitations":"left knee, lower back")",
          R"(,"squat1RMEstimate":100,"benchPress1RMEstimate":60,"deadlift1RMEstimate":140,)"
          R"("overheadPress1RMEstimate":30)"}) {
        auto one = task(extras);
        std::string plan = one->plan();
        for (Tier tier : tiers) {
            Verdict verdict = one->check(tier, plan, {"2026-01-31T10:00:00Z", "builtin"});
            for (const Violation& violation : verdict.violations) {
                CAPTURE(violation.path);
                CAPTURE(violation.message);
                CAPTURE(violation.rule);
                CHECK(violation.severity == Violation::Severity::warn);
            }
        }
    }
}

}  // namespace training_program_test
