#include "work/training_program/catalogue.hpp"

#include <fmt/format.h>
#include <algorithm>

#include <stdexcept>
#include <string>

#include "base/assets.hpp"
#include "base/json.hpp"

namespace spotter::work::training {
namespace {

/// The embedded file is part of the program: what it gets wrong is our mistake, not the user's.
[[noreturn]] void refuse(std::string_view exercise, std::string_view what) {
    throw std::logic_error(fmt::format("exercises.json: {}: {}", exercise, what));
}

constexpr std::pair<std::string_view, Pattern> pattern_names[] = {
    {"squat", Pattern::squat},
    {"hinge", Pattern::hinge},
    {"lunge", Pattern::lunge},
    {"horizontal_push", Pattern::horizontal_push},
    {"vertical_push", Pattern::vertical_push},
    {"horizontal_pull", Pattern::horizontal_pull},
    {"vertical_pull", Pattern::vertical_pull},
    {"knee_extension", Pattern::knee_extension},
    {"knee_flexion", Pattern::knee_flexion},
    {"hip_extension", Pattern::hip_extension},
    {"elbow_flexion", Pattern::elbow_flexion},
    {"elbow_extension", Pattern::elbow_extension},
    {"shoulder_isolation", Pattern::shoulder_isolation},
    {"chest_isolation", Pattern::chest_isolation},
    {"calf_raise", Pattern::calf_raise},
    {"trunk_flexion", Pattern::trunk_flexion},
    {"trunk_stability", Pattern::trunk_stability},
    {"trunk_rotation", Pattern::trunk_rotation},
    {"carry", Pattern::carry},
    {"jump", Pattern::jump},
    {"cardio", Pattern::cardio},
    {"mobility", Pattern::mobility},
};

std::optional<Pattern> pattern_named(std::string_view name) {
    for (auto [known, pattern] : pattern_names)
        if (known == name) return pattern;
    return std::nullopt;
}

std::optional<Level> level_named(std::string_view name) {
    if (name == "beginner") return Level::beginner;
    if (name == "intermediate") return Level::intermediate;
    if (name == "advanced") return Level::advanced;
    return std::nullopt;
}

/// Reads one entry; names the entry in every complaint.
class Reader {
  public:
    explicit Reader(const json::Value& entry)
        : entry_(entry), name_(json::text(entry, "name").value_or("?")) {}

    Exercise exercise() const {
        Exercise out;
        out.name = text("name");
        for (std::string_view alias : texts(list("aliases"))) out.aliases.emplace_back(alias);
        out.pattern = known(pattern_named, text("pattern"));
        for (std::string_view muscle : texts(list("primary")))
            out.primary.push_back(known(muscle_named, muscle));
        for (std::string_view muscle : texts(list("secondary")))
            out.secondary.push_back(known(muscle_named, muscle));
        for (const json::Value& all : list("equipment").GetArray())
            out.equipment.push_back(set(equipment_named, all));
        if (out.equipment.empty()) refuse(name_, "no equipment; write bodyweight");
        out.contraindicated = set(region_named, list("contraindicated"));
        out.compound = flag("compound");
        out.anchor = flag("anchor");
        out.timed = flag("timed");
        out.unloaded = flag("unloaded");
        out.each_side = flag("each_side");
        out.gentle = flag("gentle");
        out.specialist = flag("specialist");
        out.from = known(level_named, text("level"));
        out.load_factor = json::number(entry_, "load_factor").value_or(0);
        out.load_of = std::string(json::text(entry_, "load_of").value_or(""));
        return out;
    }

  private:
    std::string text(std::string_view key) const {
        auto found = json::text(entry_, key);
        if (!found) refuse(name_, fmt::format("\"{}\" is no text", key));
        return std::string(*found);
    }

    bool flag(std::string_view key) const {
        auto found = json::boolean(entry_, key);
        if (!found) refuse(name_, fmt::format("\"{}\" is neither true nor false", key));
        return *found;
    }

    const json::Value& list(std::string_view key) const {
        const json::Value* found = json::find(entry_, key);
        if (!found || !found->IsArray()) refuse(name_, fmt::format("\"{}\" is no array", key));
        return *found;
    }

    std::vector<std::string_view> texts(const json::Value& array) const {
        if (!array.IsArray()) refuse(name_, "an array is missing");
        std::vector<std::string_view> out;
        for (const json::Value& item : array.GetArray()) {
            if (!item.IsString()) refuse(name_, "an array holds something else than text");
            out.push_back(json::view(item));
        }
        return out;
    }

    template <class E>
    E known(std::optional<E> (*named)(std::string_view), std::string_view text) const {
        auto found = named(text);
        if (!found) refuse(name_, fmt::format("\"{}\" is unknown", text));
        return *found;
    }

    template <class E>
    SetOf<E> set(std::optional<E> (*named)(std::string_view), const json::Value& array) const {
        SetOf<E> out;
        for (std::string_view item : texts(array)) out.insert(known(named, item));
        return out;
    }

    const json::Value& entry_;
    std::string_view name_;
};

std::vector<Exercise> load() {
    json::Document document = json::parse(assets::read("lib/work/training_program/exercises.json")).value();
    if (!document.IsArray()) refuse("the file", "is no array");
    std::vector<Exercise> out;
    out.reserve(document.Size());
    for (const json::Value& entry : document.GetArray()) out.push_back(Reader(entry).exercise());
    return out;
}

}  // namespace

std::span<const Exercise> catalogue() {
    static const std::vector<Exercise> exercises = load();
    return exercises;
}

bool can_do(const Exercise& exercise, SetOf<Equipment> owned) {
    return std::any_of(exercise.equipment.begin(), exercise.equipment.end(),
                       [&](SetOf<Equipment> needed) { return owned.contains(needed); });
}

bool is_hard(const Exercise& exercise) {
    return exercise.pattern != Pattern::cardio && exercise.pattern != Pattern::mobility;
}

}  // namespace spotter::work::training
