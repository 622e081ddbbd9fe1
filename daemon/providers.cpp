#include "daemon/providers.hpp"

#include <fmt/format.h>

#include <random>

#include "base/log.hpp"
#include "db/session.hpp"
#include "llm/builtin.hpp"
#include "llm/openai.hpp"
#include "net/tls.hpp"
#include "work/kind.hpp"

namespace spotter {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds milliseconds(Seconds seconds) {
    return std::chrono::duration_cast<Milliseconds>(seconds);
}

net::Url server(const std::string& text) {
    auto url = net::parse_url(text);
    if (!url) throw std::runtime_error(url.error().message);
    return *url;
}

std::optional<net::Url> proxy(const std::string& text) {
    if (text.empty()) return std::nullopt;
    auto url = net::parse_proxy_url(text);
    if (!url) throw std::runtime_error(url.error().message);
    return *url;
}

/// The builtin asks nobody: whatever the environment says of proxies does not concern it.
net::HttpSettings http_settings(const Config::Llm& llm) {
    net::HttpSettings settings;
    if (llm.builtin_only()) return settings;
    settings.timeouts.first_byte = milliseconds(llm.first_byte_timeout);
    settings.timeouts.total = milliseconds(llm.call_timeout);
    settings.ca_file = llm.ca_file;
    settings.proxy = {proxy(llm.http_proxy), proxy(llm.https_proxy), llm.no_proxy};
    return settings;
}

double random_fraction() {
    static std::mt19937_64 random(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(random);
}

/// A call as it went, for the metrics and the log.
void observe(Metrics& metrics, const llm::Attempt& attempt) {
    double seconds = Seconds(attempt.took).count();
    std::string_view outcome = attempt.outcome ? "ok" : llm::name(attempt.outcome.error().kind);
    metrics.model_call(attempt.provider.name(), attempt.provider.model(), outcome, seconds);
    if (!attempt.outcome) {
        log::warn("call_failed", {{"provider", attempt.provider.name()},
                                  {"attempt", attempt.number + 1},
                                  {"outcome", outcome},
                                  {"status", attempt.outcome.error().status},
                                  {"error", attempt.outcome.error().message},
                                  {"ms", static_cast<long>(seconds * 1000)}});
        return;
    }
    const llm::Usage& usage = attempt.outcome->usage;
    for (auto [type, count] : {std::pair{"input", usage.input}, {"output", usage.output}})
        if (count) metrics.model_tokens(attempt.provider.name(), attempt.provider.model(), type, *count);
}

}  // namespace

std::vector<std::string> mistakes(const Config& config) {
    std::vector<std::string> found;
    auto try_out = [&found](std::string_view setting, auto use) {
        try {
            use();
        } catch (const std::exception& error) {
            found.push_back(fmt::format("{}: {}", setting, error.what()));
        }
    };
    try_out("database.url", [&] { db::describe(config.database.url); });
    try_out("database.direct_url", [&] { db::describe(config.database.direct_url); });
    auto check_kinds = [&found](std::string_view setting, const auto& by_kind) {
        for (const auto& [kind, value] : by_kind)
            if (!work::find_kind(kind))
                found.push_back(fmt::format("{}: there is no kind \"{}\"", setting, kind));
    };
    check_kinds("cache.life", config.cache.life);
    check_kinds("cache.entries", config.cache.entries);
    check_kinds("cache.megabytes", config.cache.megabytes);
    if (config.llm.builtin_only()) return found;
    try_out("llm.base_url", [&] { server(config.llm.base_url); });
    try_out("llm.https_proxy", [&] { proxy(config.llm.https_proxy); });
    try_out("llm.http_proxy", [&] { proxy(config.llm.http_proxy); });
    try_out("llm.ca_file", [&] { net::tls_client_context(config.llm.ca_file); });
    return found;
}

Providers::Providers(boost::asio::any_io_executor executor, const Config& config, Metrics& metrics)
    : client_(executor, http_settings(config.llm)) {
    if (!config.llm.builtin_only()) {
        llm::OpenAiSettings settings;
        settings.base_url = server(config.llm.base_url);
        settings.key = config.llm.api_key;
        settings.model = config.llm.model;
        providers_.push_back(std::make_unique<llm::OpenAi>(client_, std::move(settings)));
    }
    bool last = config.llm.builtin_last && !config.llm.builtin_only();
    if (last || config.llm.builtin_only()) providers_.push_back(std::make_unique<llm::Builtin>());

    auto chain_of = [&metrics](llm::Provider& provider) {
        return std::make_unique<llm::Chain>(
            std::vector<llm::Provider*>{&provider}, llm::RetryPolicy{}, random_fraction,
            [&metrics](const llm::Attempt& attempt) { observe(metrics, attempt); });
    };
    chain_ = chain_of(*providers_.front());
    if (last) last_resort_ = chain_of(*providers_.back());
}

std::string Providers::models() const {
    std::string models;
    for (const auto& provider : providers_)
        models += fmt::format("{}{}", models.empty() ? "" : ",", provider->model());
    return models;
}

}  // namespace spotter
