#include "work/personality/planner/features.hpp"

#include <algorithm>

#include "work/personality/planner/mood.hpp"

namespace spotter::work::persona {
namespace {

/// Words of the corpus that carry `sign`.
int count(const Corpus& corpus, Sign sign) {
    int found = 0;
    for (const auto& lexeme : corpus.lexemes)
        if (lexeme.signs.has(sign)) found += lexeme.uses;
    return found;
}

double moving_type_token_ratio(const Corpus& corpus) {
    constexpr std::size_t window = 50;
    std::vector<Corpus::Place> all;
    for (const auto& post : corpus.posts) all.insert(all.end(), post.begin(), post.end());
    std::vector<int> inside(corpus.lexemes.size());
    std::size_t types = 0, sum = 0, windows = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        types += inside[all[i]]++ == 0;
        if (i >= window) types -= --inside[all[i - window]] == 0;
        if (i + 1 < window && i + 1 < all.size()) continue;  // the first window is not full yet
        sum += types;
        ++windows;
    }
    const std::size_t width = std::min(window, all.size());
    return static_cast<double>(sum) / static_cast<double>(windows * width);
}

/// `part` in a hundred of `whole`.
double in_hundred(int part, int whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
}

void measure_script(const Counts& sum, Features& out) {
    if (2 * sum.spaced_words >= sum.words) {
        out.long_words = in_hundred(sum.long_words, sum.words);
        out.readability = *out.words_a_sentence + *out.long_words;
    }
    if (int starts = sum.capital_starts + sum.lower_starts; starts > 0) {
        out.shouted = in_hundred(sum.shouted_words, sum.words);
        out.capital_starts = in_hundred(sum.capital_starts, starts);
    }
}

void measure_language(const Corpus& corpus, int words, Features& out) {
    Mood mood;
    for (const auto& post : corpus.posts) {
        Mood one = mood_of(corpus, post);
        mood.positive += one.positive;
        mood.negative += one.negative;
    }
    out.positive = in_hundred(mood.positive, words);
    out.negative = in_hundred(mood.negative, words);
    if (mood.positive + mood.negative > 0)
        out.praise = in_hundred(mood.positive, mood.positive + mood.negative);
    for (auto [figure, sign] : {std::pair{&Features::hedges, Sign::hedge},
                                {&Features::certainty, Sign::certain},
                                {&Features::self, Sign::self},
                                {&Features::you, Sign::you},
                                {&Features::together, Sign::together},
                                {&Features::laughter, Sign::laughter},
                                {&Features::curiosity, Sign::curiosity},
                                {&Features::planning, Sign::planning},
                                {&Features::courtesy, Sign::courtesy},
                                {&Features::reasoning, Sign::reasoning},
                                {&Features::informal, Sign::informal},
                                {&Features::technical, Sign::technical}})
        out.*figure = in_hundred(count(corpus, sign), words);
}

}  // namespace

bool is_known_language(const Corpus& corpus) {
    int words = 0;
    for (const auto& post : corpus.posts) words += static_cast<int>(post.size());
    return 10 * count(corpus, Sign::common) >= 3 * words;
}

Features measure(std::span<const Post> posts, const Corpus& corpus) {
    Counts sum;
    for (const Post& post : posts) sum += post.read.counts;
    const auto a_post = [&](int total) {
        return static_cast<double>(total) / static_cast<double>(posts.size());
    };
    const int sentences = std::max(sum.sentences, 1);

    Features out;
    out.words = sum.words;
    out.words_a_post = a_post(sum.words);
    out.words_a_sentence = static_cast<double>(sum.words) / sentences;
    out.vocabulary = 100 * moving_type_token_ratio(corpus);
    out.exclamations = a_post(sum.exclamations);
    out.questions = a_post(sum.questions);
    out.emoji = a_post(sum.emoji);
    out.ellipses = a_post(sum.ellipses);
    out.links = a_post(sum.links);
    out.mentions = a_post(sum.mentions);
    out.commas = static_cast<double>(sum.commas) / sentences;
    out.numbers = in_hundred(sum.number_words, sum.words);
    measure_script(sum, out);
    if (is_known_language(corpus)) measure_language(corpus, sum.words, out);
    return out;
}

}  // namespace spotter::work::persona
