#include "work/personality/trait_names.hpp"

#include <unordered_map>
#include <vector>

#include "base/assets.hpp"
#include "base/json.hpp"
#include "work/words.hpp"

namespace spotter::work::persona {
namespace {

struct Names {
    json::Document file = json::parse(assets::read("lib/work/personality/trait_names.json")).value();
    std::vector<std::string_view> known;
    std::unordered_map<std::string, std::string_view> by_words;  ///< aliases and the names themselves

    Names() {
        for (const auto& trait : file.GetObject()) {
            std::string_view name = json::view(trait.name);
            known.push_back(name);
            by_words.emplace(words(name), name);
            for (const json::Value& alias : trait.value.GetArray())
                by_words.emplace(words(json::view(alias)), name);
        }
    }
};

const Names& names() {
    static const Names all;
    return all;
}

}  // namespace

std::span<const std::string_view> known_traits() {
    return names().known;
}

std::string_view canonical_trait(std::string_view name) {
    auto found = names().by_words.find(words(name));
    return found == names().by_words.end() ? name : found->second;
}

std::string trait_key(std::string_view name) {
    return words(canonical_trait(name));
}

}  // namespace spotter::work::persona
