#include "work/training_program/user_data.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/json.hpp"
#include "work/prompt_template.hpp"

namespace spotter::work::training {
namespace {

constexpr double pounds_a_kilogram = 2.20462;

/// An object of members that have something to say.
class Members {
  public:
    Members() : object_(rapidjson::kObjectType) {}

    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) add(key, string(value));
    }
    void number(std::string_view key, double value) { add(key, json::Value(value)); }
    void number(std::string_view key, int value) { add(key, json::Value(value)); }
    void texts(std::string_view key, const std::vector<std::string>& values) {
        json::Value list(rapidjson::kArrayType);
        for (const std::string& value : values) list.PushBack(string(value), object_.GetAllocator());
        add(key, std::move(list));
    }
    std::string written() const { return json::write(object_); }

  private:
    json::Value string(std::string_view text) {
        return {text.data(), static_cast<rapidjson::SizeType>(text.size()), object_.GetAllocator()};
    }
    void add(std::string_view key, json::Value value) {
        object_.AddMember(json::Value(rapidjson::StringRef(key.data(), key.size())), value,
                          object_.GetAllocator());
    }

    json::Document object_;
};

void add_maximum(Members& out, std::string_view key, std::optional<double> kilograms, bool pounds) {
    if (!kilograms) return;
    double value = pounds ? *kilograms * pounds_a_kilogram : *kilograms;
    out.text(key, fmt::format("{:g} {}", std::round(value * 2) / 2, pounds ? "lb" : "kg"));
}

void add_detail(Members& out, const Profile& profile, const Analysis& analysis) {
    if (profile.age) out.number("age", *profile.age);
    add_maximum(out, "squat1RM", profile.maxima.squat, profile.pounds);
    add_maximum(out, "benchPress1RM", profile.maxima.bench, profile.pounds);
    add_maximum(out, "deadlift1RM", profile.maxima.deadlift, profile.pounds);
    add_maximum(out, "overheadPress1RM", profile.maxima.overhead, profile.pounds);
    out.text("strengthAssessment", profile.maxima_tested ? "tested" : "estimated");
    out.number("trainingAgeYears", analysis.training_age);
    out.number("recoveryCapacityOf10", analysis.recovery);
    out.number("stressOf10", analysis.stress);
}

}  // namespace

std::string user_data_json(Tier tier, const Profile& profile, const Analysis& analysis) {
    Members out;
    out.text("name", profile.name);
    out.text("experienceLevel", name(profile.level));
    out.text("goal", title(profile.goal));
    out.number("trainingDays", profile.days);
    out.texts("equipment", profile.equipment_said);
    out.text("injuries", profile.injuries_said.empty() ? "none" : profile.injuries_said);
    if (tier != Tier::basic) {
        out.text("preferences", profile.preferences);
        out.text("sport", profile.sport);
    }
    if (tier == Tier::full) add_detail(out, profile, analysis);
    return without_angles(out.written());
}

}  // namespace spotter::work::training
