#include "work/training_program/prompt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "work/prompt_template.hpp"
#include "work/training_program/answer.hpp"
#include "work/training_program/catalogue.hpp"
#include "work/training_program/risk.hpp"
#include "work/training_program/user_data.hpp"
#include "work/training_program/volume.hpp"

namespace spotter::work::training {
namespace {

namespace mustache = kainjow::mustache;

std::string percent(double share) {
    return fmt::format("{:.0f} %", share * 100);
}

/// "lower back, knee": the names of a set's members, as words.
template <class E, std::size_t N>
std::string listed(SetOf<E> set, const std::array<E, N>& all) {
    std::vector<std::string> names;
    for (E item : all) {
        if (!set.contains(item)) continue;
        names.emplace_back(name(item));
        std::replace(names.back().begin(), names.back().end(), '_', ' ');
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

constexpr std::array all_regions = {Region::neck,  Region::shoulder,   Region::elbow,
                                    Region::wrist, Region::upper_back, Region::lower_back,
                                    Region::hip,   Region::knee,       Region::ankle};

/// A line of text a muscle, joined: "chest 8/18/26, back …".
template <class Write>
std::string by_muscle(Write write) {
    std::vector<std::string> parts;
    for (Muscle muscle : muscles) parts.push_back(fmt::format("{} {}", name(muscle), write(muscle)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string weak_points(const Analysis& analysis) {
    std::vector<std::string> parts;
    for (const WeakPoint& weak : analysis.weak_points)
        parts.push_back(fmt::format("{} ({}, {} priority)", weak.name, weak.reason,
                                    weak.high_priority ? "high" : "moderate"));
    return parts.empty() ? "none known" : fmt::format("{}", fmt::join(parts, "; "));
}

/// What the user can do without harm, of any level up to theirs.
std::string exercises(const Profile& profile) {
    std::vector<std::string_view> names;
    for (const Exercise& exercise : catalogue())
        if (exercise.from <= profile.level && can_do(exercise, profile.equipment) &&
            !exercise.contraindicated.intersects(profile.injured))
            names.push_back(exercise.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

mustache::data limits_data(const Limits& limits) {
    mustache::data out;
    out.set("sets", fmt::format("1-{}", limits.most_sets));
    out.set("reps", fmt::format("1-{}", limits.most_reps));
    out.set("rpe", fmt::format("{:g}-{:g}", limits.least_rpe, limits.most_rpe));
    out.set("rest", fmt::format("{}-{}", limits.least_rest, limits.most_rest));
    out.set("exercises_a_day", std::to_string(limits.most_exercises));
    out.set("day_minutes", fmt::format("{}-{}", limits.least_minutes, limits.most_minutes));
    out.set("hard_rpe", fmt::format("{:g}", limits.hard_rpe));
    out.set("ceilings", fmt::format("{}", fmt::join(limits.ceiling, "/")));
    out.set("indirect", fmt::format("{:g}", limits.indirect));
    out.set("load_step", percent(limits.load_step));
    out.set("over_mav", percent(limits.over_mav));
    out.set("volume_step", percent(limits.volume_step));
    out.set("hard_day_sets", std::to_string(limits.hard_day_sets));
    out.set("loading_weeks", std::to_string(limits.loading_weeks));
    out.set("seconds_a_rep", fmt::format("{:g}", limits.seconds_a_rep));
    out.set("warm_up_minutes", std::to_string(limits.warm_up_minutes));
    return out;
}

mustache::data system_data(Tier tier, const Limits& limits) {
    mustache::data out = limits_data(limits);
    out.set("system", true);
    out.set("full", tier == Tier::full);
    out.set("simplified", tier == Tier::simplified);
    out.set("schema", std::string(schema_text(tier)));
    return out;
}

mustache::data user_data(Tier tier, const Profile& profile, const Analysis& analysis, const Limits& limits) {
    mustache::data out;
    out.set("user", true);
    out.set("weeks", std::to_string(analysis.weeks));
    out.set("week_noun", analysis.weeks == 1 ? "week" : "weeks");
    out.set("training_days", std::to_string(std::min(profile.days, limits.most_training_days)));
    out.set("minutes", std::to_string(profile.session.longest));
    out.set("unit", profile.pounds ? "lb" : "kg");
    out.set("ceiling", std::to_string(limits.ceiling_of(profile.level)));
    out.set("equipment", listed(profile.equipment, every_equipment));
    out.set("injured", !profile.injured.empty());
    out.set("injured_regions", listed(profile.injured, all_regions));
    out.set("ruled_out", fmt::format("{}", fmt::join(words_ruled_out(profile.injured), ", ")));
    out.set("injury_said_only", profile.injured.empty() && !profile.injuries_said.empty());
    out.set("landmarks", tier != Tier::basic);
    out.set("model", std::string(name(analysis.model)));
    out.set("landmark_list", by_muscle([&](Muscle muscle) {
                const Landmarks& sets = analysis.landmarks[muscle];
                return fmt::format("{}/{}/{}", sets.mev, sets.mav, sets.mrv);
            }));
    out.set("allowed", by_muscle([&](Muscle muscle) {
                double most = std::min<double>(most_sets(analysis.landmarks[muscle], limits),
                                               limits.ceiling_of(profile.level));
                return fmt::format("{}-{:.0f}", required_sets(profile, analysis, muscle), std::floor(most));
            }));
    out.set("weak_points", weak_points(analysis));
    out.set("exercises", tier == Tier::full);
    out.set("exercise_list", exercises(profile));
    out.set("data", user_data_json(tier, profile, analysis));
    return out;
}

std::string render(const mustache::data& values) {
    return work::render("lib/work/training_program/prompt.mustache", values);
}

/// Tokens that an answer may take: what a day's exercises and texts come to, with room to spare.
int most_tokens(Tier tier, const Profile& profile, const Analysis& analysis) {
    int a_day = tier == Tier::full ? 900 : tier == Tier::simplified ? 750 : 600;
    return std::min(3000 + analysis.weeks * profile.days * a_day, 32000);
}

}  // namespace

Prompt make_prompt(Tier tier, const Profile& profile, const Analysis& analysis, const Limits& limits) {
    return {render(system_data(tier, limits)), render(user_data(tier, profile, analysis, limits)),
            "training_program", schema_text(tier), most_tokens(tier, profile, analysis)};
}

}  // namespace spotter::work::training
