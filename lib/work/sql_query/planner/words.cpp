#include "work/sql_query/planner/words.hpp"

#include <algorithm>
#include <map>

#include "base/assets.hpp"
#include "base/json.hpp"
#include "work/sql_query/stems.hpp"

namespace spotter::work::sql::planner {
namespace {

const json::Document& file() {
    static const json::Document document =
        json::parse(assets::read("lib/work/sql_query/planner/words.json")).value();
    return document;
}

std::vector<std::string> texts(const json::Value& list) {
    std::vector<std::string> out;
    for (const json::Value& text : list.GetArray()) out.emplace_back(json::view(text));
    return out;
}

std::multimap<std::string, std::size_t> every_group() {
    std::multimap<std::string, std::size_t> groups;
    const json::Value& lists = file()["synonyms"];
    for (rapidjson::SizeType i = 0; i < lists.Size(); ++i)
        for (const json::Value& word : lists[i].GetArray()) groups.emplace(joined_stems(json::view(word)), i);
    return groups;
}

std::vector<Adjective> read_adjectives(std::string_view key) {
    std::vector<Adjective> list;
    for (const json::Value& entry : (*json::find(file(), key)).GetArray())
        list.push_back({texts(entry["words"]), texts(entry["columns"]),
                        json::boolean(entry, "descending").value_or(true)});
    return list;
}

}  // namespace

std::string joined_stems(std::string_view phrase) {
    std::string out;
    for (const std::string& word : stems(phrase)) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::optional<std::size_t> place_in(std::string_view key, std::string_view word) {
    const json::Value& lists = *json::find(file(), key);
    const std::string wanted = stem(word);
    for (rapidjson::SizeType i = 0; i < lists.Size(); ++i)
        for (const json::Value& known : lists[i].GetArray())
            if (stem(json::view(known)) == wanted) return i;
    return std::nullopt;
}

std::optional<std::size_t> rank_in(std::string_view key, std::string_view words) {
    const json::Value& list = *json::find(file(), key);
    const std::string wanted = joined_stems(words);
    for (rapidjson::SizeType i = 0; i < list.Size(); ++i)
        if (joined_stems(json::view(list[i])) == wanted) return i;
    return std::nullopt;
}

std::vector<std::size_t> synonym_groups(std::string_view phrase) {
    static const auto groups = every_group();
    std::vector<std::size_t> out;
    auto [first, last] = groups.equal_range(joined_stems(phrase));
    for (auto found = first; found != last; ++found) out.push_back(found->second);
    return out;
}

const std::vector<Adjective>& adjectives(std::string_view key) {
    static const std::map<std::string_view, std::vector<Adjective>> all = {
        {"adjectives", read_adjectives("adjectives")},
        {"comparatives", read_adjectives("comparatives")},
        {"superlatives", read_adjectives("superlatives")}};
    return all.at(key);
}

}  // namespace spotter::work::sql::planner
