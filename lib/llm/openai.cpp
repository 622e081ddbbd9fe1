#include "llm/openai.hpp"

#include "base/log.hpp"
#include "llm/classify.hpp"
#include "llm/completion.hpp"
#include "llm/server_error.hpp"

namespace spotter::llm {
namespace {

/// Format (two steps), token limit (two) and temperature, and then the call that may fail for itself.
constexpr int most_tries = 6;

}  // namespace

OpenAi::OpenAi(net::HttpClient& client, OpenAiSettings settings)
    : client_(client),
      settings_(std::move(settings)),
      url_(settings_.base_url.under("/chat/completions")),
      capabilities_(presumed_capabilities(settings_.base_url)) {}

boost::asio::awaitable<Result<Reply, Failure>> OpenAi::complete(const Request& request) {
    for (int tries = 1;; ++tries) {
        const Capabilities sent = capabilities_;
        const auto call = http_request(request, sent);
        const auto response = co_await client_.send(call);
        if (!response) co_return safe(classify_transport(response.error()), request);
        if (tries < most_tries && step_down(sent, *response, request)) continue;

        auto reply = read_completion(*response, std::chrono::system_clock::now());
        if (!reply) co_return safe(reply.error(), request);
        if (reply->model.empty()) reply->model = settings_.model;
        co_return reply;
    }
}

net::HttpRequest OpenAi::http_request(const Request& request, const Capabilities& sent) const {
    net::HttpRequest call;
    call.url = url_;
    call.headers = {{"Content-Type", "application/json"},
                    {"Accept", "application/json"},
                    {"User-Agent", "spotter/" SPOTTER_VERSION}};
    if (!settings_.key.empty()) call.headers.push_back({"Authorization", "Bearer " + settings_.key.reveal()});
    call.body = [this, &request, sent] {
        return completion_body(settings_.model, request.prompt(), sent, settings_.temperature);
    };
    call.deadline = request.deadline;
    return call;
}

/// True when the call is worth making again with less. Calls under way together are refused together: the
/// first to come back steps down for all.
bool OpenAi::step_down(const Capabilities& sent, const net::HttpResponse& response, const Request& request) {
    const auto less = stepped_down(sent, response.status, response.body);
    if (!less) return false;
    if (capabilities_ != sent) return true;
    capabilities_ = *less;
    log::info("model_parameter_refused", {{"provider", settings_.name},
                                          {"model", settings_.model},
                                          {"said", safe(read_server_error(response.body).message, request)}});
    return true;
}

std::string OpenAi::safe(std::string message, const Request& request) const {
    const Prompt prompt = request.prompt();
    return safe_message(std::move(message), settings_.key.reveal(), prompt.system + "\n" + prompt.user);
}

Failure OpenAi::safe(Failure failure, const Request& request) const {
    failure.message = safe(std::move(failure.message), request);
    return failure;
}

}  // namespace spotter::llm
