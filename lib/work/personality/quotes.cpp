#include "work/personality/quotes.hpp"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>

#include "work/personality/text.hpp"

namespace spotter::work::persona {
namespace {

/// `visit(run)` for every run of one word more than may be quoted.
template <class Visit>
void each_run(std::string_view words, Visit visit) {
    constexpr std::size_t length = most_quoted_words + 1;
    std::array<std::size_t, length> begins{};
    std::size_t seen = 0;
    each_word(words, [&](std::string_view word) {
        const auto begin = static_cast<std::size_t>(word.data() - words.data());
        begins[seen++ % length] = begin;
        if (seen < length) return;
        const std::size_t first = begins[seen % length];
        visit(words.substr(first, begin + word.size() - first));
    });
}

}  // namespace

std::vector<bool> quotes(std::span<const Said> texts, std::span<const std::string_view> sources) {
    std::vector<std::string> heard;
    for (const Said& said : texts) heard.push_back(read_text(said.text).words);
    boost::unordered_flat_map<std::string_view, std::vector<std::size_t>, std::hash<std::string_view>>
        runs;  // and the texts that have them
    for (std::size_t text = 0; text < heard.size(); ++text)
        each_run(heard[text], [&](std::string_view run) {
            auto& having = runs[run];
            if (having.empty() || having.back() != text) having.push_back(text);
        });

    std::vector<bool> quoting(texts.size());
    if (runs.empty()) return quoting;
    for (std::string_view source : sources)
        each_run(source, [&](std::string_view run) {
            auto found = runs.find(run);
            if (found == runs.end()) return;
            for (std::size_t text : found->second) quoting[text] = true;
            runs.erase(found);
        });
    return quoting;
}

}  // namespace spotter::work::persona
