#include "work/words.hpp"

#include <algorithm>

namespace spotter::work {
namespace {

/// The letters U+00C0 to U+00FF without accents; '?' stands for the sharp s, ' ' for what is no letter.
constexpr std::string_view latin =
    "aaaaaaaceeeeiiiidnooooo ouuuuyt?"
    "aaaaaaaceeeeiiiidnooooo ouuuuyty";

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// U+2000 to U+206F, general punctuation: dashes, quotation marks and the like, three bytes each.
bool is_punctuation_at(std::string_view text, std::size_t i) {
    return i + 2 < text.size() && text[i] == '\xE2' && (text[i + 1] == '\x80' || text[i + 1] == '\x81');
}

/// U+0300 to U+036F, the accents of decomposed letters, two bytes each.
bool is_combining_accent_at(std::string_view text, std::size_t i) {
    if (i + 1 >= text.size()) return false;
    return text[i] == '\xCC' || (text[i] == '\xCD' && static_cast<unsigned char>(text[i + 1]) < 0xB0);
}

struct Place {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
    bool found() const { return begin != std::string_view::npos; }
};

Place find_phrase(std::string_view words, std::string_view phrase, std::size_t from) {
    bool open = phrase.ends_with('*');
    if (open) phrase.remove_suffix(1);
    for (auto at = words.find(phrase, from); at != words.npos; at = words.find(phrase, at + 1)) {
        std::size_t end = at + phrase.size();
        if (open) end = std::min(words.find(' ', end), words.size());
        bool starts = at == 0 || words[at - 1] == ' ';
        bool ends = end == words.size() || words[end] == ' ';
        if (starts && ends) return {at, end};
    }
    return {};
}

}  // namespace

std::string words(std::string_view text) {
    std::string out = " ";
    auto put = [&](char c) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (is_word_character(c))
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\xC3' && i + 1 < text.size()) {
            char letter = latin[static_cast<unsigned char>(text[++i]) & 0x3F];
            if (letter == '?')
                out += "ss";
            else
                put(letter);
        } else if (is_punctuation_at(text, i)) {
            put(' ');
            i += 2;
        } else if (is_combining_accent_at(text, i)) {
            ++i;
        } else {
            put(text[i]);
        }
    }
    if (out.back() != ' ') out += ' ';
    return out;
}

bool has_phrase(std::string_view words, std::string_view phrase) {
    return find_phrase(words, phrase, 0).found();
}

bool take_phrase(std::string& words, std::string_view phrase) {
    bool taken = false;
    for (Place place = find_phrase(words, phrase, 0); place.found();
         place = find_phrase(words, phrase, place.begin)) {
        words.replace(place.begin, place.end - place.begin, "|");  // no phrase reaches over it
        taken = true;
    }
    return taken;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (char c : text) count += !is_continuation(c);
    return count;
}

std::string excerpt(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (!is_continuation(text[end]) && seen++ == most) break;
    std::string out(text.substr(0, end));
    if (end < text.size()) out += "…";
    return out;
}

}  // namespace spotter::work
