#pragma once

#include "work/training_program/catalogue.hpp"
#include "work/training_program/profile.hpp"

/// What a goal means in the gym: repetitions, rest, how much volume, how much conditioning.
namespace spotter::work::training::planning {

/// What an exercise is for in its session, in the order in which it is done.
enum class Role { power, anchor, compound, isolation, core, cardio, mobility };

/// One set: repetitions (or seconds, where the exercise is timed) and the rest after it, in seconds.
struct Dose {
    int low = 0;
    int high = 0;
    int rest = 0;
};

struct Style {
    Dose anchor = {}, compound = {}, isolation = {};
    double ambition = 0;             ///< how far from MEV to MAV the weekly sets go, 0 to 1
    int cardio_minutes = 0;          ///< in a session
    bool intervals = false;          ///< every other session's cardio
    bool power = false;              ///< sessions begin with a jump or a throw
    bool by_bodyweight = false;      ///< the body is the load, whatever else is there
    bool competition_lifts = false;  ///< days are built on squat, bench and deadlift
    SetOf<Muscle> emphasis = {};     ///< these go further
};

Style style_of(const Profile& profile);

/// The dose at an adaptation ("accumulation", …): later phases trade repetitions for load. `pace` below 1
/// shortens the rest.
Dose dose_of(const Exercise& exercise, Role role, const Style& style, std::string_view adaptation,
             double pace);

/// Seconds that one set with its rest takes at most.
int seconds_of(const Dose& dose, const Exercise& exercise);

}  // namespace spotter::work::training::planning
