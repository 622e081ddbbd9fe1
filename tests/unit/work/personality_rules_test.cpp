#include "work/personality/rules.hpp"

#include <doctest/doctest.h>

#include "personality_fixture.hpp"
#include "work/personality/limits.hpp"
#include "work/personality/prompt.hpp"
#include "work/personality/sensitive.hpp"

namespace personality_rules_test {

using namespace spotter::work;
using namespace spotter::work::persona;

namespace {

using Spoil = void (*)(Analysis&);

const std::vector<std::string> posted = {
    "My neighbour's grey cat sleeps on the warm bonnet of our old blue car every single night."};

/// "path rule" of every violation of that severity.
std::vector<std::string> found(const Analysis& analysis, Tier tier, Violation::Severity severity,
                               bool merged = false) {
    static const Input input = fixture::input(posted);
    std::vector<std::string> out;
    for (const Violation& violation : check_rules(tier, analysis, input.posts, merged))
        if (violation.severity == severity) out.push_back(violation.path + " " + violation.rule);
    return out;
}

std::vector<std::string> rejected(const Analysis& analysis, Tier tier = Tier::full) {
    return found(analysis, tier, Violation::Severity::reject);
}

Analysis spoilt(Spoil spoil) {
    Analysis analysis = fixture::analysis();
    spoil(analysis);
    return analysis;
}

/// How a rule is held at the basic tier.
enum class Basic { rejects_too, only_warns };
using enum Basic;

struct Case {
    const char* found;  ///< the path and the rule
    Basic basic;
    Spoil spoil;
};

}  // namespace

TEST_CASE("a sound analysis passes every tier without a note") {
    for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
        for (auto severity : {Violation::Severity::reject, Violation::Severity::warn})
            CHECK(found(fixture::analysis(), tier, severity).empty());
}

TEST_CASE("each rule finds what it is there for, and nothing else") {
    const Case cases[] = {
        {"/traits enough_traits", rejects_too, [](Analysis& a) { a.traits.pop_back(); }},
        {"/traits bounds", rejects_too,
         [](Analysis& a) {
             for (char c = 'a'; a.traits.size() < 13; ++c)
                 a.traits.push_back(fixture::trait(std::string(3, c), 5));
         }},
        {"/traits/1/name trait_names", rejects_too, [](Analysis& a) { a.traits[1].name = "OPENNESS"; }},
        {"/traits/1/name trait_names", rejects_too,
         [](Analysis& a) { a.traits[1].name = "Openness to experience"; }},
        {"/traits/1/name trait_names", rejects_too, [](Analysis& a) { a.traits[1].name = " - "; }},
        {"/traits/0/score trait_scores", rejects_too, [](Analysis& a) { a.traits[0].score = 0; }},
        {"/traits/0/score trait_scores", rejects_too, [](Analysis& a) { a.traits[0].score = 11; }},
        {"/communicationStyle/formality style_figures", rejects_too,
         [](Analysis& a) { a.style.formality = 101; }},
        {"/communicationStyle/enthusiasm style_figures", rejects_too,
         [](Analysis& a) { a.style.enthusiasm = -1; }},
        {"/communicationStyle/technicalLevel style_figures", rejects_too,
         [](Analysis& a) { a.style.technical_level = 1000; }},
        {"/communicationStyle/emojiUsage style_figures", rejects_too,
         [](Analysis& a) { a.style.emoji_usage = -1; }},
        {"/traits scores_differ", only_warns,
         [](Analysis& a) {
             for (Trait& trait : a.traits) trait.score = 7;
         }},
        {"/summary summary", only_warns, [](Analysis& a) { a.summary = "Nice person."; }},
        {"/traits/2/explanation explanations", only_warns,
         [](Analysis& a) { a.traits[2].explanation = "Obvious."; }},
        {"/traits/2/explanation explanations", only_warns, [](Analysis& a) { a.traits[2].explanation = ""; }},
        {"/communicationStyle/description style_description", only_warns,
         [](Analysis& a) { a.style.description = ""; }},
        {"/interests/1 interests", only_warns, [](Analysis& a) { a.interests = {"Fútbol", " futbol "}; }},
        {"/interests/0 interests", only_warns, [](Analysis& a) { a.interests = {" "}; }},
        {"/topicsAndThemes/2 topics", only_warns, [](Analysis& a) { a.topics.push_back("Weather"); }},
        {"/traits/0/explanation own_words", only_warns,
         [](Analysis& a) {
             a.traits[0].explanation =
                 "Explain each score by habits that come back in several posts: what is talked";
         }},
        {"/summary bounds", rejects_too, [](Analysis& a) { a.summary = std::string(1201, 'a'); }},
        {"/traits/0/name bounds", rejects_too, [](Analysis& a) { a.traits[0].name = std::string(61, 'a'); }},
        {"/traits/0/explanation bounds", rejects_too,
         [](Analysis& a) { a.traits[0].explanation = std::string(601, 'a'); }},
        {"/traits/0/details bounds", rejects_too,
         [](Analysis& a) { a.traits[0].details = std::string(1001, 'a'); }},
        {"/traits/0/relatedTraits bounds", rejects_too,
         [](Analysis& a) { a.traits[0].related.assign(7, "x"); }},
        {"/interests bounds", rejects_too, [](Analysis& a) { a.interests.assign(21, "x"); }},
        {"/topicsAndThemes/0 bounds", rejects_too, [](Analysis& a) { a.topics[0] = std::string(81, 'a'); }},
        {"/communicationStyle/description bounds", rejects_too,
         [](Analysis& a) { a.style.description = std::string(601, 'a'); }},
    };
    for (const Case& tried : cases) {
        CAPTURE(tried.found);
        const Analysis analysis = spoilt(tried.spoil);
        const std::vector<std::string> only = {tried.found};
        CHECK(rejected(analysis) == only);
        CHECK(rejected(analysis, Tier::basic) ==
              (tried.basic == rejects_too ? only : std::vector<std::string>{}));
        if (tried.basic == only_warns) CHECK(found(analysis, Tier::basic, Violation::Severity::warn) == only);
    }
}

TEST_CASE("no tier lets through what is private, wherever it stands") {
    struct Private {
        const char* rule;
        const char* text;
    };
    const Private cases[] = {
        {"no_quotes", "says: \"grey cat sleeps on the warm bonnet of our\", and more"},
        {"no_quotes", "the WARM bonnet of our old blue car every"},
        {"no_contact_data", "Reachable at ana@example.com for all questions"},
        {"no_contact_data", "Runs https://example.com/blog with great care"},
        {"no_contact_data", "Often speaks with @somebody about many things"},
        {"no_contact_data", "Gives out +34 612 345 678 to everybody"},
        {"nothing_sensitive", "Shows signs of depression in several posts"},
        {"nothing_sensitive", "Probably has ADHD, given the pace of it"},
        {"nothing_sensitive", "Seems to have a personality disorder of a kind"},
        {"nothing_sensitive", "Quite possibly a narcissist at heart, it seems"},
        {"nothing_sensitive", "Is likely to be diabetic, from the recipes"},
        {"nothing_sensitive", "Probably a Catholic, going by the holidays"},
        {"nothing_sensitive", "May well be gay, or so the posts suggest"},
        {"nothing_sensitive", "Writes like a Latina from the coast would"},
        {"nothing_sensitive", "Surely votes for the other party each time"},
        {"nothing_sensitive", "Parece de izquierdas por lo que cuenta"},
        {"nothing_sensitive", "Sufre de ANSIEDAD según sus mensajes diarios"},
    };
    using Place = std::pair<const char*, std::string& (*)(Analysis&)>;
    const Place places[] = {
        {"/summary", [](Analysis& a) -> std::string& { return a.summary; }},
        {"/traits/1/name", [](Analysis& a) -> std::string& { return a.traits[1].name; }},
        {"/traits/1/explanation", [](Analysis& a) -> std::string& { return a.traits[1].explanation; }},
        {"/traits/1/details", [](Analysis& a) -> std::string& { return a.traits[1].details; }},
        {"/traits/0/relatedTraits/0", [](Analysis& a) -> std::string& { return a.traits[0].related[0]; }},
        {"/interests/1", [](Analysis& a) -> std::string& { return a.interests[1]; }},
        {"/communicationStyle/description", [](Analysis& a) -> std::string& { return a.style.description; }},
        {"/topicsAndThemes/0", [](Analysis& a) -> std::string& { return a.topics[0]; }},
    };
    for (const Private& tried : cases)
        for (const auto& [path, place] : places)
            for (Tier tier : {Tier::full, Tier::simplified, Tier::basic}) {
                CAPTURE(tried.text);
                CAPTURE(path);
                Analysis analysis = fixture::analysis();
                std::string& text = place(analysis);
                text = std::string_view(path) == "/summary" ? text + " " + tried.text : tried.text;
                CHECK(rejected(analysis, tier) ==
                      std::vector<std::string>{fmt::format("{} {}", path, tried.rule)});
            }
}

TEST_CASE("eight words of a post in a row are no quotation, nine are") {
    Analysis analysis = fixture::analysis();
    analysis.traits[0].explanation = "cat sleeps on the warm bonnet of our";
    CHECK(rejected(analysis).empty());
    analysis.traits[0].explanation = "cat sleeps on the warm bonnet of our old";
    CHECK(rejected(analysis) == std::vector<std::string>{"/traits/0/explanation no_quotes"});
}

TEST_CASE("words that only look like something private pass") {
    for (const char* text :
         {"Black coffee, a white shirt and a race on Sunday", "Liberal with praise, conservative with emoji",
          "Health, sport and good food come up daily", "Socialising with old friends on weekends",
          "Adds humour to bad news and keeps calm", "Watches politics from a distance, with irony"})
        CHECK_MESSAGE(!sensitive_in(text), text);
}

TEST_CASE("a merged analysis may have equal scores and a longer summary") {
    Analysis analysis = fixture::analysis();
    for (Trait& trait : analysis.traits) trait.score = 7;
    analysis.summary = std::string(1300, 'a');
    CHECK(found(analysis, Tier::full, Violation::Severity::reject, true).empty());
    analysis.summary = std::string(1601, 'a');
    CHECK(found(analysis, Tier::full, Violation::Severity::reject, true) ==
          std::vector<std::string>{"/summary bounds"});
}

TEST_CASE("the schema's descriptions tell the numbers that the rules judge by") {
    using namespace spotter::work::persona::limits;
    const std::string schema(instructions_text());
    for (const std::string& told :
         {fmt::format("{} to {} characters", least_summary, longest_summary),
          fmt::format("{} to {} traits", least_traits, most_traits),
          fmt::format("From {} (hardly) to {} (very", least_score, most_score),
          fmt::format("{} to {} characters", least_explanation, longest_explanation),
          fmt::format("at most {} characters", longest_details),
          fmt::format("listed; at most {}.", most_related),
          fmt::format("At most {}, each once, at most {} characters", most_listed, longest_item),
          fmt::format("{} to {} characters", least_explanation, longest_description),
          fmt::format("to {} (", most_style)})
        CHECK_MESSAGE(schema.find(told) != schema.npos, told);
}

}  // namespace personality_rules_test
