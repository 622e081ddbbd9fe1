#include "work/sql_query/planner/token.hpp"

#include <algorithm>
#include <chrono>

#include "work/sql_query/stems.hpp"
#include "work/words.hpp"

namespace spotter::work::sql::planner {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::pair<std::string_view, std::string_view> quotes[] = {{"\"", "\""}, {"'", "'"}, {"`", "`"},
                                                                    {"“", "”"},   {"‘", "’"}, {"«", "»"}};

constexpr std::string_view signs[] = {">=", "<=", "<>", "!=", "≥", "≤", "=", "<", ">", ","};

/// "2024-01-31".
bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i != 4 && i != 7 && !is_digit(text[i])) return false;
    auto number = [&](std::size_t at, std::size_t size) {
        int out = 0;
        for (char c : text.substr(at, size)) out = 10 * out + (c - '0');
        return out;
    };
    using namespace std::chrono;
    return year_month_day(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                          day(static_cast<unsigned>(number(8, 2))))
        .ok();
}

class Tokenizer {
  public:
    explicit Tokenizer(std::string_view text) : plain_(text) {
        for (std::string_view curly : {"‘", "’"}) replace(curly, "'");
        for (std::string_view sign : {"¿", "¡", "€", "£", "¥", "…", "–", "—", "\u00A0"}) replace(sign, " ");
        text_ = plain_;
    }

    std::vector<Token> read() {
        while (at_ < text_.size())
            if (!read_quoted() && !read_number() && !read_word() && !read_sign()) ++at_;
        return std::move(tokens_);
    }

  private:
    void replace(std::string_view sign, std::string_view plain) {
        for (auto at = plain_.find(sign); at != plain_.npos; at = plain_.find(sign, at + plain.size()))
            plain_.replace(at, sign.size(), plain);
    }

    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    bool after_word() const { return at_ > 0 && (is_letter(text_[at_ - 1]) || is_digit(text_[at_ - 1])); }

    bool read_quoted() {
        for (auto [open, close] : quotes) {
            if (!starts(open) || after_word()) continue;
            std::size_t begin = at_ + open.size(), end = text_.find(close, begin);
            if (end == text_.npos || end == begin) continue;
            std::string said(text_.substr(begin, end - begin));
            tokens_.push_back({Token::quoted, said, "", "", false});
            at_ = end + close.size();
            return true;
        }
        return false;
    }

    /// "12", "1,200.50", "$50", "3k" and "2024-01-31"; not the "2" of "b2b".
    bool read_number() {
        if (!is_digit(text_[at_])) return false;
        if (is_date(text_.substr(at_, 10)) && (at_ + 10 == text_.size() || !is_digit(text_[at_ + 10]))) {
            tokens_.push_back({Token::date, std::string(text_.substr(at_, 10)), "", "", false});
            at_ += 10;
            return true;
        }
        std::string digits;
        std::size_t end = at_;
        auto digit_at = [&](std::size_t i) { return i < text_.size() && is_digit(text_[i]); };
        auto groups = [&] {
            return digit_at(end + 1) && digit_at(end + 2) && digit_at(end + 3) && !digit_at(end + 4);
        };
        while (end < text_.size()) {
            if (is_digit(text_[end]) ||
                (text_[end] == '.' && digit_at(end + 1) && digits.find('.') == digits.npos))
                digits += text_[end++];
            else if (text_[end] == ',' && groups())
                ++end;
            else
                break;
        }
        if (end < text_.size() && (text_[end] == 'k' || text_[end] == 'K') &&
            digits.find('.') == digits.npos && (end + 1 == text_.size() || !is_letter(text_[end + 1]))) {
            digits += "000";
            ++end;
        }
        // "3rd", "2fa", a UUID, and what no column can hold are words.
        bool goes_on = end < text_.size() && (is_letter(text_[end]) || text_[end] == '-');
        if (goes_on || digits.size() > 30) return false;
        if (end < text_.size() && text_[end] == '%') {  // no number of any column that we know of
            digits += '%';
            tokens_.push_back({Token::word, digits, digits, digits, false});
            at_ = end + 1;
            return true;
        }
        tokens_.push_back({Token::number, digits, "", "", false});
        at_ = end;
        return true;
    }

    /// A name such as created_at and an address such as ana@example.com are words.
    bool read_word() {
        if (!is_letter(text_[at_]) && !is_digit(text_[at_]) && text_[at_] != '@') return false;
        std::size_t end = at_;
        auto goes_on = [&](std::size_t i) {
            return i < text_.size() && (is_letter(text_[i]) || is_digit(text_[i]));
        };
        while (goes_on(end) ||
               (end < text_.size() && std::string_view(".@-+").find(text_[end]) != std::string_view::npos &&
                goes_on(end + 1)))
            ++end;
        for (auto [open, close] : quotes)  // the quotes of other scripts are letters to us
            end = std::min(end, text_.find(close, at_));
        if (end == at_) return false;
        std::string_view whole = text_.substr(at_, end - at_);
        // "sign-up" is two words, "ABC-12" and "ana.b@example.com" are one.
        if (std::none_of(whole.begin(), whole.end(), [](char c) { return c == '@' || is_digit(c); }))
            end = std::min(end, text_.find_first_of(".-+", at_));
        // "O'Brien" is one word, "don't" are two.
        auto letters = [&](std::size_t i) { return i < text_.size() && is_letter(text_[i]); };
        if (text_.substr(end).starts_with("'") && letters(end + 1) && letters(end + 2) && letters(end + 3))
            for (++end; letters(end);) ++end;
        std::string said(text_.substr(at_, end - at_));
        at_ = end;
        if (starts("'s")) at_ += 2;
        std::string plain(trimmed(words(said)));
        if (said.find_first_of("_@'") != said.npos) {
            plain = said;
            std::transform(plain.begin(), plain.end(), plain.begin(),
                           [](unsigned char c) { return std::tolower(c); });
        }
        if (plain.empty()) return true;
        bool capital = said.front() >= 'A' && said.front() <= 'Z';
        tokens_.push_back({Token::word, said, plain, stem(plain), capital});
        return true;
    }

    bool read_sign() {
        for (std::string_view sign : signs) {
            if (!starts(sign)) continue;
            tokens_.push_back({Token::word, std::string(sign), std::string(sign), std::string(sign), false});
            at_ += sign.size();
            return true;
        }
        return false;
    }

    std::string plain_;  ///< with one sort of apostrophe
    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view question) {
    return Tokenizer(question).read();
}

}  // namespace spotter::work::sql::planner
