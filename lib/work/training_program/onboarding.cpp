#include "work/training_program/onboarding.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "work/words.hpp"

namespace spotter::work::training {
namespace {

constexpr std::size_t longest_text = 4000;  ///< characters
constexpr std::size_t most_texts = 100;

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

}  // namespace

Error refusal(std::string_view problem, std::string_view remedy) {
    return {"invalid_input",
            fmt::format("{} {}, then set generation_status to 'pending' again.", problem, remedy)};
}

const json::Value* Fields::present(std::string_view key) const {
    if (problem_) return nullptr;
    const json::Value* value = json::find(object_, key);
    return value && !value->IsNull() ? value : nullptr;
}

void Fields::refuse(std::string_view problem, std::string_view remedy) {
    if (!problem_) problem_ = refusal(problem, remedy);
}

std::optional<std::string> Fields::bounded(std::string_view key, std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    if (characters(text) > longest_text) {
        refuse(fmt::format("The field {} holds more than {} characters.", key, longest_text), "Shorten it");
        return std::nullopt;
    }
    return std::string(text);
}

std::optional<double> Fields::number(std::string_view key, std::string_view remedy) {
    const json::Value* value = present(key);
    if (!value) return std::nullopt;
    if (value->IsNumber()) return value->GetDouble();
    if (value->IsString()) {
        std::string_view text = trimmed(json::view(*value));
        if (text.empty()) return std::nullopt;
        if (auto number = number_in(text)) return number;
    }
    refuse(fmt::format("The field {} is no number.", key), remedy);
    return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view key, std::string_view remedy) {
    const json::Value* value = present(key);
    if (!value) return std::nullopt;
    if (value->IsString()) return bounded(key, json::view(*value));
    refuse(fmt::format("The field {} is no text.", key), remedy);
    return std::nullopt;
}

std::vector<std::string> Fields::texts(std::string_view key, std::string_view remedy) {
    std::vector<std::string> out;
    const json::Value* value = present(key);
    if (!value) return out;
    auto take = [&](const json::Value& item) {
        if (!item.IsString())
            refuse(fmt::format("The field {} is no list of texts.", key), remedy);
        else if (auto text = bounded(key, json::view(item)))
            out.push_back(std::move(*text));
    };
    if (!value->IsArray()) {
        take(*value);
    } else if (value->Size() > most_texts) {
        refuse(fmt::format("The field {} lists more than {} things.", key, most_texts), "Shorten it");
    } else {
        for (const json::Value& item : value->GetArray()) take(item);
    }
    return out;
}

}  // namespace spotter::work::training
