#include "work/personality/letters.hpp"

#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include <array>

namespace spotter::work::persona {
namespace {

constexpr UChar32 latin_to_cyrillic_end = 0x2000;  ///< scripts in whose letters an accent can be left out
constexpr UChar32 variation_selector = 0xFE0F;

bool is_ascii_letter(UChar32 c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The letter that `c` is built on, "e" of "é".
UChar32 base_of(UChar32 c) {
    static const UNormalizer2* const canonical = [] {
        UErrorCode error = U_ZERO_ERROR;
        return unorm2_getNFDInstance(&error);
    }();
    for (;;) {
        UChar parts[8];
        UErrorCode error = U_ZERO_ERROR;
        std::int32_t length = unorm2_getRawDecomposition(canonical, c, parts, 8, &error);
        if (length <= 0 || U_FAILURE(error) || U16_IS_SURROGATE(parts[0])) return c;
        c = parts[0];
    }
}

UChar32 small_without_accents(UChar32 c) {
    c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    return c < latin_to_cyrillic_end ? base_of(c) : c;
}

void append(UChar32 c, std::string& out) {
    char bytes[U8_MAX_LENGTH];
    std::size_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, length);
}

}  // namespace

UChar32 CodePoints::decode() {
    UChar32 c = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
    U8_NEXT(bytes, at_, text_.size(), c);
    return c < 0 ? ' ' : c;
}

bool is_word_character(UChar32 c) {
    if (c < 0x80) return is_ascii_letter(c) || (c >= '0' && c <= '9');
    return U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK) && c != variation_selector;
}

bool is_letter(UChar32 c) {
    return c < 0x80 ? is_ascii_letter(c) : (U_MASK(u_charType(c)) & U_GC_L_MASK) != 0;
}

bool is_digit(UChar32 c) {
    return c < 0x80 ? c >= '0' && c <= '9' : (U_MASK(u_charType(c)) & U_GC_N_MASK) != 0;
}

bool is_mark(UChar32 c) {
    return c >= 0x80 && (U_MASK(u_charType(c)) & U_GC_M_MASK) != 0;
}

bool is_space(UChar32 c) {
    return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') : u_isUWhiteSpace(c);
}

Case case_of(UChar32 letter) {
    if (letter < 0x80) return letter >= 'a' ? Case::lower : Case::capital;
    switch (u_charType(letter)) {
        case U_UPPERCASE_LETTER:
        case U_TITLECASE_LETTER:
            return Case::capital;
        case U_LOWERCASE_LETTER:
            return Case::lower;
        default:
            return Case::none;
    }
}

Spacing spacing(UChar32 letter) {
    if (letter < 0xE00) return Spacing::spaces;
    switch (u_getIntPropertyValue(letter, UCHAR_LINE_BREAK)) {
        case U_LB_IDEOGRAPHIC:
        case U_LB_CONDITIONAL_JAPANESE_STARTER:
        case U_LB_NONSTARTER:
            return Spacing::characters;
        case U_LB_COMPLEX_CONTEXT:
            return Spacing::dictionary;
        default:
            return Spacing::spaces;
    }
}

bool is_emoji(UChar32 c, UChar32 next) {
    if (c < 0x203C || u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER)) return false;
    return u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) ||
           (next == variation_selector && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC));
}

void append_small(UChar32 c, std::string& out) {
    append(u_tolower(c), out);
}

void append_folded(UChar32 c, std::string& out) {
    if (c < 0x80) {
        out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return;
    }
    // The letters of most of Europe are looked up: Unicode's own tables take ten times as long.
    static const std::array<UChar32, 0x250> latin = [] {
        std::array<UChar32, 0x250> table{};
        for (std::size_t letter = 0; letter < table.size(); ++letter)
            table[letter] = small_without_accents(static_cast<UChar32>(letter));
        return table;
    }();
    auto place = static_cast<std::size_t>(c);
    c = place < latin.size() ? latin[place] : small_without_accents(c);
    if (c < 0x300 || c > 0x36F) append(c, out);  // U+0300 to U+036F: accents of decomposed letters
}

}  // namespace spotter::work::persona
