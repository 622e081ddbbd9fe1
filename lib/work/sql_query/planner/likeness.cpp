#include "work/sql_query/planner/likeness.hpp"

#include <algorithm>

#include "work/sql_query/planner/words.hpp"
#include "work/sql_query/stems.hpp"

namespace spotter::work::sql::planner {
namespace {

std::vector<std::string> without_affixes(std::vector<std::string> words, std::string_view affixes) {
    while (words.size() > 1 && rank_in(affixes, words.back())) words.pop_back();
    while (words.size() > 1 && rank_in(affixes, words.front())) words.erase(words.begin());
    return words;
}

std::string joined_words(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

bool share_a_group(const Name& one, const Name& other) {
    return std::any_of(one.groups.begin(), one.groups.end(), [&](std::size_t group) {
        return std::find(other.groups.begin(), other.groups.end(), group) != other.groups.end();
    });
}

Name name_of(std::vector<std::string> words, std::string_view affixes) {
    auto essence = without_affixes(words, affixes);
    std::string joined = joined_words(essence);
    auto groups = synonym_groups(joined);
    return {std::move(words), std::move(essence), std::move(joined), std::move(groups)};
}

}  // namespace

Name schema_name(std::string_view text) {
    return name_of(stems(text), "affixes");
}

Name said_name(std::vector<std::string> words) {
    return name_of(std::move(words), "said_affixes");
}

int likeness(const Name& said, const Name& name) {
    if (said.words.empty() || name.words.empty()) return 0;
    if (said.words == name.words) return 4;
    if (said.joined == name.joined) return 3;
    if (share_a_group(said, name)) return 2;
    bool ends_alike = name.essence.size() > said.words.size() && name.essence.back() != "id" &&
                      std::equal(said.words.rbegin(), said.words.rend(), name.essence.rbegin());
    return ends_alike ? 1 : 0;
}

}  // namespace spotter::work::sql::planner
