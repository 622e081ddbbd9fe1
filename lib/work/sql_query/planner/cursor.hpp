#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "work/sql_query/planner/token.hpp"
#include "work/sql_query/planner/words.hpp"

namespace spotter::work::sql::planner {

/// How many tokens from `at` on the longest phrase of `sense` takes; 0 when there is none. The senses are the
/// members of phrases.json; one that is not there is a mistake in the program and throws std::logic_error.
std::size_t match_phrase(std::string_view sense, const std::vector<Token>& tokens, std::size_t at);

/// A place in a question. What is read moves it on; it can be put back.
class Cursor {
  public:
    explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    const std::vector<Token>& tokens() const { return tokens_; }
    std::size_t place() const { return at_; }
    void move_to(std::size_t place) { at_ = place; }
    void skip(std::size_t count) { at_ += count, furthest_ = std::max(furthest_, at_); }
    /// The first token that nothing could be made of, nor anything behind it; nullptr when the question is
    /// too short.
    const Token* stumble() const { return furthest_ < tokens_.size() ? &tokens_[furthest_] : peek(); }
    bool at_end() const { return at_ >= tokens_.size(); }

    /// The next token, or nullptr at the end.
    const Token* peek() const { return at_end() ? nullptr : &tokens_[at_]; }
    bool next_is(Token::Kind kind) const { return !at_end() && tokens_[at_].kind == kind; }
    bool sees(std::string_view sense) const { return match_phrase(sense, tokens_, at_) > 0; }

    /// Reads the longest phrase of `sense`; false, and nothing is read, when there is none.
    bool take(std::string_view sense);
    /// Reads as many of them as there are.
    void take_all(std::string_view sense);
    /// A whole number, in digits or as a word up to ten.
    std::optional<int> take_count();
    /// One of the adjectives under `key` of words.json; nullptr when none stands there.
    const Adjective* take_adjective(std::string_view key);

  private:
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t furthest_ = 0;
};

}  // namespace spotter::work::sql::planner
