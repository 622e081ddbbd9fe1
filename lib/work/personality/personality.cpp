#include "work/personality/personality.hpp"

#include <memory>
#include <span>

#include "work/personality/answer.hpp"
#include "work/personality/content.hpp"
#include "work/personality/input.hpp"
#include "work/personality/merge.hpp"
#include "work/personality/planner.hpp"
#include "work/personality/prompt.hpp"
#include "work/personality/rules.hpp"
#include "work/validation_notes.hpp"

namespace spotter::work {
namespace {

constexpr std::size_t most_asked_at_once = 50;  ///< posts

/// All of a row's posts, or a part of them.
class PersonalityTask final : public Task {
  public:
    explicit PersonalityTask(std::shared_ptr<const persona::Input> input)
        : PersonalityTask(input, input->posts) {}
    PersonalityTask(std::shared_ptr<const persona::Input> input, std::span<const persona::Post> posts)
        : input_(std::move(input)), posts_(posts) {}

    Prompt prompt(Tier tier) const override { return persona::make_prompt(tier, input_->username, posts_); }

    Verdict check(Tier tier, std::string_view text, const Stamp& stamp) const override {
        Verdict verdict;
        ReadAnswer answer = part_count() > 1 ? persona::read_merged_answer(text) : persona::read_answer(text);
        verdict.violations = std::move(answer.violations);
        if (!verdict.valid()) return verdict;
        auto coverage = persona::read_coverage(answer.document);
        verdict.violations = persona::check_rules(tier, persona::read_analysis(answer.document),
                                                  input_->posts, coverage.has_value());
        if (!verdict.valid()) return verdict;
        verdict.columns = R"({"metadata":{"validationNotes":)" + validation_notes(verdict.violations) + "}}";
        verdict.content = persona::stored_content(std::move(answer.document), basis(coverage), stamp);
        return verdict;
    }

    std::string plan() const override {
        return persona::write_answer(persona::plan_analysis(posts_, input_->posts));
    }

    std::vector<std::unique_ptr<Task>> parts() const override {
        std::vector<std::unique_ptr<Task>> out;
        const std::size_t count = part_count();
        if (count == 1) return out;
        // Of much the same size: a last part of a post or two would say little, and say it at full voice.
        for (std::size_t i = 0; i < count; ++i) {
            std::size_t begin = i * posts_.size() / count, end = (i + 1) * posts_.size() / count;
            out.push_back(std::make_unique<PersonalityTask>(input_, posts_.subspan(begin, end - begin)));
        }
        return out;
    }

    std::string merge(const std::vector<std::optional<std::string>>& contents) const override {
        std::vector<persona::Part> parts;
        persona::Coverage coverage;
        coverage.parts = static_cast<int>(contents.size());
        for (const auto& content : contents) {
            if (!content) continue;
            const json::Document part = json::parse(*content).value();
            const int posts = json::integer(part, "postsAnalysed").value();
            parts.push_back({persona::read_analysis(part), posts});
            ++coverage.answered;
            coverage.posts += posts;
        }
        return persona::write_answer(persona::merge(parts, input_->posts), coverage);
    }

  private:
    std::size_t part_count() const { return (posts_.size() + most_asked_at_once - 1) / most_asked_at_once; }

    persona::Basis basis(const std::optional<persona::Coverage>& coverage) const {
        const int given = static_cast<int>(input_->given);
        if (coverage) return {given, coverage->posts, coverage->parts, coverage->answered};
        return {given, static_cast<int>(posts_.size()), 1, 1};
    }

    const std::shared_ptr<const persona::Input> input_;
    const std::span<const persona::Post> posts_;
};

Result<std::unique_ptr<Task>> personality_task(std::string_view text) {
    auto input = persona::read_input(text);
    if (!input) return input.error();
    auto shared = std::make_shared<const persona::Input>(std::move(*input));
    return std::unique_ptr<Task>(std::make_unique<PersonalityTask>(std::move(shared)));
}

}  // namespace

const Kind& personality() {
    static constexpr Kind kind{.name = "personality",
                               .version = "1",
                               .read = personality_task,
                               .cache_life = std::chrono::hours(7 * 24)};
    return kind;
}

}  // namespace spotter::work
