#include "work/training_program/program.hpp"

#include <doctest/doctest.h>

#include <random>

#include "training_fixture.hpp"
#include "work/training_program/answer.hpp"

namespace program_test {

using namespace spotter::work::training;

namespace {

/// A program of any content that the schema allows.
class AnyProgram {
  public:
    explicit AnyProgram(unsigned seed) : random_(seed) {}

    Program program() {
        Program out;
        out.name = text();
        out.description = text();
        out.weeks_planned = number(1, 16);
        out.coach_intro = maybe_text();
        out.general_advice = maybe_text();
        out.difficulty = pick({"", "Beginner", "Advanced"});
        if (chance()) out.frequency = number(1, 7);
        out.required_equipment = texts();
        out.tags = texts();
        out.rationale = maybe_text();
        out.periodization_model = pick({"", "linear", "strength_block"});
        out.autoregulation = maybe_text();
        if (chance()) {
            out.weekly_sets.emplace();
            for (Muscle muscle : muscles) (*out.weekly_sets)[muscle] = number(0, 40) / 2.0;
        }
        for (int i = number(0, 2); i > 0; --i) out.interventions.push_back({text(), text()});
        for (int i = number(0, 3); i > 0; --i) out.phases.push_back(phase());
        return out;
    }

  private:
    Phase phase() {
        Phase out;
        out.name = text();
        if (chance()) out.number = number(1, 5);
        out.weeks_planned = number(1, 12);
        out.adaptation = pick({"", "accumulation", "deload"});
        out.progression = maybe_text();
        out.objectives = texts();
        out.notes = maybe_text();
        for (int i = number(0, 2); i > 0; --i) out.weeks.push_back(week());
        return out;
    }

    Week week() {
        Week out;
        out.number = number(1, 16);
        if (chance()) out.in_phase = number(1, 12);
        out.deload = chance();
        out.notes = maybe_text();
        out.coach_tip = maybe_text();
        out.goals = texts();
        for (int i = number(0, 2); i > 0; --i) out.days.push_back(day());
        return out;
    }

    Day day() {
        Day out;
        out.day_of_week = number(1, 7);
        out.focus = maybe_text();
        out.rest_day = chance();
        if (chance()) out.minutes = number(15, 180);
        out.warm_up = texts();
        out.cool_down = texts();
        out.notes = maybe_text();
        for (int i = number(0, 3); i > 0; --i) {
            PlannedExercise exercise = fixture::lift(text(), number(1, 10), number(2, 20) / 2.0, maybe_text(),
                                                     pick({"", "Compound", "Anchor_Lift"}));
            if (chance()) exercise.rpe.reset();
            exercise.tempo = maybe_text();
            exercise.notes = maybe_text();
            out.exercises.push_back(exercise);
        }
        return out;
    }

    int number(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool chance() { return number(0, 1) == 1; }
    std::string pick(std::vector<std::string> of) {
        return of[static_cast<std::size_t>(number(0, static_cast<int>(of.size()) - 1))];
    }
    std::string text() {
        return pick({"Row", "8-12", "é \"quoted\" \\ </user_data>", "слово 🏋", "line\nbreak"});
    }
    std::string maybe_text() { return chance() ? text() : ""; }
    std::vector<std::string> texts() {
        return std::vector<std::string>(static_cast<std::size_t>(number(0, 2)), text());
    }

    std::mt19937 random_;
};

}  // namespace

TEST_CASE("a program that is written and read again is the same, and its JSON passes the schema") {
    const unsigned first = std::random_device{}();
    CAPTURE(first);
    for (unsigned seed = first; seed != first + 300; ++seed) {
        CAPTURE(seed);
        std::string written = write_program(AnyProgram(seed).program());
        auto document = spotter::json::parse(written);
        REQUIRE(document.has_value());
        CHECK(write_program(read_program(*document)) == written);
        CHECK(read_answer(written).violations.empty());
    }
}

TEST_CASE("repetitions may be a number") {
    auto document = spotter::json::parse(R"({"phases":[{"weeks":[{"days":[{"exercises":[{"reps":5}]}]}]}]})");
    CHECK(read_program(*document).phases[0].weeks[0].days[0].exercises[0].reps == "5");
}

TEST_CASE("what the basic tier leaves out is read as not said") {
    auto document = spotter::json::parse(R"({"programName":"A","phases":[{"weeks":[{"weekNumber":1}]}]})");
    Program program = read_program(*document);
    CHECK(program.rationale.empty());
    CHECK_FALSE(program.weekly_sets.has_value());
    CHECK_FALSE(program.phases[0].weeks[0].in_phase.has_value());
    CHECK_FALSE(program.phases[0].weeks[0].deload);
}

}  // namespace program_test
