#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "work/exercise/limits.hpp"
#include "work/exercise/planner/parts.hpp"

namespace spotter::work::exercises::planner {
namespace {

/// From this difficulty on the more misleading of a sentence's wrong words are taken.
constexpr int misleading_from = 3;

struct Candidate {
    const Sentence* sentence;
    const Chapter* chapter;
};

bool asks_for(const Sentence& sentence, const std::vector<const Term*>& terms) {
    return std::any_of(terms.begin(), terms.end(),
                       [&](const Term* term) { return same_term(term->spanish, sentence.answer); });
}

/// The sentences that suit best: those that ask for a named word, of those the ones nearest to the
/// difficulty.
std::vector<Candidate> best(const Assignment& assignment, const std::vector<const Chapter*>& chapters) {
    auto distance = [&](const Sentence& sentence) {
        int off = std::abs(sentence.level - assignment.request.difficulty);
        return asks_for(sentence, assignment.coverage.named) ? off : off + most_difficulty;
    };
    std::vector<Candidate> found;
    int least = 2 * most_difficulty;
    for (const Chapter* chapter : chapters)
        for (const Sentence& sentence : chapter->sentences) {
            int off = distance(sentence);
            if (off < least) found.clear(), least = off;
            if (off == least) found.push_back({&sentence, chapter});
        }
    return found;
}

/// Some of a sentence's wrong words.
std::vector<std::string> distractors(const Sentence& sentence, int difficulty) {
    std::size_t count = Limits::at(limits.options, difficulty) - 1;
    const auto& wrong = sentence.wrong;
    auto skipped = static_cast<std::ptrdiff_t>(difficulty < misleading_from ? 0 : wrong.size() - count);
    auto first = wrong.begin() + skipped;
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

std::string fill(const Assignment& assignment, Choice& choice) {
    Candidate chosen = choice.one_of(best(assignment, assignment.coverage.chapters));
    const Sentence& sentence = *chosen.sentence;
    std::vector<std::string> options = distractors(sentence, assignment.request.difficulty);
    options.push_back(sentence.answer);
    choice.shuffle(options);
    return fmt::format(
        R"({{"type":"contextual_fill","instructions":"Choose the Spanish word that completes the sentence.",)"
        R"("prompt":{},"sentence":{},"correctAnswer":{},"options":{},"metadata":{}}})",
        json::quoted(sentence.english), json::quoted(sentence.text), json::quoted(sentence.answer),
        json::quoted(options), metadata(assignment, {chosen.chapter->topic}, ""));
}

}  // namespace spotter::work::exercises::planner
