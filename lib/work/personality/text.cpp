#include "work/personality/text.hpp"

#include "work/personality/address.hpp"
#include "work/personality/letters.hpp"

namespace spotter::work::persona {
namespace {

constexpr UChar32 joiner = 0x200D;                                          ///< of one picture made of many
constexpr UChar32 first_flag_letter = 0x1F1E6, last_flag_letter = 0x1F1FF;  ///< a flag is two of them

/// Small letters between two words stand for one: "it's", "well-known".
bool is_apostrophe(UChar32 c) {
    return c == '\'' || c == 0x2019;
}
bool is_hyphen(UChar32 c) {
    return c == '-' || c == 0x2010 || c == 0x2011;
}

bool is_handle_character(UChar32 c) {
    return is_word_character(c) || c == '_';
}

/// Whether one of `marks` stands here with a handle behind it.
bool goes_on(CodePoints in, std::string_view marks) {
    if (in.at_end() || marks.find(in.rest().front()) == marks.npos) return false;
    in.next();
    return is_handle_character(in.peek());
}

bool ends_sentence(UChar32 c) {
    if (c < 0x300) return c == '.' || c == '!' || c == '?' || c == '\n';
    return c == 0x2026 || u_hasBinaryProperty(c, UCHAR_S_TERM);
}

/// Reads a text from its first code point to its last.
class Reader {
  public:
    explicit Reader(std::string_view text) : in_(text) {}

    Text read() {
        out_.words.reserve(in_.rest().size() + 2);
        while (!in_.at_end()) {
            if (!take_address() && !take_mention()) take_one();
        }
        end_sentence();
        return std::move(out_);
    }

  private:
    /// Addresses begin where ASCII without a space does not go on; with a scheme anywhere.
    bool take_address() {
        std::string_view rest = in_.rest();
        bool goes_on = before_ > ' ' && before_ < 0x7F && before_ != '(' && before_ != '"';
        if (goes_on && !rest.starts_with("http://") && !rest.starts_with("https://")) return false;
        std::size_t length = address_length(rest);
        if (length == 0) return false;
        in_.skip(length);
        before_ = 'a';
        ++out_.counts.links;
        return true;
    }

    /// "@ana", and "@ana@example.social" with its host.
    bool take_mention() {
        CodePoints ahead = in_;
        if (is_word_character(before_) || !goes_on(ahead, "@")) return false;
        for (std::string_view marks = "@"; goes_on(ahead, marks); marks = "@.-") {
            ahead.next();
            while (is_handle_character(ahead.peek())) ahead.next();
        }
        in_ = ahead;
        before_ = 'a';
        ++out_.counts.mentions;
        return true;
    }

    void take_one() {
        UChar32 c = in_.next();
        if (is_word_character(c) && !is_mark(c))
            take_word(c);
        else
            take_mark(c);
    }

    void take_word(UChar32 c) {
        word_ = Word{};
        Spacing kind = spacing(c);
        add(c);
        while (continues(kind)) add(in_.next());
        word_.spaced = kind == Spacing::spaces;
        end_word();
    }

    /// Whether the next code point belongs to the word being read.
    bool continues(Spacing kind) const {
        UChar32 c = in_.peek();
        if (is_word_character(c)) {
            if (is_mark(c)) return true;
            if (spacing(c) != kind || kind == Spacing::characters) return false;
            return kind == Spacing::spaces || word_.letters < 4;
        }
        if (kind != Spacing::spaces || c == ' ') return false;
        CodePoints ahead = in_;
        ahead.next();
        UChar32 after = ahead.peek();
        if (is_apostrophe(c) || is_hyphen(c)) return is_letter(after) || is_digit(after);
        return (c == '.' || c == ',' || c == ':') && is_digit(before_) && is_digit(after);
    }

    void add(UChar32 c) {
        before_ = c;
        if (is_letter(c)) {
            append_folded(c, out_.words);
            add_letter(c);
        } else if (is_apostrophe(c)) {
            out_.words += '\'';
        } else if (is_hyphen(c)) {
            out_.words += '-';
        } else {
            append_folded(c, out_.words);
            word_.number = word_.number || is_digit(c);
        }
    }

    void add_letter(UChar32 c) {
        Case now = case_of(c);
        word_.capitals += now == Case::capital;
        if (++word_.letters == 1) word_.first = now;
    }

    void end_word() {
        out_.words += ' ';
        Counts& counts = out_.counts;
        ++counts.words;
        counts.spaced_words += word_.spaced;
        counts.long_words += word_.spaced && word_.letters > 6;
        counts.number_words += word_.number;
        counts.shouted_words += word_.letters >= 2 && word_.capitals == word_.letters;
        if (!in_sentence_) {
            counts.capital_starts += word_.first == Case::capital;
            counts.lower_starts += word_.first == Case::lower;
        }
        in_sentence_ = true;
    }

    /// Everything that is in no word.
    void take_mark(UChar32 c) {
        Counts& counts = out_.counts;
        counts.commas += c == ',' || c == 0x3001 || c == 0xFF0C || c == 0x60C;
        counts.exclamations += c == '!' || c == 0xFF01;
        counts.questions += c == '?' || c == 0xFF1F || c == 0x61F;
        counts.ellipses += c == 0x2026 || (c == '.' && before_ != '.' && in_.peek() == '.');
        if (is_emoji(c, in_.peek())) take_emoji(c);
        if (ends_sentence(c)) end_sentence();
        before_ = c;
    }

    void take_emoji(UChar32 c) {
        if (before_ == joiner) return;
        bool flag_letter = c >= first_flag_letter && c <= last_flag_letter;
        half_flag_ = flag_letter && !half_flag_;
        if (!flag_letter || half_flag_) ++out_.counts.emoji;
    }

    void end_sentence() {
        out_.counts.sentences += in_sentence_;
        in_sentence_ = false;
    }

    struct Word {
        int letters = 0, capitals = 0;
        Case first = Case::none;
        bool number = false, spaced = true;
    };

    CodePoints in_;
    Text out_{" ", {}};
    Word word_;
    UChar32 before_ = ' ';
    bool in_sentence_ = false;
    bool half_flag_ = false;
};

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
    for (int Counts::* sum :
         {&Counts::words, &Counts::spaced_words, &Counts::long_words, &Counts::number_words,
          &Counts::shouted_words, &Counts::sentences, &Counts::capital_starts, &Counts::lower_starts,
          &Counts::commas, &Counts::exclamations, &Counts::questions, &Counts::ellipses, &Counts::emoji,
          &Counts::links, &Counts::mentions})
        this->*sum += other.*sum;
    return *this;
}

Text read_text(std::string_view text) {
    return Reader(text).read();
}

std::string folded(std::string_view text) {
    std::string out;
    for (CodePoints in(text); !in.at_end();) {
        UChar32 c = in.next();
        if (!is_space(c))
            append_folded(c, out);
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace spotter::work::persona
