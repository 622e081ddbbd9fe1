#include "work/exercise/exercise.hpp"

#include "work/exercise/answer.hpp"
#include "work/exercise/assignment.hpp"
#include "work/exercise/content.hpp"
#include "work/exercise/planner.hpp"
#include "work/exercise/prompt.hpp"
#include "work/exercise/rules.hpp"

namespace spotter::work {
namespace {

class ExerciseTask final : public Task {
  public:
    explicit ExerciseTask(exercises::Request request) : assignment_(std::move(request)) {}

    Prompt prompt(Tier tier) const override { return exercises::make_prompt(tier, assignment_); }

    Verdict check(Tier tier, std::string_view text, const Stamp& stamp) const override {
        Verdict verdict;
        ReadAnswer answer = exercises::schema_of(assignment_.request.type).read(text);
        verdict.violations = std::move(answer.violations);
        if (!verdict.valid()) return verdict;
        verdict.violations = exercises::check_rules(tier, answer.document, assignment_);
        if (!verdict.valid()) return verdict;
        verdict.columns = exercises::stored_columns(verdict.violations);
        verdict.content = exercises::stored_content(std::move(answer.document), assignment_, stamp);
        return verdict;
    }

    std::string plan() const override { return exercises::plan_exercise(assignment_); }

  private:
    const exercises::Assignment assignment_;
};

Result<std::unique_ptr<Task>> exercise_task(std::string_view input) {
    auto request = exercises::read_request(input);
    if (!request) return request.error();
    return std::unique_ptr<Task>(std::make_unique<ExerciseTask>(std::move(*request)));
}

}  // namespace

const Kind& exercise() {
    static constexpr Kind kind{
        .name = "exercise", .version = "1", .read = exercise_task, .cache_entries = 10000};
    return kind;
}

}  // namespace spotter::work
