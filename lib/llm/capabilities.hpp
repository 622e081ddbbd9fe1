#pragma once

#include <optional>
#include <string_view>

#include "net/url.hpp"

/// What an OpenAI-compatible server takes. They differ, and tell so only by refusing.
namespace spotter::llm {

struct Capabilities {
    enum class Format { json_schema, json_object, none };
    enum class TokenLimit { max_completion_tokens, max_tokens, none };

    Format format = Format::json_schema;
    TokenLimit token_limit = TokenLimit::max_tokens;
    bool token_limits_tried = false;  ///< the other name was refused before
    bool temperature = true;

    bool operator==(const Capabilities&) const = default;
};

/// What to begin with at `base_url`: OpenAI and Azure want max_completion_tokens; Ollama and old llama.cpp
/// know only max_tokens and ignore the other in silence, so everybody else is asked that way first.
Capabilities presumed_capabilities(const net::Url& base_url);

/// What to send instead of `sent` after an answer that refuses a parameter by its name; nullopt for any other
/// answer. Only ever steps down, so that repeating it ends: json_schema, json_object, none; one name of the
/// token limit, the other, none; temperature, none.
std::optional<Capabilities> stepped_down(Capabilities sent, int status, std::string_view body);

}  // namespace spotter::llm
