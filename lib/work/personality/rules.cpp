#include "work/personality/rules.hpp"

#include "work/personality/rules/all.hpp"
#include "work/rule_table.hpp"

namespace spotter::work::persona {
namespace {

struct Entry {
    std::string_view name;
    Held full, simplified, basic;
    void (*check)(const Subject&, Findings&);
};

using enum Held;

// clang-format off
/// What is checked at which tier. Privacy is strict everywhere.
constexpr Entry table[] = {
    // name               full    simplified  basic   check
    // The shape that a reader relies on.
    {"enough_traits",     strict, strict,     strict, rule::enough_traits},
    {"trait_names",       strict, strict,     strict, rule::trait_names},
    {"trait_scores",      strict, strict,     strict, rule::trait_scores},
    {"style_figures",     strict, strict,     strict, rule::style_figures},
    // Privacy.
    {"no_quotes",         strict, strict,     strict, rule::no_quotes},
    {"no_contact_data",   strict, strict,     strict, rule::no_contact_data},
    {"nothing_sensitive", strict, strict,     strict, rule::nothing_sensitive},
    // What makes an analysis worth reading.
    {"scores_differ",     strict, noted,      noted,  rule::scores_differ},
    {"summary",           strict, strict,     noted,  rule::summary},
    {"explanations",      strict, strict,     noted,  rule::explanations},
    {"style_description", strict, strict,     noted,  rule::style_description},
    {"interests",         strict, strict,     noted,  rule::interests},
    {"topics",            strict, strict,     noted,  rule::topics},
    {"own_words",         strict, strict,     noted,  rule::own_words},
};
// clang-format on

}  // namespace

std::vector<Violation> check_rules(Tier tier, const Analysis& analysis, std::span<const Post> posts,
                                   bool merged) {
    const Subject subject{analysis, posts, merged, texts_of(analysis)};
    Findings out;
    out.begin("bounds", strict);
    rule::bounds(subject, out);
    if (out.rejected()) return out.take();
    apply(table, tier, out, subject);
    return out.take();
}

}  // namespace spotter::work::persona
