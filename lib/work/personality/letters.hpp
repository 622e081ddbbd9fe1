#pragma once

#include <unicode/uchar.h>

#include <cstdint>
#include <string>
#include <string_view>

/// Code points and what Unicode says of them.
namespace spotter::work::persona {

/// The code points of UTF-8 text, one after the other. What is no UTF-8 reads as a space.
class CodePoints {
  public:
    explicit CodePoints(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ >= text_.size(); }
    std::size_t at() const { return at_; }  ///< byte
    std::string_view rest() const { return text_.substr(at_); }
    void skip(std::size_t bytes) { at_ += bytes; }
    UChar32 next() {
        auto byte = static_cast<unsigned char>(text_[at_]);
        return byte < 0x80 ? (++at_, byte) : decode();
    }
    /// A space at the end.
    UChar32 peek() const {
        CodePoints ahead = *this;
        return at_end() ? ' ' : ahead.next();
    }

  private:
    UChar32 decode();

    std::string_view text_;
    std::size_t at_ = 0;
};

/// A letter, digit or mark: what words are made of.
bool is_word_character(UChar32 c);
bool is_letter(UChar32 c);
bool is_digit(UChar32 c);
bool is_mark(UChar32 c);
bool is_space(UChar32 c);

enum class Case { none, capital, lower };
Case case_of(UChar32 letter);

/// How a script sets its words apart.
enum class Spacing {
    spaces,      ///< most scripts
    characters,  ///< Han and kana: each character stands for itself
    dictionary,  ///< Thai, Lao, Khmer, Burmese: only a dictionary could tell
};
Spacing spacing(UChar32 letter);

/// Whether `c` begins a picture: emoji by default, or made one by the variation selector in `next`.
bool is_emoji(UChar32 c, UChar32 next);

/// Appends `c` in its small form.
void append_small(UChar32 c, std::string& out);

/// Appends `c` in its small form and without its accents; nothing for an accent that stands alone.
void append_folded(UChar32 c, std::string& out);

}  // namespace spotter::work::persona
