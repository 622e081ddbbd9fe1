#include "work/personality/planner/lexicon.hpp"

#include <fmt/format.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <stdexcept>

#include "base/assets.hpp"
#include "base/json.hpp"

namespace spotter::work::persona {
namespace {

constexpr std::pair<std::string_view, Sign> lists[] = {
    {"common", Sign::common},       {"positive", Sign::positive},   {"negative", Sign::negative},
    {"negation", Sign::negation},   {"hedge", Sign::hedge},         {"certain", Sign::certain},
    {"self", Sign::self},           {"together", Sign::together},   {"you", Sign::you},
    {"laughter", Sign::laughter},   {"curiosity", Sign::curiosity}, {"planning", Sign::planning},
    {"courtesy", Sign::courtesy},   {"reasoning", Sign::reasoning}, {"informal", Sign::informal},
    {"technical", Sign::technical},
};

using Lexicon = boost::unordered_flat_map<std::string_view, Signs, std::hash<std::string_view>>;

Lexicon load() {
    static const json::Document file =
        json::parse(assets::read("lib/work/personality/planner/lexicon.json")).value();
    Lexicon out;
    for (auto [name, sign] : lists) {
        const json::Value* languages = json::find(file, name);
        // The embedded file is part of the program: what it lacks is our mistake, not a user's.
        if (!languages) throw std::logic_error(fmt::format("lexicon.json has no list \"{}\"", name));
        for (const auto& language : languages->GetObject())
            for (const json::Value& line : language.value.GetArray()) {
                std::string_view rest = json::view(line);
                while (!rest.empty()) {
                    std::string_view word = rest.substr(0, rest.find(' '));
                    out[word].add(sign);
                    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
                }
            }
    }
    return out;
}

}  // namespace

Signs signs_of(std::string_view word) {
    static const Lexicon lexicon = load();
    auto found = lexicon.find(word);
    return found == lexicon.end() ? Signs{} : found->second;
}

}  // namespace spotter::work::persona
