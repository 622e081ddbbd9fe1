#include "work/training_program/rules.hpp"

#include "work/rule_table.hpp"
#include "work/training_program/rules/all.hpp"

namespace spotter::work::training {
namespace {

struct Entry {
    std::string_view name;
    Held full, simplified, basic;
    Rule check;
};

using enum Held;

// clang-format off
/// What is checked at which tier. Safety is strict everywhere.
constexpr Entry table[] = {
    // name                  full    simplified  basic   check
    // The shape that a reader of the program relies on.
    {"weeks_add_up",         strict, strict,     strict, rule::weeks_add_up},
    {"weeks_granted",        strict, strict,     strict, rule::weeks_granted},
    {"weeks_in_order",       strict, strict,     strict, rule::weeks_in_order},
    {"names",                strict, strict,     strict, rule::names},
    {"days_in_week",         strict, strict,     strict, rule::days_in_week},
    {"prescription",         strict, strict,     strict, rule::prescription},
    {"days_available",       strict, strict,     strict, rule::days_available},
    // Safety.
    {"injuries",             strict, strict,     strict, rule::injuries},
    {"equipment",            strict, strict,     strict, rule::equipment},
    {"volume_ceiling",       strict, strict,     strict, rule::volume_ceiling},
    {"load_step",            strict, strict,     strict, rule::load_step},
    {"rest_day",             strict, strict,     strict, rule::rest_day},
    // What makes a program a good one.
    {"muscle_recovery",      strict, strict,     noted,  rule::muscle_recovery},
    {"session_length",       strict, strict,     noted,  rule::session_length},
    {"volume_step",          strict, strict,     noted,  rule::volume_step},
    {"description",          strict, strict,     noted,  rule::description},
    {"enhanced_blocks",      strict, strict,     off,    rule::enhanced_blocks},
    {"phase_blocks",         strict, strict,     off,    rule::phase_blocks},
    {"interventions",        strict, strict,     off,    rule::interventions},
    {"work_every_day",       strict, strict,     noted,  rule::work_every_day},
    {"anchor_lift",          strict, strict,     off,    rule::anchor_lift},
    {"volume_minimum",       strict, strict,     noted,  rule::volume_minimum},
    {"volume_landmarks",     strict, strict,     noted,  rule::volume_landmarks},
    {"effort_by_phase",      strict, strict,     off,    rule::effort_by_phase},
    {"effort_in_deload",     strict, strict,     off,    rule::effort_in_deload},
    // Notes for whoever reads the row's validationNotes.
    {"volume_low",           noted,  noted,      noted,  rule::volume_low},
    {"volume_as_stated",     noted,  noted,      off,    rule::volume_as_stated},
    {"push_pull_balance",    noted,  noted,      noted,  rule::push_pull_balance},
    {"deload_due",           noted,  noted,      noted,  rule::deload_due},
    {"deload_halves",        noted,  noted,      noted,  rule::deload_halves},
    {"exercise_order",       noted,  noted,      off,    rule::exercise_order},
    {"injuries_understood",  noted,  noted,      noted,  rule::injuries_understood},
    {"known_exercises",      noted,  noted,      noted,  rule::known_exercises},
};
// clang-format on

}  // namespace

std::vector<Violation> check_rules(Tier tier, const Program& program, const Profile& profile,
                                   const Analysis& analysis, const Limits& limits) {
    Findings out;
    out.begin("bounds", strict);
    rule::bounds(program, limits, out);
    if (out.rejected()) return out.take();

    const Subject subject(program, profile, analysis, limits);
    apply(table, tier, out, subject);
    return out.take();
}

}  // namespace spotter::work::training
