#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace spotter::test {

/// What a scripted server does with one request. Made by the functions below and bent by the others.
struct Behaviour {
    int status = 200;
    net::Headers headers;  ///< Content-Length is added unless it stands here or `raw` is set
    std::string body;
    bool raw = false;                    ///< `body` is all that is sent, head and all
    bool never = false;                  ///< nothing is sent; the connection stays until the client leaves it
    bool hang_up = false;                ///< the connection is closed after the answer, unannounced
    bool held = false;                   ///< nothing is sent before `ScriptedModel::release()`
    std::chrono::milliseconds delay{0};  ///< before the first byte
    std::optional<std::size_t> cut_at;   ///< the connection is closed after so many bytes, head included
    std::size_t drip = 0;                ///< bytes at a time; 0 for all at once
    std::chrono::milliseconds pause{0};  ///< after each drip
};

/// A JSON answer with any status.
Behaviour answer(std::string body, int status = 200, net::Headers headers = {});
/// OpenAI's chat completion with that content.
Behaviour completion(std::string_view content, std::string_view finish_reason = "stop");
/// OpenAI's error object with that status.
Behaviour refusal(int status, std::string_view code, std::string_view message, net::Headers headers = {});
Behaviour garbage(std::string bytes = "\x16\x03 this is not HTTP\r\n\r\n");
Behaviour silence();

Behaviour held(Behaviour behaviour);
Behaviour delayed(Behaviour behaviour, std::chrono::milliseconds delay);
Behaviour cut(Behaviour behaviour, std::size_t after_bytes);
Behaviour dripping(Behaviour behaviour, std::size_t bytes, std::chrono::milliseconds pause);

/// The JSON text of a chat completion.
std::string completion_json(std::string_view content, std::string_view finish_reason = "stop");

}  // namespace spotter::test
