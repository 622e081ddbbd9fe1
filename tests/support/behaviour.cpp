#include "support/behaviour.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace spotter::test {

Behaviour answer(std::string body, int status, net::Headers headers) {
    Behaviour behaviour;
    behaviour.status = status;
    behaviour.headers = std::move(headers);
    behaviour.headers.push_back({"Content-Type", "application/json"});
    behaviour.body = std::move(body);
    return behaviour;
}

Behaviour completion(std::string_view content, std::string_view finish_reason) {
    return answer(completion_json(content, finish_reason), 200, {{"x-request-id", "req-scripted"}});
}

Behaviour refusal(int status, std::string_view code, std::string_view message, net::Headers headers) {
    std::string body =
        fmt::format(R"({{"error":{{"message":{},"type":"scripted_error","param":null,"code":{}}}}})",
                    json::quoted(message), json::quoted(code));
    return answer(std::move(body), status, std::move(headers));
}

Behaviour garbage(std::string bytes) {
    Behaviour behaviour;
    behaviour.raw = true;
    behaviour.hang_up = true;
    behaviour.body = std::move(bytes);
    return behaviour;
}

Behaviour silence() {
    Behaviour behaviour;
    behaviour.never = true;
    return behaviour;
}

Behaviour held(Behaviour behaviour) {
    behaviour.held = true;
    return behaviour;
}

Behaviour delayed(Behaviour behaviour, std::chrono::milliseconds delay) {
    behaviour.delay = delay;
    return behaviour;
}

Behaviour cut(Behaviour behaviour, std::size_t after_bytes) {
    behaviour.cut_at = after_bytes;
    return behaviour;
}

Behaviour dripping(Behaviour behaviour, std::size_t bytes, std::chrono::milliseconds pause) {
    behaviour.drip = bytes;
    behaviour.pause = pause;
    return behaviour;
}

std::string completion_json(std::string_view content, std::string_view finish_reason) {
    return fmt::format(
        R"({{"id":"chatcmpl-scripted","object":"chat.completion","model":"scripted-model","choices":[{{"index":0,)"
        R"("message":{{"role":"assistant","content":{},"refusal":null}},"finish_reason":{}}}],)"
        R"("usage":{{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}}})",
        json::quoted(content), json::quoted(finish_reason));
}

}  // namespace spotter::test
