#include "work/training_program/training_program.hpp"

#include "work/training_program/analysis.hpp"
#include "work/training_program/answer.hpp"
#include "work/training_program/content.hpp"
#include "work/training_program/planner.hpp"
#include "work/training_program/profile.hpp"
#include "work/training_program/prompt.hpp"
#include "work/training_program/rules.hpp"

namespace spotter::work {
namespace {

class ProgramTask final : public Task {
  public:
    explicit ProgramTask(training::Profile profile)
        : profile_(std::move(profile)), analysis_(training::analyse(profile_)) {}

    Prompt prompt(Tier tier) const override { return training::make_prompt(tier, profile_, analysis_); }

    Verdict check(Tier tier, std::string_view text, const Stamp& stamp) const override {
        Verdict verdict;
        ReadAnswer answer = training::read_answer(text);
        verdict.violations = std::move(answer.violations);
        if (!verdict.valid()) return verdict;
        training::Program program = training::read_program(answer.document);
        verdict.violations = training::check_rules(tier, program, profile_, analysis_);
        if (!verdict.valid()) return verdict;
        verdict.columns = training::stored_columns(program, analysis_, verdict.violations);
        verdict.content = training::stored_content(std::move(answer.document), stamp);
        return verdict;
    }

    std::string plan() const override {
        return training::write_program(training::plan_program(profile_, analysis_));
    }

  private:
    const training::Profile profile_;
    const training::Analysis analysis_;
};

Result<std::unique_ptr<Task>> training_program_task(std::string_view input) {
    auto profile = training::read_profile(input);
    if (!profile) return profile.error();
    return std::unique_ptr<Task>(std::make_unique<ProgramTask>(std::move(*profile)));
}

}  // namespace

const Kind& training_program() {
    static constexpr Kind kind{"training_program", "1", training_program_task};
    return kind;
}

}  // namespace spotter::work
