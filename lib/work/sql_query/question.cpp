#include "work/sql_query/question.hpp"

#include <fmt/format.h>

#include "work/refusal.hpp"
#include "work/words.hpp"

namespace spotter::work::sql {
namespace {

constexpr std::size_t largest_input = 2 * 1024 * 1024;  ///< bytes
constexpr std::size_t longest_prompt = 4000;            ///< characters
constexpr std::size_t longest_version = 20;             ///< characters, as ai_worker_cache keeps it

/// The member `key`, or nullptr when there is none or it is null.
const json::Value* present(const json::Value& input, std::string_view key) {
    const json::Value* value = json::find(input, key);
    return value && !value->IsNull() ? value : nullptr;
}

Result<std::string> read_prompt(const json::Value& input) {
    constexpr std::string_view remedy =
        R"(Write your question in the input, {"prompt": "How many orders were placed last week?"})";
    const json::Value* value = present(input, "prompt");
    if (!value) return refusal("The input has no prompt.", remedy);
    if (!value->IsString()) return refusal("The prompt is no text.", remedy);
    std::string_view prompt = trimmed(json::view(*value));
    if (prompt.empty()) return refusal("The prompt is empty.", remedy);
    std::size_t length = characters(prompt);
    if (length > longest_prompt)
        return refusal(fmt::format("The prompt has {} characters.", length),
                       fmt::format("Shorten it to {} at the most", longest_prompt));
    return std::string(prompt);
}

Result<std::optional<std::string>> read_version(const json::Value& input) {
    constexpr std::string_view remedy =
        "Write schema_version as a text of at most 20 characters such as \"v1\", or leave it out";
    const json::Value* value = present(input, "schema_version");
    if (!value) return std::optional<std::string>{};
    if (!value->IsString()) return refusal("The schema_version is no text.", remedy);
    if (characters(json::view(*value)) > longest_version)
        return refusal("The schema_version is too long.", remedy);
    return std::optional(std::string(json::view(*value)));
}

/// SQL that is asked for by who knows another schema would not do.
std::optional<Error> wrong_version(const std::optional<std::string>& asked,
                                   const std::optional<std::string>& present) {
    if (!asked || !present || *asked == *present) return std::nullopt;
    return refusal(
        fmt::format("The schema_version is \"{}\", and the database's is \"{}\".", *asked, *present),
        fmt::format("Write \"{}\", or leave it out", *present));
}

std::optional<Error> wrong_mode(const json::Value& input) {
    const json::Value* mode = present(input, "mode");
    if (!mode || (mode->IsString() && json::view(*mode) == "sql_only")) return std::nullopt;
    return refusal("The mode is unknown.", "Write \"sql_only\" as the mode, or leave it out");
}

}  // namespace

Result<Question> read_question(std::string_view input, std::string_view schema_text) {
    if (input.size() > largest_input)
        return refusal(fmt::format("The input takes more than {} MiB.", largest_input / 1024 / 1024),
                       "Shorten the prompt");
    auto document = json::parse(input);
    if (!document)
        return refusal(fmt::format("The input is no JSON: {}.", document.error().message), "Correct it");
    if (!document->IsObject())
        return refusal("The input is no JSON object.",
                       R"(Write it as {"prompt": "How many orders were placed last week?"})");
    auto prompt = read_prompt(*document);
    if (!prompt) return prompt.error();
    if (auto error = wrong_mode(*document)) return *error;
    auto version = read_version(*document);
    if (!version) return version.error();
    auto schema = schema_of(schema_text);
    if (!schema) return schema.error();
    const auto& present = (*schema)->version();
    if (auto error = wrong_version(*version, present)) return *error;
    if (present) *version = present;
    return Question{std::move(*prompt), std::move(*version), std::move(*schema)};
}

}  // namespace spotter::work::sql
