#include "work/sql_query/sql_query.hpp"

#include "work/sql_query/answer.hpp"
#include "work/sql_query/planner.hpp"
#include "work/sql_query/prompt.hpp"
#include "work/sql_query/question.hpp"

namespace spotter::work {
namespace {

class SqlTask final : public Task {
  public:
    explicit SqlTask(sql::Question question) : question_(std::move(question)) {}

    Prompt prompt(Tier tier) const override { return sql::make_prompt(tier, question_); }

    /// The same at every tier: there is nothing in it that is not safety.
    Verdict check(Tier, std::string_view answer, const Stamp&) const override {
        return sql::check_answer(answer, question_);
    }

    std::string plan() const override { return sql::plan_answer(question_); }

  private:
    const sql::Question question_;
};

Result<std::unique_ptr<Task>> sql_query_task(std::string_view input, std::string_view schema) {
    auto question = sql::read_question(input, schema);
    if (!question) return question.error();
    return std::unique_ptr<Task>(std::make_unique<SqlTask>(std::move(*question)));
}

}  // namespace

const Kind& sql_query() {
    static constexpr Kind kind{.name = "sql_query",
                               .version = "2",
                               .read_with_schema = sql_query_task,
                               .cache_life = std::chrono::hours(1),
                               .secret_member = "prompt"};
    return kind;
}

}  // namespace spotter::work
