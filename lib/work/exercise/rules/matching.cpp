#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "work/exercise/rules/all.hpp"
#include "work/exercise/rules/helpers.hpp"

namespace spotter::work::exercises::rule {
namespace {

std::string pair_path(std::size_t index) {
    return element("/correctPairs", index);
}

/// How many pairs name each of `terms`, in their order; a pair that names none of them is rejected.
void each_in_one_pair(const Matching& matching, const std::vector<std::string>& terms,
                      std::string Pair::* side, std::string_view list, Findings& out) {
    std::map<std::string_view, int> pairs_of;
    for (const std::string& term : terms) pairs_of[term] = 0;
    for (std::size_t i = 0; i < matching.pairs.size(); ++i) {
        auto term = pairs_of.find(matching.pairs[i].*side);
        if (term == pairs_of.end())
            out.reject(pair_path(i), fmt::format("\"{}\" is not in {}; write it the same in both",
                                                 matching.pairs[i].*side, list));
        else
            ++term->second;
    }
    for (const auto& [term, count] : pairs_of)
        if (count != 1)
            out.reject("/correctPairs",
                       fmt::format("\"{}\" of {} is in {} pairs; put it in exactly one", term, list, count));
}

/// False where the vocabulary knows better: the Spanish has other meanings, or is English.
bool may_be_right(const Pair& pair) {
    auto known = in_spanish(pair.spanish);
    if (known.empty()) return in_english(pair.spanish).empty();
    bool right =
        std::any_of(known.begin(), known.end(), [&](const Term* term) { return means(*term, pair.english); });
    return right || (in_english(pair.english).empty() && in_spanish(pair.english).empty());
}

}  // namespace

void enough_pairs(const Matching& matching, const Assignment&, Findings& out) {
    at_least("/correctPairs", matching.pairs.size(), limits.least_pairs, out);
    if (matching.spanish.size() != matching.english.size() ||
        matching.spanish.size() != matching.pairs.size())
        out.reject(
            "", fmt::format("there are {} Spanish terms, {} English terms and {} pairs; give as many of each",
                            matching.spanish.size(), matching.english.size(), matching.pairs.size()));
}

void terms_distinct(const Matching& matching, const Assignment&, Findings& out) {
    distinct(matching.spanish, [](std::size_t i) { return element("/spanishTerms", i); }, out);
    distinct(matching.english, [](std::size_t i) { return element("/englishTerms", i); }, out);
}

void pairs_one_to_one(const Matching& matching, const Assignment&, Findings& out) {
    each_in_one_pair(matching, matching.spanish, &Pair::spanish, "spanishTerms", out);
    each_in_one_pair(matching, matching.english, &Pair::english, "englishTerms", out);
}

void translations_right(const Matching& matching, const Assignment&, Findings& out) {
    for (std::size_t i = 0; i < matching.pairs.size(); ++i) {
        const Pair& pair = matching.pairs[i];
        if (!may_be_right(pair))
            out.reject(pair_path(i), fmt::format("\"{}\" does not mean \"{}\"", pair.spanish, pair.english));
    }
}

/// A learner must not be able to answer rightly and be told that it is wrong.
void partners_unambiguous(const Matching& matching, const Assignment&, Findings& out) {
    for (std::size_t i = 0; i < matching.pairs.size(); ++i)
        for (const Term* term : in_spanish(matching.pairs[i].spanish))
            for (std::size_t other = 0; other < matching.pairs.size(); ++other)
                if (other != i && means(*term, matching.pairs[other].english))
                    out.reject(pair_path(i),
                               fmt::format("\"{}\" means \"{}\" of another pair as well; replace one",
                                           matching.pairs[i].spanish, matching.pairs[other].english));
}

void order_hides_pairs(const Matching& matching, const Assignment&, Findings& out) {
    if (matching.spanish.size() != matching.english.size()) return;
    auto stands_beside = [&](const Pair& pair) {
        for (std::size_t i = 0; i < matching.spanish.size(); ++i)
            if (matching.spanish[i] == pair.spanish) return matching.english[i] == pair.english;
        return false;
    };
    if (std::all_of(matching.pairs.begin(), matching.pairs.end(), stands_beside))
        out.reject("/englishTerms", "every term stands beside its partner; list them in another order");
}

void pairs_by_difficulty(const Matching& matching, const Assignment& assignment, Findings& out) {
    int difficulty = assignment.request.difficulty;
    as_many("/correctPairs", matching.pairs.size(), Limits::at(limits.pairs, difficulty), difficulty, out);
}

}  // namespace spotter::work::exercises::rule
