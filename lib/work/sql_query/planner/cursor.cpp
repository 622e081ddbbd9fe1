#include "work/sql_query/planner/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

#include "base/assets.hpp"
#include "base/json.hpp"
namespace spotter::work::sql::planner {
namespace {

const json::Document& phrases() {
    static const json::Document document =
        json::parse(assets::read("lib/work/sql_query/planner/phrases.json")).value();
    return document;
}

/// How many tokens `phrase` takes; 0 when it does not stand there.
std::size_t taken_by(std::string_view phrase, const std::vector<Token>& tokens, std::size_t at) {
    std::size_t taken = 0;
    while (!phrase.empty()) {
        std::string_view word = phrase.substr(0, phrase.find(' '));
        if (at + taken >= tokens.size() || tokens[at + taken].text != word) return 0;
        phrase.remove_prefix(std::min(word.size() + 1, phrase.size()));
        ++taken;
    }
    return taken;
}

}  // namespace

std::size_t match_phrase(std::string_view sense, const std::vector<Token>& tokens, std::size_t at) {
    const json::Value* list = json::find(phrases(), sense);
    if (!list) throw std::logic_error("phrases.json has no " + std::string(sense));
    std::size_t longest = 0;
    for (const json::Value& phrase : list->GetArray())
        longest = std::max(longest, taken_by(json::view(phrase), tokens, at));
    return longest;
}

bool Cursor::take(std::string_view sense) {
    std::size_t taken = match_phrase(sense, tokens_, at_);
    skip(taken);
    return taken > 0;
}

void Cursor::take_all(std::string_view sense) {
    while (take(sense)) {
    }
}

std::optional<int> Cursor::take_count() {
    const Token* token = peek();
    if (!token) return std::nullopt;
    if (token->kind == Token::number) {
        int number = 0;
        auto [end, error] =
            std::from_chars(token->said.data(), token->said.data() + token->said.size(), number);
        if (error != std::errc{} || end != token->said.data() + token->said.size()) return std::nullopt;
        skip(1);
        return number;
    }
    if (auto place = place_in("numbers", token->text); token->kind == Token::word && place) {
        skip(1);
        return static_cast<int>(*place) + 1;
    }
    return std::nullopt;
}

const Adjective* Cursor::take_adjective(std::string_view key) {
    for (const Adjective& adjective : adjectives(key))
        for (const std::string& words : adjective.words)
            if (std::size_t taken = taken_by(words, tokens_, at_)) {
                skip(taken);
                return &adjective;
            }
    return nullptr;
}

}  // namespace spotter::work::sql::planner
