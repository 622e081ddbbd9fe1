#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "work/training_program/catalogue.hpp"

/// Finding an exercise by what a model calls it. No guessing: a name we cannot place is unknown, because
/// taking one exercise for another would let a contraindicated one through.
namespace spotter::work::training {
namespace {

using Words = std::vector<std::string>;

/// What is longer than any exercise's name is not one.
constexpr std::size_t longest_name = 120;

/// A written name, its words apart from those of its parenthesised remarks.
struct Written {
    Words words, remarks;
};

/// One spelling for words that are written in several ways; compounds fall apart so that "push-up", "push up"
/// and "pushup" are the same.
Words spelled(const std::string& word) {
    static const std::unordered_map<std::string_view, Words> spellings = {
        {"db", {"dumbbell"}},
        {"dumbell", {"dumbbell"}},
        {"bb", {"barbell"}},
        {"kb", {"kettlebell"}},
        {"one", {"single"}},
        {"1", {"single"}},
        {"flye", {"fly"}},
        {"banded", {"band"}},
        {"paused", {"pause"}},
        {"pushup", {"push", "up"}},
        {"pullup", {"pull", "up"}},
        {"chinup", {"chin", "up"}},
        {"curlup", {"curl", "up"}},
        {"stepup", {"step", "up"}},
        {"pressup", {"press", "up"}},
        {"pulldown", {"pull", "down"}},
        {"pushdown", {"push", "down"}},
        {"deadlift", {"dead", "lift"}},
        {"deadbug", {"dead", "bug"}},
        {"woodchop", {"wood", "chop"}},
        {"skullcrusher", {"skull", "crusher"}},
        {"pullover", {"pull", "over"}},
        {"kickback", {"kick", "back"}},
        {"tricep", {"triceps"}},
        {"bicep", {"biceps"}},
        {"the", {}},
        {"a", {}},
        {"an", {}},
        {"with", {}},
    };
    auto found = spellings.find(word);
    return found == spellings.end() ? Words{word} : found->second;
}

std::string singular(std::string word) {
    auto ends = [&](std::string_view end) { return std::string_view(word).ends_with(end); };
    if (word.size() <= 2 || ends("ss")) return word;
    if (ends("ies") && word.size() > 4) return word.substr(0, word.size() - 3) + "y";
    if (ends("sses") || ends("ches") || ends("shes") || ends("xes")) return word.substr(0, word.size() - 2);
    if (ends("s")) word.pop_back();
    return word;
}

/// Plain ASCII for the quotes and dashes that models like to write; other letters stay what they are.
std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at).starts_with("\u2018") || text.substr(at).starts_with("\u2019")) {
            at += 2;
        } else if (text.substr(at).starts_with("\xe2\x80") && at + 2 < text.size() &&
                   text[at + 2] >= '\x90' && text[at + 2] <= '\x95') {
            out += ' ';
            at += 2;
        } else if (text[at] != '\'') {
            char c = text[at];
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return out;
}

bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

Written read(std::string_view name) {
    Written out;
    std::string text = plain(name);
    int depth = 0;
    bool skip = false;  // "each leg", "per side": the word after says no more than they do
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '(' || text[at] == '[') ++depth;
        if (text[at] == ')' || text[at] == ']') depth = std::max(0, depth - 1);
        std::size_t end = at;
        while (end < text.size() && in_word(text[end])) ++end;
        if (end == at) {
            ++at;
            continue;
        }
        std::string word = singular(text.substr(at, end - at));
        at = end;
        bool counts_sides = word == "each" || word == "per";
        if (!counts_sides && !skip)
            for (std::string& spelling : spelled(word))
                (depth ? out.remarks : out.words).push_back(std::move(spelling));
        skip = counts_sides;
    }
    return out;
}

std::string key_of(Words words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return fmt::format("{}", fmt::join(words, " "));
}

Words all_words(Written written) {
    written.words.insert(written.words.end(), written.remarks.begin(), written.remarks.end());
    return std::move(written.words);
}

class Index {
  public:
    Index() {
        for (const Exercise& exercise : catalogue()) {
            by_name_.emplace(exercise.name, &exercise);
            add(exercise.name, exercise);
            for (const std::string& alias : exercise.aliases) add(alias, exercise);
        }
    }

    /// By a name just as the catalogue writes it, which is what our own programs hold: no need to take it
    /// apart.
    const Exercise* verbatim(std::string_view name) const {
        auto found = by_name_.find(name);
        return found == by_name_.end() ? nullptr : found->second;
    }

    const Exercise* find(const std::string& key) const {
        auto found = by_key_.find(key);
        return found == by_key_.end() ? nullptr : found->second;
    }

    /// True of a word that tells exercises apart.
    bool telling(const std::string& word) const { return vocabulary_.contains(word); }

  private:
    void add(std::string_view name, const Exercise& exercise) {
        Words words = all_words(read(name));
        vocabulary_.insert(words.begin(), words.end());
        auto [at, fresh] = by_key_.emplace(key_of(std::move(words)), &exercise);
        if (!fresh && at->second != &exercise)
            throw std::logic_error(
                fmt::format("exercises.json: \"{}\" names {} and {}", name, at->second->name, exercise.name));
    }

    std::unordered_map<std::string_view, const Exercise*> by_name_;
    std::unordered_map<std::string, const Exercise*> by_key_;
    std::unordered_set<std::string> vocabulary_;
};

/// True when the exercise can be done with the thing that `word` names.
bool offers(const Exercise& exercise, const std::string& word) {
    for (SetOf<Equipment> needed : exercise.equipment)
        for (Equipment thing : every_equipment)
            if (needed.contains(thing) && singular(std::string(name(thing))) == word) return true;
    return false;
}

/// True when `word`, said in parentheses, does not make it another exercise: "slow", "alternating", "RDL"
/// beside its long form, "dumbbell" where one may use one. "Squat (goblet)" is not a squat with a remark.
bool beside_the_point(const std::string& word, const Exercise& exercise, const Index& index) {
    static const std::unordered_set<std::string_view> harmless = {"leg",  "arm",  "side",
                                                                  "hand", "slow", "alternating"};
    if (!index.telling(word) || harmless.contains(word) || offers(exercise, word)) return true;
    auto says = [&](const std::string& name) {
        Words words = all_words(read(name));
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    return says(exercise.name) || std::any_of(exercise.aliases.begin(), exercise.aliases.end(), says);
}

}  // namespace

const Exercise* exercise_named(std::string_view name) {
    static const Index index;
    if (name.size() > longest_name) return nullptr;
    if (const Exercise* found = index.verbatim(name)) return found;
    Written written = read(name);
    if (const Exercise* exact = index.find(key_of(all_words(written)))) return exact;
    const Exercise* found = index.find(key_of(written.words));
    if (!found) return nullptr;
    bool same = std::all_of(written.remarks.begin(), written.remarks.end(),
                            [&](const std::string& word) { return beside_the_point(word, *found, index); });
    return same ? found : nullptr;
}

}  // namespace spotter::work::training
