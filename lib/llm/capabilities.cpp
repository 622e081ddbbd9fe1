#include "llm/capabilities.hpp"

#include <cctype>
#include <string>

#include "llm/contains_any.hpp"
#include "llm/server_error.hpp"

namespace spotter::llm {
namespace {

using Format = Capabilities::Format;
using TokenLimit = Capabilities::TokenLimit;

bool part_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Whether `text` holds `name` as a whole word: "max_tokens" does not stand in "max_tokens_per_day".
bool names(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const bool starts = at == 0 || !part_of_name(text[at - 1]);
        const auto end = at + name.size();
        if (starts && (end == text.size() || !part_of_name(text[end]))) return true;
    }
    return false;
}

/// The parameter is known; its value is what is wrong.
bool value_refused(std::string_view said) {
    return contains_any(said, {"invalid_value", "too large", "too small", "too high", "at most", "at least",
                               "context length", "context_length_exceeded"});
}

std::string_view text(TokenLimit limit) {
    return limit == TokenLimit::max_tokens ? "max_tokens" : "max_completion_tokens";
}

TokenLimit next(const Capabilities& sent) {
    if (sent.token_limits_tried) return TokenLimit::none;
    return sent.token_limit == TokenLimit::max_tokens ? TokenLimit::max_completion_tokens
                                                      : TokenLimit::max_tokens;
}

}  // namespace

Capabilities presumed_capabilities(const net::Url& base_url) {
    Capabilities presumed;
    const bool modern = base_url.host == "api.openai.com" || base_url.host.ends_with(".azure.com");
    if (modern) presumed.token_limit = TokenLimit::max_completion_tokens;
    return presumed;
}

std::optional<Capabilities> stepped_down(Capabilities sent, int status, std::string_view body) {
    if (status != 400 && status != 422) return std::nullopt;
    const ServerError error = read_server_error(body);
    const std::string said = error.haystack();
    const auto about = [&](std::string_view name) { return error.param == name || names(said, name); };

    const bool format = error.param.starts_with("response_format") ||
                        contains_any(said, {"response_format", "json_schema", "json schema", "json_object",
                                            "grammar", "guided", "structured output"});
    if (format && sent.format != Format::none) {
        sent.format = sent.format == Format::json_schema ? Format::json_object : Format::none;
        return sent;
    }
    if (value_refused(said)) return std::nullopt;
    if (sent.token_limit != TokenLimit::none && about(text(sent.token_limit))) {
        sent.token_limit = next(sent);
        sent.token_limits_tried = true;
        return sent;
    }
    if (sent.temperature && about("temperature")) {
        sent.temperature = false;
        return sent;
    }
    return std::nullopt;
}

}  // namespace spotter::llm
