#include "work/exercise/prompt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "work/exercise/answer.hpp"
#include "work/exercise/limits.hpp"
#include "work/prompt_template.hpp"

namespace spotter::work::exercises {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t most_words = 60;  ///< of the vocabulary in one prompt

/// The words of the topics: those that were named, then those nearest to the difficulty. `pictured`: without
/// those that have no picture.
std::vector<const Term*> suitable_words(const Assignment& assignment, bool pictured) {
    const auto& named = assignment.coverage.named;
    std::vector<const Term*> terms;
    for (const Chapter* chapter : assignment.coverage.chapters)
        for (const Term& term : chapter->terms)
            if (!(pictured && term.vague)) terms.push_back(&term);
    auto rank = [&](const Term* term) {
        bool is_named = std::find(named.begin(), named.end(), term) != named.end();
        return is_named ? -1 : std::abs(term->level - assignment.request.difficulty);
    };
    std::stable_sort(terms.begin(), terms.end(),
                     [&](const Term* a, const Term* b) { return rank(a) < rank(b); });
    if (terms.size() > most_words) terms.resize(most_words);
    return terms;
}

std::string joined(const std::vector<const Term*>& terms, std::string (*write)(const Term&)) {
    std::vector<std::string> parts;
    for (const Term* term : terms) parts.push_back(write(*term));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string parts_of(const LabelMap& map) {
    std::vector<std::string> parts;
    for (const Part& part : map.parts)
        parts.push_back(fmt::format("{} {} {}", part.term, part.place.x, part.place.y));
    return fmt::format("{}", fmt::join(parts, "; "));
}

struct Count {
    std::size_t number;
    std::string_view of;
};

Count how_many(const Request& request) {
    switch (request.type) {
        case Type::contextual_fill:
        case Type::visual_discrimination:
            return {Limits::at(limits.options, request.difficulty), "options"};
        case Type::term_matching:
            return {Limits::at(limits.pairs, request.difficulty), "pairs"};
        case Type::visual_identification:
        case Type::image_labeling:
            return {Limits::at(limits.labels, request.difficulty), "labels"};
    }
    return {limits.least_options, "options"};
}

mustache::data system_data(Tier tier, Type type) {
    mustache::data out;
    out.set("system", true);
    out.set("rich", tier != Tier::basic);
    out.set(std::string(name(type)), true);
    out.set("labels", has_labels(type));
    out.set("longest_term", std::to_string(limits.longest_term));
    out.set("longest_text", std::to_string(limits.longest_text));
    out.set("least_distance", fmt::format("{}", limits.least_distance));
    out.set("schema", std::string(schema_of(type).text()));
    return out;
}

void set_picture(mustache::data& out, const Assignment& assignment) {
    const Request& request = assignment.request;
    const LabelMap* map = assignment.picture.map;
    if (request.type == Type::visual_discrimination) {
        out.set("own_picture", request.image_url.has_value());
        out.set("pictures", joined(suitable_words(assignment, true),
                                   [](const Term& term) { return term.english.front(); }));
    } else if (has_labels(request.type)) {
        out.set("known", map != nullptr);
        out.set("unseen", map == nullptr);
        out.set("shows", map ? map->shows : "");
        out.set("parts", map ? parts_of(*map) : "");
    }
}

mustache::data user_data(Tier tier, const Assignment& assignment) {
    const Request& request = assignment.request;
    Count count = how_many(request);
    mustache::data out;
    out.set("user", true);
    out.set("type", std::string(name(request.type)));
    out.set("difficulty", std::to_string(request.difficulty));
    out.set("most_difficulty", std::to_string(most_difficulty));
    out.set("count", std::to_string(count.number));
    out.set("counted", std::string(count.of));
    set_picture(out, assignment);
    if (tier == Tier::full && !is_visual(request.type))
        out.set("suitable", joined(suitable_words(assignment, false), [](const Term& term) {
                    return fmt::format("{} = {}", term.shown(), term.english.front());
                }));
    out.set("data", without_angles(canonical_text(request)));
    return out;
}

int most_tokens(Tier tier) {
    return tier == Tier::full ? 2000 : tier == Tier::simplified ? 1500 : 1000;
}

std::string written(const mustache::data& values) {
    return render("lib/work/exercise/prompt.mustache", values);
}

}  // namespace

Prompt make_prompt(Tier tier, const Assignment& assignment) {
    Type type = assignment.request.type;
    return {written(system_data(tier, type)), written(user_data(tier, assignment)), name(type),
            schema_of(type).text(), most_tokens(tier)};
}

}  // namespace spotter::work::exercises
