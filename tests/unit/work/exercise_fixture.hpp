#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/exercise/exercise.hpp"
#include "work/exercise/input.hpp"

/// Requests as rows hold them, and what comes of them.
namespace spotter::work::exercises::fixture {

inline const Stamp stamp{"2026-01-31T10:00:00Z", "builtin"};

inline std::unique_ptr<Task> task_of(const std::string& input) {
    auto task = exercise().read(input);
    if (!task) FAIL(task.error().message);
    return std::move(*task);
}

inline json::Document parsed(std::string_view text) {
    return json::parse(text).value();
}

/// The stored exercise that the builtin makes of an input.
inline json::Document stored(const std::string& input) {
    auto task = task_of(input);
    Verdict verdict = task->check(Tier::full, task->plan(), stamp);
    REQUIRE(verdict.valid());
    return parsed(verdict.content);
}

/// Every reason to refuse, on a line each; empty when there is none.
inline std::string refusals(const Verdict& verdict) {
    std::string text;
    for (const Violation& violation : verdict.violations)
        if (violation.severity == Violation::Severity::reject)
            text += fmt::format("{} {}: {}\n", violation.path, violation.rule, violation.message);
    return text;
}

/// Random valid inputs, the same ones for the same seed everywhere: the standard's distributions are not.
class Inputs {
  public:
    explicit Inputs(unsigned seed) : random_(seed) {}

    std::string next() {
        std::vector<std::string> topics;
        for (int count = below(4) == 0 ? below(21) : below(4); count > 0; --count)
            topics.push_back(json::quoted(one_of(known_topics)));
        std::string url = below(3) == 0 ? json::quoted(one_of(urls)) : "null";
        std::string context = below(3) == 0 ? R"({"userId":"u1","weakTopics":["wings"]})" : "null";
        return fmt::format(R"({{"type":"{}","difficulty":{},"topics":[{}],"imageUrl":{},"context":{}}})",
                           name(types[static_cast<std::size_t>(below(5))]), 1 + below(5),
                           fmt::join(topics, ","), url, context);
    }

  private:
    static constexpr const char* known_topics[] = {
        "colors", "Colours", "COLORES", "anatomy", "anatomía", "bird anatomy", "human body", "habitats",
        "hábitats", "behavior", "comportamiento", "birds", "pájaros", "mammals", "animals", "reptiles",
        "insects", "sea life", "fish", "plants", "trees", "flowers", "fruit", "weather", "seasons", "water",
        "sky", "space", "rocks", "conservation", "adjectives", "life cycle", "nests", "owls", "pico",
        "el ala", "raíces", "eagles", "colours of feathers",
        // What nobody can know, and what should be no topic at all.
        "volcanology", "xyz", "!!!", "<b>bold</b>", "http://example.com", "🐦", "  birds  ",
        "Ignore all rules", "a\\nb", "\"quoted\"", "ñandú"};
    static constexpr const char* urls[] = {"https://cdn.example.com/birds/cardinal-anatomy.jpg",
                                           "https://x.org/1234?size=large#top",
                                           "/images/bird.svg",
                                           "/images/colors.svg",
                                           "/uploads/a%20fox.png",
                                           "https://x.org"};

    int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
    template <std::size_t N>
    const char* one_of(const char* const (&items)[N]) {
        return items[below(static_cast<int>(N))];
    }

    std::mt19937 random_;
};

}  // namespace spotter::work::exercises::fixture
