#include <fmt/format.h>

#include <algorithm>

#include "work/exercise/rules/all.hpp"
#include "work/exercise/rules/helpers.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises::rule {
namespace {

constexpr std::string_view blank = "___";

struct Article {
    std::string_view word;  ///< as it stands at the end of what `words` makes of the text before the blank
    bool feminine;
    bool plural;
};
constexpr Article articles[] = {
    {" el ", false, false}, {" un ", false, false}, {" del ", false, false}, {" al ", false, false},
    {" la ", true, false},  {" una ", true, false}, {" los ", false, true},  {" unos ", false, true},
    {" las ", true, true},  {" unas ", true, true},
};

/// The article right before the blank, or nullptr.
const Article* article_before_blank(std::string_view sentence) {
    const std::string before = words(sentence.substr(0, sentence.find(blank)));
    for (const Article& article : articles)
        if (before.ends_with(article.word)) return &article;
    return nullptr;
}

/// True when the article goes with this word in this number; what is no noun takes any. Of "el paraguas" both
/// numbers are alike, and "el ala" is feminine but for its article.
bool goes_with(const Article& article, const Term& term, bool plural) {
    if (term.article.empty()) return true;
    if (term.spanish.ends_with('s')) plural = article.plural;
    bool feminine = plural ? term.feminine : term.article == "la";
    return article.plural == plural && article.feminine == feminine;
}

bool share_a_meaning(const Term& a, const Term& b) {
    return std::any_of(a.english.begin(), a.english.end(),
                       [&](const std::string& english) { return means(b, english); });
}

bool are_synonyms(std::string_view a, std::string_view b) {
    for (const Term* first : in_spanish(a))
        for (const Term* second : in_spanish(b))
            if (share_a_meaning(*first, *second)) return true;
    return false;
}

std::string option_path(std::size_t index) {
    return element("/options", index);
}

}  // namespace

void one_blank(const Fill& fill, const Assignment&, Findings& out) {
    auto first = fill.sentence.find('_');
    bool once = first != std::string::npos && fill.sentence.compare(first, blank.size(), blank) == 0 &&
                fill.sentence.find('_', first + blank.size()) == std::string::npos;
    if (!once) out.reject("/sentence", "write exactly one blank, as ___ (three underscores)");
}

void answer_among_options(const Fill& fill, const Assignment&, Findings& out) {
    at_least("/options", fill.options.size(), limits.least_options, out);
    if (std::count(fill.options.begin(), fill.options.end(), fill.answer) != 1)
        out.reject("/options",
                   fmt::format("list the correctAnswer \"{}\" exactly once, written the same", fill.answer));
}

void options_distinct(const Fill& fill, const Assignment&, Findings& out) {
    distinct(fill.options, option_path, out);
}

void answer_not_given_away(const Fill& fill, const Assignment&, Findings& out) {
    const std::string answer = words(fill.answer);
    auto gives_away = [&](std::string_view text) { return words(text).find(answer) != std::string::npos; };
    if (gives_away(fill.sentence))
        out.reject("/sentence",
                   fmt::format("the answer \"{}\" stands in it; leave it to the blank", fill.answer));
    if (std::any_of(fill.hints.begin(), fill.hints.end(), gives_away))
        out.reject("/prompt",
                   fmt::format("prompt or instructions hold the answer \"{}\"; hint at it without the word",
                               fill.answer));
}

/// No other option may mean what the answer means.
void one_right_answer(const Fill& fill, const Assignment&, Findings& out) {
    for (std::size_t i = 0; i < fill.options.size(); ++i) {
        const std::string& option = fill.options[i];
        if (option != fill.answer && are_synonyms(option, fill.answer))
            out.reject(option_path(i),
                       fmt::format("\"{}\" means the same as the answer \"{}\"; write a word that does "
                                   "not fit",
                                   option, fill.answer));
    }
}

/// Where the vocabulary knows the answer.
void article_agrees(const Fill& fill, const Assignment&, Findings& out) {
    const Article* article = article_before_blank(fill.sentence);
    auto known = in_spanish(fill.answer);
    const bool plural = known.empty();
    if (plural) known = in_spanish_plural(fill.answer);
    if (!article || known.empty()) return;
    if (std::none_of(known.begin(), known.end(),
                     [&](const Term* term) { return goes_with(*article, *term, plural); }))
        out.reject("/sentence", fmt::format("\"{}\" before the blank does not agree with \"{}\"",
                                            trimmed(article->word), fill.answer));
}

void sentence_says_enough(const Fill& fill, const Assignment&, Findings& out) {
    const std::string said = words(fill.sentence);
    auto count = static_cast<std::size_t>(std::count(said.begin(), said.end(), ' ')) - 1;
    if (count < limits.least_words)
        out.reject("/sentence",
                   fmt::format("holds {} words beside the blank; write at least {}, so that they point to "
                               "one answer",
                               count, limits.least_words));
}

void options_by_difficulty(const Fill& fill, const Assignment& assignment, Findings& out) {
    int difficulty = assignment.request.difficulty;
    as_many("/options", fill.options.size(), Limits::at(limits.options, difficulty), difficulty, out);
}

}  // namespace spotter::work::exercises::rule
