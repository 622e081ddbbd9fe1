#include "e2e/daemon.hpp"

#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <stdexcept>

#include "net/http_client.hpp"
#include "support/loop.hpp"
#include "support/wait.hpp"

namespace spotter::test {
namespace {

Environment with(Environment base, const Environment& more) {
    for (const auto& [name, value] : more) base[name] = value;
    return base;
}

Environment on_database(const std::string& dsn) {
    return {{"SPOTTER_DATABASE_URL", dsn}, {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"}};
}

Environment asking(const ScriptedModel& model) {
    return {{"OPENAI_BASE_URL", model.url()},
            {"OPENAI_API_KEY", model_key},
            {"SPOTTER_LLM_MODEL", "scripted-model"}};
}

using Answer = std::optional<Result<net::HttpResponse, net::HttpError>>;

boost::asio::awaitable<Answer> ask(net::HttpClient& client, net::HttpRequest request) {
    co_return co_await client.send(std::move(request));
}

}  // namespace

Daemon::Daemon(const std::string& dsn, const Environment& more)
    : process_({"serve"}, with(on_database(dsn), more)) {}

Daemon::Daemon(const std::string& dsn, const ScriptedModel& model, const Environment& more)
    : Daemon(dsn, with(asking(model), more)) {}

std::string Daemon::address() const {
    if (!address_.empty()) return address_;
    constexpr std::string_view before = " http=";
    auto said = [&] {
        std::string text = log();
        auto line = text.find("info starting");
        auto at = line == text.npos ? line : text.find(before, line);
        if (at == text.npos || text.find('\n', at) == text.npos) return false;
        at += before.size();
        address_ = text.substr(at, text.find_first_of(" \n", at) - at);
        return true;
    };
    if (!eventually(said, patience)) throw std::runtime_error("the daemon does not listen: " + log());
    return address_;
}

Daemon::Page Daemon::get(const std::string& path) const {
    Loop loop;
    net::HttpClient client(loop.context.get_executor(), {});
    net::HttpRequest request;
    request.method = "GET";
    request.url = net::parse_url(fmt::format("http://{}{}", address(), path)).value();
    auto asking = ask(client, std::move(request));
    auto answer = loop.run(std::move(asking)).value();
    if (!answer) throw std::runtime_error(answer.error().message + "; its log: " + log());
    return {answer->status, answer->body};
}

double Daemon::metric(const std::string& name) const {
    std::string text = "\n" + get("/metrics").body;
    auto at = text.find("\n" + name + " ");
    return at == text.npos ? 0 : std::stod(text.substr(at + name.size() + 2));
}

Daemon& Daemon::wait_until_ready() {
    if (!process_.says("info ready", patience)) throw std::runtime_error("the daemon is not ready: " + log());
    return *this;
}

void Daemon::wait_for_log(const std::string& text) {
    if (!process_.says(text, patience))
        throw std::runtime_error(fmt::format("the daemon does not say \"{}\": {}", text, log()));
}

int Daemon::stop() {
    process_.signal(SIGTERM);
    return process_.wait(patience).value_or(-1);
}

}  // namespace spotter::test
