#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The bilingual words of nature: a file a chapter in vocabulary/.
namespace spotter::work::exercises {

struct Chapter;

/// A word to learn.
struct Term {
    std::string spanish;               ///< "ala", "volar", "rojo": without an article
    std::string article;               ///< "el" or "la"; empty for what is no noun
    bool feminine = false;             ///< of a noun: "el ala" is
    std::vector<std::string> english;  ///< what it means; the first is what is shown
    int level = 1;                     ///< 1 (first words) to 5
    bool vague = false;                ///< a picture of it could as well be of another word: "bird", "today"
    const Chapter* chapter = nullptr;

    /// As a learner meets it: "el ala".
    std::string shown() const { return article.empty() ? spanish : article + " " + spanish; }
};

/// A sentence with a blank that only one of its words fits.
struct Sentence {
    std::string text;  ///< Spanish, with ___ for the blank
    std::string answer;
    std::string english;  ///< the whole in English, without the answer
    int level = 1;
    std::vector<std::string> wrong;  ///< words that do not fit, the more misleading the later
};

struct Chapter {
    std::string topic;               ///< "bird anatomy"
    std::vector<std::string> names;  ///< what else asks for it, in both languages; as `words` writes it
    std::vector<Term> terms;
    std::vector<Sentence> sentences;
};

/// Every chapter, in the order of their files.
std::span<const Chapter> vocabulary();

/// The terms that a text names, whatever its case, accents and article: "el ala", "Ala". Empty when it is not
/// known; several for "naranja".
std::vector<const Term*> in_spanish(std::string_view text);

/// The terms whose plural a text may be: "alas", "raíces".
std::vector<const Term*> in_spanish_plural(std::string_view text);

/// The same as `in_spanish` of an English text; "beak" and "bill" are one term, "to fly" and "fly" are looked
/// up alike.
std::vector<const Term*> in_english(std::string_view text);

/// True when both texts have the same words, whatever their case and accents.
bool same_words(std::string_view a, std::string_view b);

/// True when both are the same Spanish word, with or without an article.
bool same_term(std::string_view a, std::string_view b);

/// True when `english` is one of the term's meanings.
bool means(const Term& term, std::string_view english);

}  // namespace spotter::work::exercises
