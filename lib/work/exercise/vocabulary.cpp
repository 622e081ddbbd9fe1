#include "work/exercise/vocabulary.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/assets.hpp"
#include "base/json.hpp"
#include "work/exercise/data_file.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises {
namespace {

constexpr std::string_view folder = "lib/work/exercise/vocabulary/";
constexpr std::string_view blank = "___";

Term read_term(const json::Value& value) {
    Term term;
    term.spanish = data::text(value, "es");
    term.article = json::text(value, "article").value_or("");
    term.feminine = json::text(value, "gender") == "f";
    term.english = data::texts(value, "en");
    term.level = json::integer(value, "level").value();
    term.vague = json::boolean(value, "vague").value_or(false);
    return term;
}

/// In the file the answer stands in its place, in brackets: "Vemos con los [ojos]."
Sentence read_sentence(const json::Value& value) {
    Sentence sentence;
    sentence.text = data::text(value, "es");
    auto open = sentence.text.find('['), close = sentence.text.find(']');
    sentence.answer = sentence.text.substr(open + 1, close - open - 1);
    sentence.text.replace(open, close - open + 1, blank);
    sentence.english = data::text(value, "en");
    sentence.level = json::integer(value, "level").value();
    sentence.wrong = data::texts(value, "wrong");
    return sentence;
}

Chapter read_chapter(const json::Value& value) {
    Chapter chapter;
    chapter.topic = data::text(value, "topic");
    for (const std::string& name : data::texts(value, "names")) chapter.names.push_back(words(name));
    chapter.terms = data::list(value, "terms", read_term);
    chapter.sentences = data::list(value, "sentences", read_sentence);
    return chapter;
}

std::vector<Chapter> load_chapters() {
    std::vector<Chapter> chapters = data::files(folder, read_chapter);
    for (Chapter& chapter : chapters)
        for (Term& term : chapter.terms) term.chapter = &chapter;
    return chapters;
}

/// `text` as `words` writes it, without one of `openings` at its beginning.
std::string key(std::string_view text, std::initializer_list<std::string_view> openings) {
    std::string folded = words(text);
    for (std::string_view opening : openings)
        if (folded.starts_with(opening) && folded.size() > opening.size())
            return folded.substr(opening.size() - 1);
    return folded;
}

std::string spanish_key(std::string_view text) {
    return key(text, {" el ", " la ", " los ", " las ", " un ", " una "});
}

std::string english_key(std::string_view text) {
    return key(text, {" the ", " a ", " an ", " to "});
}

using Index = std::unordered_map<std::string, std::vector<const Term*>>;

Index by_spanish() {
    Index index;
    for (const Chapter& chapter : vocabulary())
        for (const Term& term : chapter.terms) index[spanish_key(term.spanish)].push_back(&term);
    return index;
}

Index by_english() {
    Index index;
    for (const Chapter& chapter : vocabulary())
        for (const Term& term : chapter.terms)
            for (const std::string& english : term.english) index[english_key(english)].push_back(&term);
    return index;
}

std::vector<const Term*> found(const Index& index, const std::string& key) {
    auto entry = index.find(key);
    return entry == index.end() ? std::vector<const Term*>{} : entry->second;
}

}  // namespace

std::span<const Chapter> vocabulary() {
    static const std::vector<Chapter> chapters = load_chapters();
    return chapters;
}

std::vector<const Term*> in_spanish(std::string_view text) {
    static const Index index = by_spanish();
    return found(index, spanish_key(text));
}

std::vector<const Term*> in_spanish_plural(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> endings[] = {{"s", ""}, {"es", ""}, {"ces", "z"}};
    for (auto [plural, singular] : endings) {
        if (!text.ends_with(plural)) continue;
        auto found = in_spanish(std::string(text.substr(0, text.size() - plural.size())).append(singular));
        if (!found.empty()) return found;
    }
    return {};
}

std::vector<const Term*> in_english(std::string_view text) {
    static const Index index = by_english();
    return found(index, english_key(text));
}

bool same_words(std::string_view a, std::string_view b) {
    return words(a) == words(b);
}

bool same_term(std::string_view a, std::string_view b) {
    return spanish_key(a) == spanish_key(b);
}

bool means(const Term& term, std::string_view english) {
    return std::any_of(term.english.begin(), term.english.end(),
                       [&](const std::string& known) { return english_key(known) == english_key(english); });
}

}  // namespace spotter::work::exercises
