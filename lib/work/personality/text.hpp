#pragma once

#include <string>
#include <string_view>

/// What can be counted in a text of any script.
namespace spotter::work::persona {

/// Sums over one text or many.
struct Counts {
    int words = 0;           ///< as `read_text` tells them apart
    int spaced_words = 0;    ///< of them, those of scripts that put spaces between words
    int long_words = 0;      ///< spaced words of more than six letters
    int number_words = 0;    ///< words with a digit
    int shouted_words = 0;   ///< words of two letters or more, all of them capitals
    int sentences = 0;       ///< with at least one word; lines end them too
    int capital_starts = 0;  ///< sentences that begin with a capital
    int lower_starts = 0;    ///< sentences that begin with a small letter; scripts without case have neither
    int commas = 0;
    int exclamations = 0;  ///< marks, so "!!" is two
    int questions = 0;
    int ellipses = 0;
    int emoji = 0;  ///< one a picture, however many code points it is made of
    int links = 0;  ///< web and mail addresses
    int mentions = 0;

    Counts& operator+=(const Counts& other);
};

/// A text, read once.
struct Text {
    std::string words;  ///< folded, a space between and at both ends: " it's a run "; " " when there is none
    Counts counts;
};

/// Words are what people count: letters, digits and marks of any script, with apostrophes, hyphens and
/// decimal points inside. Links, addresses, mentions and emoji are none. Of scripts without spaces a Han or
/// kana character is a word, as word processors have it, and of Thai, Lao, Khmer and Burmese every four
/// letters are, which is near the length of their words. `text` is UTF-8; bytes that are not count as spaces.
Text read_text(std::string_view text);

/// `text` in small letters and without accents, white space as single spaces and none at the ends.
std::string folded(std::string_view text);

/// `visit(word)` for every word of a `Text::words`.
template <class Visit>
void each_word(std::string_view words, Visit visit) {
    for (std::size_t begin = 1; begin < words.size();) {
        std::size_t end = words.find(' ', begin);
        visit(words.substr(begin, end - begin));
        begin = end + 1;
    }
}

}  // namespace spotter::work::persona
