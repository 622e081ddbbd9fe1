#include "work/personality/planner/corpus.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>

namespace spotter::work::persona {

Corpus corpus_of(std::span<const Post> posts) {
    Corpus corpus;
    boost::unordered_flat_map<std::string_view, Corpus::Place, std::hash<std::string_view>> places;
    for (const Post& post : posts) {
        auto& words = corpus.posts.emplace_back();
        words.reserve(static_cast<std::size_t>(post.read.counts.words));
        each_word(post.read.words, [&](std::string_view word) {
            auto [place, is_new] =
                places.try_emplace(word, static_cast<Corpus::Place>(corpus.lexemes.size()));
            if (is_new) corpus.lexemes.push_back({word, signs_of(word)});
            ++corpus.lexemes[place->second].uses;
            words.push_back(place->second);
        });
    }
    return corpus;
}

}  // namespace spotter::work::persona
