#include "llm/completion.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "base/json.hpp"
#include "llm/classify.hpp"

namespace spotter::llm {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// More tokens than any model makes: a count beyond it is nonsense.
constexpr std::int64_t most_tokens = 1'000'000'000;

void member(Writer& writer, const char* key, std::string_view value) {
    writer.Key(key);
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void write_message(Writer& writer, std::string_view role, const std::string& content) {
    if (content.empty()) return;
    writer.StartObject();
    member(writer, "role", role);
    member(writer, "content", content);
    writer.EndObject();
}

void write_format(Writer& writer, const Prompt& prompt, Capabilities::Format format) {
    if (format == Capabilities::Format::none || prompt.schema.empty()) return;
    writer.Key("response_format");
    writer.StartObject();
    if (format == Capabilities::Format::json_object) {
        member(writer, "type", "json_object");
    } else {
        member(writer, "type", "json_schema");
        writer.Key("json_schema");
        writer.StartObject();
        member(writer, "name", prompt.schema_name);
        writer.Key("strict");
        writer.Bool(true);
        writer.Key("schema");
        writer.RawValue(prompt.schema.data(), prompt.schema.size(), rapidjson::kObjectType);
        writer.EndObject();
    }
    writer.EndObject();
}

void write_token_limit(Writer& writer, int max_tokens, Capabilities::TokenLimit limit) {
    if (limit == Capabilities::TokenLimit::none || max_tokens <= 0) return;
    writer.Key(limit == Capabilities::TokenLimit::max_tokens ? "max_tokens" : "max_completion_tokens");
    writer.Int(max_tokens);
}

Failure malformed(int status, std::string message) {
    Failure failure;
    failure.kind = Failure::Kind::malformed;
    failure.status = status;
    failure.message = std::move(message);
    return failure;
}

std::optional<long> tokens(const json::Value* usage, std::string_view key) {
    if (!usage) return std::nullopt;
    const auto* count = json::find(*usage, key);
    if (!count || !count->IsInt64() || count->GetInt64() < 0 || count->GetInt64() > most_tokens)
        return std::nullopt;
    return static_cast<long>(count->GetInt64());
}

std::optional<Finish> finish_of(std::string_view reason) {
    if (reason == "stop") return Finish::stop;
    if (reason == "length" || reason == "max_tokens") return Finish::truncated;
    if (reason == "content_filter") return Finish::refused;
    return std::nullopt;
}

/// Finish and text of the first choice, the one we asked for.
Result<Reply, Failure> read_choice(const json::Value& document) {
    const auto* choices = json::find(document, "choices");
    if (!choices || !choices->IsArray() || choices->Empty())
        return malformed(200, "the answer has no choices: is this the address of a chat completions server?");
    const json::Value& choice = (*choices)[0];
    const auto reason = json::text(choice, "finish_reason");
    if (!reason)
        return malformed(200, "the answer has no finish_reason, so that nobody knows whether it is whole");
    const auto finish = finish_of(*reason);
    if (!finish) return malformed(200, fmt::format("the answer ended with finish_reason \"{}\"", *reason));

    Reply reply;
    reply.finish = *finish;
    const auto* message = json::find(choice, "message");
    const auto content = message ? json::text(*message, "content") : std::nullopt;
    const auto refusal = message ? json::text(*message, "refusal") : std::nullopt;
    if (refusal && !refusal->empty()) {
        reply.finish = Finish::refused;
        reply.text = *refusal;
    } else if (content) {
        reply.text = *content;
    } else if (reply.finish == Finish::stop) {
        return malformed(200, "the answer's message has no content");
    }
    return reply;
}

Result<Reply, Failure> read_success(const net::HttpResponse& response,
                                    std::chrono::system_clock::time_point now) {
    const auto document = json::parse(response.body);
    if (!document) return malformed(response.status, "the answer is not JSON: " + document.error().message);
    const auto* error = json::find(*document, "error");
    if (error && !error->IsNull()) return classify_embedded(*document, response.headers, now);

    auto reply = read_choice(*document);
    if (!reply) return reply;
    const auto* usage = json::find(*document, "usage");
    reply->usage = {tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens")};
    reply->model = json::text(*document, "model").value_or("");
    reply->request_id = json::text(*document, "id").value_or("");
    return reply;
}

Reply filtered() {
    Reply reply;
    reply.finish = Finish::refused;
    return reply;
}

}  // namespace

std::string completion_body(std::string_view model, const Prompt& prompt, const Capabilities& capabilities,
                            std::optional<double> temperature) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    member(writer, "model", model);
    writer.Key("messages");
    writer.StartArray();
    write_message(writer, "system", prompt.system);
    write_message(writer, "user", prompt.user);
    writer.EndArray();
    write_format(writer, prompt, capabilities.format);
    write_token_limit(writer, prompt.max_tokens, capabilities.token_limit);
    if (temperature && capabilities.temperature) {
        writer.Key("temperature");
        writer.Double(*temperature);
    }
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Result<Reply, Failure> read_completion(const net::HttpResponse& response,
                                       std::chrono::system_clock::time_point now) {
    Result<Reply, Failure> outcome = filtered();
    if (response.status / 100 == 2)
        outcome = read_success(response, now);
    else if (!is_content_filter(response.status, response.body))
        outcome = classify_status(response.status, response.headers, response.body, now);

    // A header may hold any bytes; what is stored must be text.
    const auto id = net::find_header(response.headers, "x-request-id");
    const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
    if (outcome && id && std::all_of(id->begin(), id->end(), printable)) outcome->request_id = *id;
    return outcome;
}

}  // namespace spotter::llm
