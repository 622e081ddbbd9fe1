#include "work/training_program/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "base/json.hpp"
#include "work/refusal.hpp"
#include "work/training_program/onboarding.hpp"
#include "work/training_program/said.hpp"
#include "work/words.hpp"

namespace spotter::work::training {
namespace {

constexpr std::size_t largest_input = 64 * 1024;  ///< bytes
constexpr double heaviest_lift = 600;             ///< kg: beyond every record

constexpr std::array<std::string_view, 10> goal_titles = {"Muscle Gain: General",
                                                          "Muscle Gain: Hypertrophy Focus",
                                                          "Strength Gain: Powerlifting Peak",
                                                          "Strength Gain: General",
                                                          "Endurance Improvement: Gym Cardio",
                                                          "Sport-Specific S&C: Explosive Power",
                                                          "General Fitness: Foundational Strength",
                                                          "Weight Loss: Gym Based",
                                                          "Bodyweight Mastery",
                                                          "Recomposition: Lean Mass & Fat Loss"};

constexpr std::array<std::string_view, 3> level_names = {"Beginner", "Intermediate", "Advanced"};

struct SessionName {
    std::string_view words;  ///< as `words()` gives it, without the unit
    SessionLength length;
};
constexpr SessionName sessions[] = {
    {" 30 45 ", {30, 45}}, {" 45 60 ", {45, 60}}, {" 60 75 ", {60, 75}}, {" 75 ", {75, 120}}};

Goal read_goal(Fields& in) {
    std::string remedy =
        fmt::format("Set primaryGoal to one of: {}", fmt::join(goal_titles.begin(), goal_titles.end(), "; "));
    auto said = in.text("primaryGoal", remedy);
    for (std::size_t i = 0; said && i < goal_titles.size(); ++i)
        if (words(*said) == words(goal_titles[i])) return static_cast<Goal>(i);
    in.refuse(said ? fmt::format("The onboarding's goal \"{}\" is not one we plan for.", excerpt(*said, 60))
                   : "The onboarding has no goal.",
              remedy);
    return {};
}

int read_days(Fields& in) {
    constexpr std::string_view remedy = "Set trainingFrequencyDays (2 to 7)";
    auto days = in.number("trainingFrequencyDays", remedy);
    if (!days) {
        in.refuse("The onboarding has no training days.", remedy);
        return 0;
    }
    if (*days < 2 || *days > 7 || std::floor(*days) != *days) {
        in.refuse(fmt::format("The onboarding asks for {} training days a week.", *days), remedy);
        return 0;
    }
    return static_cast<int>(*days);
}

SessionLength read_session(Fields& in) {
    constexpr std::string_view remedy =
        "Set sessionDuration to one of: 30-45 minutes; 45-60 minutes; 60-75 minutes; 75+ minutes";
    auto said = in.text("sessionDuration", remedy);
    if (said) {
        std::string heard = words(*said);
        for (std::string_view unit : {"minutes", "mins", "min"})
            if (heard.ends_with(fmt::format(" {} ", unit))) heard.resize(heard.size() - unit.size() - 1);
        for (const SessionName& session : sessions)
            if (heard == session.words) return session.length;
    }
    in.refuse(said ? fmt::format("The onboarding's session duration \"{}\" is unknown.", excerpt(*said, 60))
                   : "The onboarding has no session duration.",
              remedy);
    return {};
}

Level read_level(Fields& onboarding, Fields& profile) {
    constexpr std::string_view remedy = "Set experienceLevel to Beginner, Intermediate or Advanced";
    auto said = onboarding.text("experienceLevel", remedy);
    if (!said) said = profile.text("experience_level", remedy);
    if (!said) return Level::beginner;
    std::string heard = words(*said);
    if (heard.starts_with(" beginner ") || heard == " novice ") return Level::beginner;
    if (heard.starts_with(" intermediate ")) return Level::intermediate;
    if (heard.starts_with(" advanced ") || heard == " expert ") return Level::advanced;
    onboarding.refuse(fmt::format("The experience level \"{}\" is unknown.", excerpt(*said, 60)), remedy);
    return {};
}

bool read_pounds(Fields& onboarding, Fields& profile) {
    constexpr std::string_view remedy = "Set weightUnit to kg or lbs";
    auto said = onboarding.text("weightUnit", remedy);
    if (!said) said = profile.text("weight_unit", remedy);
    if (!said) return false;
    std::string heard = words(*said);
    if (heard == " lbs " || heard == " lb " || heard == " pounds ") return true;
    if (heard != " kg " && heard != " kgs " && heard != " kilograms ")
        onboarding.refuse(fmt::format("The weight unit \"{}\" is unknown.", excerpt(*said, 60)), remedy);
    return false;
}

/// A maximum in kg. Nought is a form's way to say nothing.
std::optional<double> read_maximum(Fields& in, std::string_view key) {
    std::string remedy = fmt::format("Correct {} or leave it out", key);
    auto maximum = in.number(key, remedy);
    if (!maximum || *maximum == 0) return std::nullopt;
    if (*maximum < 0 || *maximum > heaviest_lift) {
        in.refuse(fmt::format("The field {} is not between 0 and {} kg.", key, heaviest_lift), remedy);
        return std::nullopt;
    }
    return maximum;
}

std::string read_remark(Fields& in, std::string_view key) {
    return fmt::format(
        "{}", fmt::join(in.texts(key, fmt::format("Write {} as a text or leave it out", key)), ", "));
}

std::optional<int> read_age(Fields& profile) {
    auto age = profile.number("age", "Correct the profile's age");
    if (!age || *age < 13 || *age > 120) return std::nullopt;
    return static_cast<int>(*age);
}

void read_onboarding(Fields& in, Profile& profile) {
    profile.goal = read_goal(in);
    profile.days = read_days(in);
    profile.session = read_session(in);
    profile.equipment_said = in.texts("equipment", "List the equipment as texts, or leave the list empty");
    profile.equipment = equipment_in(profile.equipment_said);
    profile.injuries_said = read_remark(in, "injuriesLimitations");
    Injuries injuries = injuries_in(profile.injuries_said);
    if (injuries.none) profile.injuries_said.clear();
    profile.injured = injuries.regions;
    profile.preferences = read_remark(in, "exercisePreferences");
    profile.sport = read_remark(in, "sportSpecificDetails");
    profile.maxima = {read_maximum(in, "squat1RMEstimate"), read_maximum(in, "benchPress1RMEstimate"),
                      read_maximum(in, "deadlift1RMEstimate"), read_maximum(in, "overheadPress1RMEstimate")};
    auto assessment = in.text("strengthAssessmentType",
                              "Set strengthAssessmentType to actual_1rm, estimated_1rm or unsure");
    profile.maxima_tested = assessment == "actual_1rm";
}

/// The object `key` of the input; none when it is missing, null or empty.
Result<const json::Value*> object_in(const json::Value& input, std::string_view key) {
    const json::Value* value = json::find(input, key);
    if (!value || value->IsNull() || (value->IsObject() && value->ObjectEmpty())) value = nullptr;
    if (value && !value->IsObject())
        return refusal(fmt::format("The {} is no JSON object.", key),
                       fmt::format("Write the {} as an object with its fields", key));
    return value;
}

}  // namespace

std::string_view title(Goal goal) {
    return goal_titles.at(static_cast<std::size_t>(goal));
}
std::string_view name(Level level) {
    return level_names.at(static_cast<std::size_t>(level));
}

Result<Profile> read_profile(std::string_view input) {
    if (input.size() > largest_input)
        return refusal(
            fmt::format("The onboarding and the profile take more than {} KiB.", largest_input / 1024),
            "Shorten their texts");
    auto document = json::parse(input);
    if (!document)
        return refusal(fmt::format("The input is no JSON: {}.", document.error().message), "Correct it");
    auto onboarding = object_in(*document, "onboarding");
    if (!onboarding) return onboarding.error();
    if (!*onboarding)
        return refusal("There is no onboarding to plan from.",
                       "Set onboarding_data_snapshot on the row, or onboarding_responses in the profile");
    auto owner = object_in(*document, "profile");
    if (!owner) return owner.error();

    const json::Value nobody(rapidjson::kObjectType);
    Fields in(**onboarding), about(*owner ? **owner : nobody);
    Profile profile;
    read_onboarding(in, profile);
    profile.level = read_level(in, about);
    profile.pounds = read_pounds(in, about);
    profile.name = about.text("name", "Correct the profile's name").value_or("");
    profile.age = read_age(about);
    profile.paid = json::boolean(*document, "paid").value_or(false);
    if (in.problem()) return *in.problem();
    if (about.problem()) return *about.problem();
    return profile;
}

}  // namespace spotter::work::training
