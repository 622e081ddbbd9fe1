#include "work/personality/sensitive.hpp"

#include <vector>

#include "base/assets.hpp"
#include "base/json.hpp"
#include "work/words.hpp"

namespace spotter::work::persona {
namespace {

const std::vector<Sensitive>& sensitive_phrases() {
    static const json::Document file =
        json::parse(assets::read("lib/work/personality/sensitive.json")).value();
    static const std::vector<Sensitive> phrases = [] {
        std::vector<Sensitive> out;
        for (const auto& subject : file.GetObject())
            for (const json::Value& phrase : subject.value.GetArray())
                out.push_back({json::view(phrase), json::view(subject.name)});
        return out;
    }();
    return phrases;
}

}  // namespace

std::optional<Sensitive> sensitive_in(std::string_view text) {
    const std::string heard = words(text);
    for (const Sensitive& sensitive : sensitive_phrases())
        if (has_phrase(heard, sensitive.phrase)) return sensitive;
    return std::nullopt;
}

}  // namespace spotter::work::persona
