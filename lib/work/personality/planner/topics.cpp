#include "work/personality/planner/topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "work/personality/letters.hpp"
#include "work/personality/planner/features.hpp"
#include "work/personality/planner/mood.hpp"
#include "work/personality/sensitive.hpp"
#include "work/words.hpp"

namespace spotter::work::persona {
namespace {

using Place = Corpus::Place;

constexpr std::size_t shortest = 3, longest = 30;  ///< characters of a word
constexpr Place none = 0xFFFFFFFF;                 ///< in place of the second word of two

/// One word or two, and the posts that have them.
struct Candidate {
    Place first = 0, second = none;
    int posts = 0, praised = 0;
    std::size_t last_post = 0;

    void count(std::size_t post, bool is_praised) {
        if (posts > 0 && last_post == post) return;
        ++posts;
        praised += is_praised;
        last_post = post;
    }
};

/// Words of no other sign than these say what a text is about.
bool may_be_topic(const Corpus::Lexeme& lexeme) {
    if (!lexeme.signs.none_but(Sign::technical, Sign::curiosity, Sign::planning)) return false;
    const std::size_t length = characters(lexeme.word);
    if (length < shortest || length > longest) return false;
    CodePoints in(lexeme.word);
    while (!in.at_end())
        if (is_digit(in.next())) return false;
    return true;
}

/// By post.
std::vector<bool> praised_posts(const Corpus& corpus) {
    std::vector<bool> out;
    for (const auto& words : corpus.posts) {
        const Mood mood = mood_of(corpus, words);
        out.push_back(mood.positive > mood.negative);
    }
    return out;
}

/// By lexeme; those that may be no topic have no posts.
std::vector<Candidate> count_words(const Corpus& corpus, const std::vector<bool>& praised) {
    std::vector<bool> may(corpus.lexemes.size());
    std::vector<Candidate> out(corpus.lexemes.size());
    for (Place place = 0; place < may.size(); ++place) {
        may[place] = may_be_topic(corpus.at(place));
        out[place].first = place;
    }
    for (std::size_t post = 0; post < corpus.posts.size(); ++post)
        for (Place word : corpus.posts[post])
            if (may[word]) out[word].count(post, praised[post]);
    return out;
}

/// Two words side by side that stand so in two posts at least, and in half of those that have the rarer one.
std::vector<Candidate> count_pairs(const Corpus& corpus, const std::vector<Candidate>& words,
                                   const std::vector<bool>& praised) {
    std::vector<std::pair<std::uint64_t, std::size_t>>
        uses;  // of a pair in a post; sorted, as there are many
    for (std::size_t post = 0; post < corpus.posts.size(); ++post) {
        const auto& in = corpus.posts[post];
        for (std::size_t i = 1; i < in.size(); ++i)
            if (words[in[i - 1]].posts > 1 && words[in[i]].posts > 1 && in[i - 1] != in[i])
                uses.emplace_back(std::uint64_t{in[i - 1]} << 32 | in[i], post);
    }
    std::sort(uses.begin(), uses.end());
    std::vector<Candidate> out;
    for (auto [pair, post] : uses) {
        const auto first = static_cast<Place>(pair >> 32), second = static_cast<Place>(pair);
        if (out.empty() || out.back().first != first || out.back().second != second)
            out.push_back({first, second});
        out.back().count(post, praised[post]);
    }
    std::erase_if(out, [&](const Candidate& pair) {
        return pair.posts < 2 || 2 * pair.posts < std::min(words[pair.first].posts, words[pair.second].posts);
    });
    return out;
}

/// Pairs, and words that come twice or more without mostly coming in a pair. Words of enquiry and of
/// planning, "learning" or "training", are topics only beside another word.
std::vector<Candidate> candidates(const Corpus& corpus) {
    const std::vector<bool> praised = praised_posts(corpus);
    const std::vector<Candidate> words = count_words(corpus, praised);
    std::vector<Candidate> out = count_pairs(corpus, words, praised);
    std::vector<bool> told(words.size());
    for (const Candidate& pair : out)
        for (Place place : {pair.first, pair.second})
            if (2 * pair.posts >= words[place].posts) told[place] = true;
    for (const Candidate& word : words)
        if (word.posts > 1 && !told[word.first] && corpus.at(word.first).signs.none_but(Sign::technical))
            out.push_back(word);
    return out;
}

/// `word` as `text` spells it, but in small letters; as it is where it is not found in one piece.
std::string spelled(std::string_view word, std::string_view text) {
    CodePoints in(text);
    while (!in.at_end()) {
        const std::size_t begin = in.at();
        std::string small;
        while (is_word_character(in.peek())) append_small(in.next(), small);
        if (in.at() == begin)
            in.next();
        else if (read_text(small).words == fmt::format(" {} ", word))
            return small;
    }
    return std::string(word);
}

}  // namespace

std::vector<Topic> topics_of(std::span<const Post> posts, const Corpus& corpus, std::size_t most) {
    std::vector<Topic> out;
    if (!is_known_language(corpus)) return out;
    std::vector<Candidate> found = candidates(corpus);
    auto key = [&](const Candidate& candidate) {
        return std::make_tuple(-candidate.posts, corpus.at(candidate.first).word,
                               candidate.second == none ? "" : corpus.at(candidate.second).word);
    };
    std::sort(found.begin(), found.end(),
              [&](const Candidate& a, const Candidate& b) { return key(a) < key(b); });
    for (const Candidate& candidate : found) {
        if (out.size() == most) break;
        const std::string& text = posts[candidate.last_post].text;
        std::string topic = spelled(corpus.at(candidate.first).word, text);
        if (candidate.second != none) topic += " " + spelled(corpus.at(candidate.second).word, text);
        if (!sensitive_in(topic)) out.push_back({std::move(topic), candidate.posts, candidate.praised});
    }
    return out;
}

}  // namespace spotter::work::persona
