#include "work/training_program/analysis.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>

namespace spotter::work::training {
namespace {

/// Weekly hard sets for somebody of one step of training age with middling recovery and stress. Order:
/// `muscles`.
constexpr std::array<Landmarks, muscle_count> base_landmarks = {{
    {8, 18, 26},   // chest
    {10, 20, 30},  // back
    {8, 16, 24},   // shoulders
    {6, 14, 22},   // arms
    {8, 16, 24},   // quads
    {6, 12, 18},   // hamstrings
    {6, 12, 18},   // glutes
    {8, 16, 25},   // calves
    {0, 16, 25},   // abs
}};

double training_age(Level level) {
    switch (level) {
        case Level::beginner:
            return 0.25;
        case Level::intermediate:
            return 1.25;
        case Level::advanced:
            return 3;
    }
    return 0.25;
}

/// Who trains often and long recovers well, or would not keep it up.
int recovery(const Profile& profile) {
    int points = profile.days >= 6 ? 3 : profile.days >= 4 ? 2 : 1;
    points += profile.session.shortest >= 60 ? 3 : profile.session.shortest >= 45 ? 2 : 1;
    return points >= 5 ? 9 : points >= 3 ? 6 : 3;
}

/// Few free days point to a full life.
int stress(const Profile& profile) {
    return profile.days >= 6 ? 3 : profile.days >= 4 ? 6 : 8;
}

double tolerance(double age, int recovery, int stress) {
    double by_age = 1 + std::min(age, 2.0) / 2 * 0.8;
    double by_recovery = recovery <= 3 ? 0.7 : recovery <= 7 ? 1.0 : 1.3;
    double by_stress = stress <= 2 ? 1.1 : stress <= 4 ? 1.0 : stress <= 6 ? 0.9 : stress <= 8 ? 0.7 : 0.6;
    return by_age * by_recovery * by_stress;
}

PerMuscle<Landmarks> landmarks(double tolerance) {
    auto scaled = [&](int sets) { return static_cast<int>(std::lround(sets * tolerance)); };
    PerMuscle<Landmarks> out;
    for (Muscle muscle : muscles) {
        const Landmarks& base = base_landmarks[static_cast<std::size_t>(muscle)];
        out[muscle] = {scaled(base.mev), scaled(base.mav), scaled(base.mrv)};
    }
    return out;
}

/// Lifts out of proportion to each other, after the ratios that strength coaches look for.
std::vector<WeakPoint> weak_points(const Maxima& maxima) {
    std::vector<WeakPoint> out;
    if (!maxima.complete()) return out;
    auto compare = [&](std::string_view name, std::string_view reason, double ratio, double minimum) {
        if (ratio < minimum) out.push_back({name, reason, ratio, minimum, ratio < 0.9 * minimum});
    };
    compare("horizontal press", "bench press against deadlift", *maxima.bench / *maxima.deadlift, 0.6);
    compare("posterior chain", "squat against deadlift", *maxima.squat / *maxima.deadlift, 0.75);
    compare("vertical press", "overhead press against bench press", *maxima.overhead / *maxima.bench, 0.6);
    return out;
}

Periodization periodization(const Profile& profile) {
    switch (profile.goal) {
        case Goal::strength_powerlifting:
        case Goal::strength_general:
            return Periodization::strength_block;
        case Goal::muscle_general:
        case Goal::muscle_hypertrophy:
            return Periodization::hypertrophy_block;
        case Goal::general_fitness:
            return Periodization::linear;
        default:
            return profile.level == Level::beginner ? Periodization::linear : Periodization::balanced_block;
    }
}

/// A week to try without paid access; then as long as the goal takes.
int weeks(const Profile& profile) {
    if (!profile.paid) return 1;
    switch (profile.goal) {
        case Goal::general_fitness:
            return 4;
        case Goal::endurance_cardio:
        case Goal::weight_loss:
            return 5;
        default:
            return 6;
    }
}

double hundredths(double value) {
    return std::round(value * 100) / 100;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// The text that `write` writes.
template <class Write>
std::string json_text(Write write) {
    rapidjson::StringBuffer buffer;
    Writer out(buffer);
    write(out);
    return {buffer.GetString(), buffer.GetSize()};
}

void text(Writer& out, std::string_view value) {
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

}  // namespace

std::string_view name(Periodization model) {
    switch (model) {
        case Periodization::strength_block:
            return "strength_block";
        case Periodization::hypertrophy_block:
            return "hypertrophy_block";
        case Periodization::linear:
            return "linear";
        case Periodization::balanced_block:
            return "balanced_block";
    }
    return "linear";
}

Analysis analyse(const Profile& profile) {
    Analysis analysis;
    analysis.training_age = training_age(profile.level);
    analysis.recovery = recovery(profile);
    analysis.stress = stress(profile);
    analysis.tolerance = tolerance(analysis.training_age, analysis.recovery, analysis.stress);
    analysis.landmarks = landmarks(analysis.tolerance);
    analysis.weak_points = weak_points(profile.maxima);
    analysis.model = periodization(profile);
    analysis.weeks = weeks(profile);
    return analysis;
}

std::string landmarks_json(const Analysis& analysis) {
    return json_text([&](Writer& out) {
        out.StartObject();
        for (Muscle muscle : muscles) {
            const Landmarks& sets = analysis.landmarks[muscle];
            text(out, name(muscle));
            out.StartObject();
            out.Key("MEV"), out.Int(sets.mev);
            out.Key("MAV"), out.Int(sets.mav);
            out.Key("MRV"), out.Int(sets.mrv);
            out.EndObject();
        }
        out.EndObject();
    });
}

std::string weak_points_json(const Analysis& analysis) {
    return json_text([&](Writer& out) {
        out.StartArray();
        for (const WeakPoint& weak : analysis.weak_points) {
            out.StartObject();
            out.Key("weakPoint"), text(out, weak.name);
            out.Key("reason"), text(out, weak.reason);
            out.Key("ratio"), out.Double(hundredths(weak.ratio));
            out.Key("minimum"), out.Double(weak.minimum);
            out.Key("priority"), out.String(weak.high_priority ? "high" : "moderate");
            out.EndObject();
        }
        out.EndArray();
    });
}

std::string user_profile_json(const Analysis& analysis) {
    return json_text([&](Writer& out) {
        out.StartObject();
        out.Key("trainingAge"), out.Double(analysis.training_age);
        out.Key("recoveryCapacity"), out.Int(analysis.recovery);
        out.Key("stressLevel"), out.Int(analysis.stress);
        out.Key("volumeTolerance"), out.Double(hundredths(analysis.tolerance));
        out.EndObject();
    });
}

}  // namespace spotter::work::training
