#include "work/training_program/planner/split.hpp"

namespace spotter::work::training::planning {
namespace {

using enum Muscle;
using enum Pattern;

constexpr SetOf<Muscle> everything = {chest, back, shoulders, arms, quads, hamstrings, glutes, calves, abs};
constexpr SetOf<Muscle> upper_body = {chest, back, shoulders, arms};
constexpr SetOf<Muscle> lower_body = {quads, hamstrings, glutes, calves, abs};
constexpr SetOf<Muscle> pushing = {chest, shoulders};
constexpr SetOf<Muscle> pulling = {back, arms};  ///< all arm work stands here: push comes the day before

enum class Around { squat, press, hinge };

SessionPlan full(int day, std::string focus, Around lift) {
    switch (lift) {
        case Around::squat:
            return {day,
                    focus,
                    everything,
                    {squat, horizontal_push, horizontal_pull, knee_flexion, shoulder_isolation,
                     trunk_stability, calf_raise}};
        case Around::press:
            return {day,
                    focus,
                    everything,
                    {horizontal_push, vertical_pull, lunge, hip_extension, vertical_push, calf_raise,
                     elbow_flexion, trunk_rotation}};
        case Around::hinge:
            return {day,
                    focus,
                    everything,
                    {hinge, vertical_push, vertical_pull, lunge, horizontal_push, elbow_flexion,
                     elbow_extension, trunk_flexion}};
    }
    return {day, focus, everything, {}};
}

SessionPlan upper(int day, bool again, bool bench_again) {
    if (!again)
        return {
            day,
            "Upper body A",
            upper_body,
            {horizontal_push, horizontal_pull, vertical_push, vertical_pull, elbow_extension, elbow_flexion}};
    if (bench_again)
        return {
            day,
            "Upper body B",
            upper_body,
            {horizontal_push, vertical_pull, vertical_push, horizontal_pull, elbow_extension, elbow_flexion}};
    return {day,
            "Upper body B",
            upper_body,
            {vertical_push, vertical_pull, horizontal_push, horizontal_pull, shoulder_isolation,
             elbow_flexion, elbow_extension}};
}

SessionPlan lower(int day, bool again) {
    if (!again)
        return {day,
                "Lower body A",
                lower_body,
                {squat, knee_flexion, lunge, hip_extension, calf_raise, trunk_stability}};
    return {day,
            "Lower body B",
            lower_body,
            {hinge, lunge, hip_extension, knee_extension, calf_raise, trunk_flexion, carry}};
}

SessionPlan push(int day, bool again, bool bench_again) {
    if (!again || bench_again)
        return {day,
                "Push A: chest and shoulders",
                pushing,
                {horizontal_push, vertical_push, chest_isolation, shoulder_isolation}};
    return {day,
            "Push B: shoulders and chest",
            pushing,
            {vertical_push, horizontal_push, shoulder_isolation, chest_isolation}};
}

SessionPlan pull(int day, bool again) {
    if (!again)
        return {day,
                "Pull A: back and arms",
                pulling,
                {horizontal_pull, vertical_pull, elbow_flexion, elbow_extension}};
    return {day,
            "Pull B: back and arms",
            pulling,
            {vertical_pull, horizontal_pull, elbow_extension, elbow_flexion}};
}

bool wants_muscle(Goal goal) {
    return goal == Goal::muscle_general || goal == Goal::muscle_hypertrophy || goal == Goal::recomposition;
}

/// Each muscle once a week carries enough sets only with every exercise open.
bool push_pull_legs_in_three(const Profile& profile) {
    return profile.level == Level::advanced && wants_muscle(profile.goal) && profile.injured.empty();
}

}  // namespace

Split split_of(const Profile& profile) {
    bool bench = profile.goal == Goal::strength_powerlifting;
    switch (profile.days) {
        case 2:
            return {"full body",
                    {full(1, "Full body A", Around::squat), full(4, "Full body B", Around::hinge)}};
        case 3:
            if (push_pull_legs_in_three(profile))
                return {"push/pull/legs", {push(1, false, bench), pull(3, false), lower(5, false)}};
            return {"full body",
                    {full(1, "Full body A", Around::squat), full(3, "Full body B", Around::press),
                     full(5, "Full body C", Around::hinge)}};
        case 4:
            return {"upper/lower",
                    {upper(1, false, bench), lower(2, false), upper(4, true, bench), lower(5, true)}};
        case 5:
            return {"upper/lower and push/pull/legs",
                    {upper(1, false, bench), lower(2, false), push(4, true, bench), pull(5, true),
                     lower(6, true)}};
        default:
            return {"push/pull/legs twice",
                    {push(1, false, bench), pull(2, false), lower(3, false), push(4, true, bench),
                     pull(5, true), lower(6, true)},
                    profile.days > 6 ? 7 : 0};
    }
}

}  // namespace spotter::work::training::planning
