#include "work/exercise/rules.hpp"

#include "work/exercise/rules/all.hpp"
#include "work/rule_table.hpp"

namespace spotter::work::exercises {
namespace {

template <class Answer>
struct Entry {
    std::string_view name;
    Held full, simplified, basic;
    void (*check)(const Answer& answer, const Assignment& assignment, Findings& out);
};

using enum Held;

// clang-format off
/// What is checked at which tier. What makes an answer wrong is strict everywhere.
constexpr Entry<json::Value> of_every_type[] = {
    // name                     full    simplified  basic   check
    {"texts_said",              strict, strict,     strict, rule::texts_said},
    {"texts_plain",             strict, strict,     strict, rule::texts_plain},
    {"metadata_agrees",         strict, strict,     noted,  rule::metadata_agrees},
};

constexpr Entry<Fill> of_fill[] = {
    {"one_blank",               strict, strict,     strict, rule::one_blank},
    {"answer_among_options",    strict, strict,     strict, rule::answer_among_options},
    {"options_distinct",        strict, strict,     strict, rule::options_distinct},
    {"answer_not_given_away",   strict, strict,     strict, rule::answer_not_given_away},
    {"one_right_answer",        strict, strict,     strict, rule::one_right_answer},
    {"article_agrees",          strict, strict,     strict, rule::article_agrees},
    {"sentence_says_enough",    strict, strict,     noted,  rule::sentence_says_enough},
    {"options_by_difficulty",   strict, strict,     noted,  rule::options_by_difficulty},
};

constexpr Entry<Matching> of_matching[] = {
    {"enough_pairs",            strict, strict,     strict, rule::enough_pairs},
    {"terms_distinct",          strict, strict,     strict, rule::terms_distinct},
    {"pairs_one_to_one",        strict, strict,     strict, rule::pairs_one_to_one},
    {"translations_right",      strict, strict,     strict, rule::translations_right},
    {"partners_unambiguous",    strict, strict,     strict, rule::partners_unambiguous},
    {"order_hides_pairs",       strict, strict,     noted,  rule::order_hides_pairs},
    {"pairs_by_difficulty",     strict, strict,     noted,  rule::pairs_by_difficulty},
};

constexpr Entry<Discrimination> of_discrimination[] = {
    {"enough_pictures",         strict, strict,     strict, rule::enough_pictures},
    {"species_distinct",        strict, strict,     strict, rule::species_distinct},
    {"correct_among_species",   strict, strict,     strict, rule::correct_among_species},
    {"species_pictured",        strict, strict,     strict, rule::species_pictured},
    {"target_shown_once",       strict, strict,     strict, rule::target_shown_once},
    {"pictures_by_difficulty",  strict, strict,     noted,  rule::pictures_by_difficulty},
};

constexpr Entry<Labelling> of_labelling[] = {
    {"enough_labels",           strict, strict,     strict, rule::enough_labels},
    {"labels_distinct",         strict, strict,     strict, rule::labels_distinct},
    {"labels_in_picture",       strict, strict,     strict, rule::labels_in_picture},
    {"labels_apart",            strict, strict,     strict, rule::labels_apart},
    {"labels_right",            strict, strict,     strict, rule::labels_right},
    {"target_labelled",         strict, strict,     strict, rule::target_labelled},
    {"target_asked_for",        strict, strict,     strict, rule::target_asked_for},
    {"labels_by_difficulty",    strict, strict,     noted,  rule::labels_by_difficulty},
};
// clang-format on

}  // namespace

std::vector<Violation> check_rules(Tier tier, const json::Value& answer, const Assignment& assignment) {
    Findings out;
    out.begin("bounds", strict);
    rule::bounds(answer, assignment, out);
    if (out.rejected()) return out.take();

    apply(of_every_type, tier, out, answer, assignment);
    switch (assignment.request.type) {
        case Type::contextual_fill:
            apply(of_fill, tier, out, read_fill(answer), assignment);
            break;
        case Type::term_matching:
            apply(of_matching, tier, out, read_matching(answer), assignment);
            break;
        case Type::visual_discrimination:
            apply(of_discrimination, tier, out, read_discrimination(answer), assignment);
            break;
        case Type::visual_identification:
        case Type::image_labeling:
            apply(of_labelling, tier, out, read_labelling(answer), assignment);
            break;
    }
    return out.take();
}

}  // namespace spotter::work::exercises
