#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "net/http_client.hpp"
#include "support/loop.hpp"
#include "support/scripted_model.hpp"

namespace spotter::test {

/// A client on a loop of its own, and short ways to ask with it.
struct Client {
    explicit Client(net::HttpSettings settings = {})
        : http(loop.context.get_executor(), std::move(settings)) {}

    Result<net::HttpResponse, net::HttpError> post(const std::string& url, std::string body = "{}") {
        return send(request(url, std::move(body)));
    }
    Result<net::HttpResponse, net::HttpError> send(net::HttpRequest request) {
        return loop.run(into_optional(std::move(request))).value();
    }
    static net::HttpRequest request(const std::string& url, std::string body = "{}") {
        net::HttpRequest out;
        out.url = net::parse_url(url).value();
        out.body = [body = std::move(body)] { return body; };
        return out;
    }
    /// The error's kind; nullopt when there was an answer.
    std::optional<net::HttpError::Kind> failure(const std::string& url) {
        const auto outcome = post(url);
        return outcome ? std::nullopt : std::optional(outcome.error().kind);
    }

    Loop loop;
    net::HttpClient http;

  private:
    using Outcome = Result<net::HttpResponse, net::HttpError>;
    /// What Asio spawns must be default-constructible, which a result is not.
    boost::asio::awaitable<std::optional<Outcome>> into_optional(net::HttpRequest request) {
        co_return co_await http.send(request);
    }
};

}  // namespace spotter::test
