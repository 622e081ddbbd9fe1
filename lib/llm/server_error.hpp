#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace spotter::llm {

/// What a server says went wrong, in whichever shape it says it. All of it is the server's text.
struct ServerError {
    std::string code;     ///< "insufficient_quota", or a number as text; may be empty
    std::string type;     ///< "invalid_request_error"; may be empty
    std::string param;    ///< the request's parameter that it is about; may be empty
    std::string message;  ///< may be empty

    /// Lower-case code, type and message together, to look for phrases in.
    std::string haystack() const;
};

/// Reads the shapes of OpenAI, Azure and OpenRouter (`{"error": {…}}`), Ollama (`{"error": "…"}`), vLLM
/// (`{"message": …}`), FastAPI (`{"detail": …}`) and Gemini (the first of an array). A body of another shape
/// is its own message, unless it is a page.
ServerError read_server_error(std::string_view body);
ServerError read_server_error(const json::Value& document);

/// `message` as a log may hold it: without `key`, without what reads like a key, without longer pieces of
/// `prompt` that the server quotes back, one line, at most 300 bytes.
std::string safe_message(std::string message, std::string_view key, std::string_view prompt);

}  // namespace spotter::llm
