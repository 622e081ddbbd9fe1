#include "base/setting.hpp"

#include <fmt/format.h>

#include <charconv>
#include <regex>

#include "base/file.hpp"
#include "base/seal.hpp"

namespace spotter {
namespace {

using Problem = std::optional<std::string>;

std::string in_quotes(std::string_view text) {
    return fmt::format("\"{}\"", text);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto first = text.find_first_not_of(space);
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(space) - first + 1);
}

Setting text(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
             std::string& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [at](Config& config, const std::string& value) -> Problem {
                at(config) = value;
                return std::nullopt;
            },
            [at](const Config& config) { return in_quotes(at(const_cast<Config&>(config))); }};
}

/// An address without the password that it may hold: user:password@host in a URL, password=… in keywords.
std::string without_password(const std::string& address) {
    static const std::regex in_url(R"((://[^:/@\s]*:)[^/\s]*@)");
    static const std::regex in_keywords(R"((password\s*=\s*)('(\\.|[^'\\])*'|[^\s&]+))", std::regex::icase);
    return std::regex_replace(std::regex_replace(address, in_url, "$1…@"), in_keywords, "$1…");
}

/// A text that may hold a password: shown without it.
Setting address(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
                std::string& (*at)(Config&)) {
    Setting setting = text(path, std::move(environment), help, at);
    setting.show = [at](const Config& config) {
        return in_quotes(without_password(at(const_cast<Config&>(config))));
    };
    return setting;
}

Setting choice(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
               std::vector<std::string_view> choices, std::string& (*at)(Config&)) {
    Setting setting = text(path, std::move(environment), help, at);
    setting.apply = [at, choices](Config& config, const std::string& value) -> Problem {
        if (std::find(choices.begin(), choices.end(), value) == choices.end())
            return fmt::format("\"{}\" is none of: {}", value, fmt::join(choices, ", "));
        at(config) = value;
        return std::nullopt;
    };
    return setting;
}

Setting whole(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
              int least, int most, int& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [=](Config& config, const std::string& value) -> Problem {
                int number = 0;
                auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
                if (problem != std::errc() || end != value.data() + value.size() || number < least ||
                    number > most)
                    return fmt::format("\"{}\" is no whole number from {} to {}", value, least, most);
                at(config) = number;
                return std::nullopt;
            },
            [at](const Config& config) { return fmt::format("{}", at(const_cast<Config&>(config))); }};
}

Setting number(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
               double least, double most, double& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [=](Config& config, const std::string& value) -> Problem {
                double parsed = 0;
                auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), parsed);
                if (problem != std::errc() || end != value.data() + value.size() || !(parsed >= least) ||
                    !(parsed <= most))
                    return fmt::format("\"{}\" is no number from {} to {}", value, least, most);
                at(config) = parsed;
                return std::nullopt;
            },
            [at](const Config& config) { return fmt::format("{}", at(const_cast<Config&>(config))); }};
}

/// "exercise=12h, sql_query=10m": a value for each of some kinds. `read(value)` gives a Result.
template <class T, class Read, class Show>
Setting by_kind(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
                Read read, Show show, std::map<std::string, T>& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [=](Config& config, const std::string& list) -> Problem {
                std::map<std::string, T> values;
                for (std::string_view rest = list; !rest.empty();) {
                    std::string_view item = trimmed(rest.substr(0, rest.find(',')));
                    rest = rest.find(',') == rest.npos ? "" : rest.substr(rest.find(',') + 1);
                    auto equals = item.find('=');
                    if (equals == item.npos) return fmt::format("\"{}\" is not kind=value", item);
                    auto value = read(trimmed(item.substr(equals + 1)));
                    if (!value) return value.error().message;
                    values[std::string(trimmed(item.substr(0, equals)))] = *value;
                }
                at(config) = std::move(values);
                return std::nullopt;
            },
            [=](const Config& config) {
                std::string list;
                for (const auto& [kind, value] : at(const_cast<Config&>(config)))
                    list += fmt::format("{}{}={}", list.empty() ? "" : ", ", kind, show(value));
                return in_quotes(list);
            }};
}

Result<Seconds> read_life(std::string_view text) {
    auto life = parse_duration(text);
    if (life && *life < Seconds(1))
        return Error{"bad_duration", fmt::format("\"{}\" is less than 1 s", text)};
    return life;
}

Result<int> read_limit(std::string_view text) {
    int limit = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (problem != std::errc() || end != text.data() + text.size() || limit < 0)
        return Error{"bad_number", fmt::format("\"{}\" is no whole number; 0 is without a limit", text)};
    return limit;
}

Setting duration(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
                 Seconds least, Seconds& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [=](Config& config, const std::string& value) -> Problem {
                auto parsed = parse_duration(value);
                if (!parsed) return parsed.error().message;
                if (*parsed < least) return fmt::format("\"{}\" is less than {} s", value, least.count());
                at(config) = *parsed;
                return std::nullopt;
            },
            [at](const Config& config) {
                return in_quotes(fmt::format("{}s", at(const_cast<Config&>(config)).count()));
            }};
}

Setting truth(std::string_view path, std::vector<std::string_view> environment, std::string_view help,
              bool& (*at)(Config&)) {
    return {path, std::move(environment), help,
            [at](Config& config, const std::string& value) -> Problem {
                if (value != "true" && value != "false")
                    return fmt::format("\"{}\" is neither true nor false", value);
                at(config) = value == "true";
                return std::nullopt;
            },
            [at](const Config& config) { return at(const_cast<Config&>(config)) ? "true" : "false"; }};
}

std::string show_key(const Config& config) {
    return config.llm.api_key.empty() ? "\"\"  # not set" : "\"…\"  # set";
}

Problem set_key(Config& config, const std::string& value) {
    config.llm.api_key = Secret(value);
    return std::nullopt;
}

/// A key in a file: systemd's credentials, a mounted secret. A last newline is not part of it.
Problem read_key(Config& config, const std::string& path) {
    auto key = read_file(path);
    if (!key) return fmt::format("the file {} cannot be read", path);
    while (!key->empty() && (key->back() == '\n' || key->back() == '\r')) key->pop_back();
    if (key->empty()) return fmt::format("the file {} is empty", path);
    return set_key(config, *key);
}

Problem read_prompt_key(Config& config, const std::string& path) {
    auto text = read_file(path);
    if (!text) return fmt::format("the file {} cannot be read", path);
    auto key = sealing_key(*text);
    if (!key) return fmt::format("the file {} {}", path, key.error().message);
    config.cache.prompt_key = *key;
    return std::nullopt;
}

Problem set_listen(Config& config, const std::string& value) {
    auto colon = value.rfind(':');
    if (colon == std::string::npos) return fmt::format("\"{}\" is not host:port", value);
    int port = -1;
    auto [end, problem] = std::from_chars(value.data() + colon + 1, value.data() + value.size(), port);
    if (problem != std::errc() || end != value.data() + value.size() || port < 0 || port > 65535)
        return fmt::format("\"{}\" has no port from 0 to 65535", value);
    std::string host = value.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty()) return fmt::format("\"{}\" has no host; write 127.0.0.1:{}", value, port);
    config.http.host = host;
    config.http.port = port;
    return std::nullopt;
}

Problem set_base_url(Config& config, const std::string& value) {
    if (!value.starts_with("http://") && !value.starts_with("https://"))
        return fmt::format("\"{0}\" has no scheme; write https://{0}", without_password(value));
    config.llm.base_url = value;
    return std::nullopt;
}

Problem set_level(Config& config, const std::string& value) {
    if (value == "debug")
        config.log_level = log::Level::debug;
    else if (value == "info")
        config.log_level = log::Level::info;
    else if (value == "warn")
        config.log_level = log::Level::warn;
    else if (value == "error")
        config.log_level = log::Level::error;
    else
        return fmt::format("\"{}\" is none of: debug, info, warn, error", value);
    return std::nullopt;
}

std::string show_level(const Config& config) {
    constexpr const char* names[] = {"debug", "info", "warn", "error"};
    return in_quotes(names[static_cast<int>(config.log_level)]);
}

Problem set_format(Config& config, const std::string& value) {
    if (value == "text")
        config.log_format = log::Format::text;
    else if (value == "json")
        config.log_format = log::Format::json;
    else
        return fmt::format("\"{}\" is none of: text, json", value);
    return std::nullopt;
}

#define AT(member) [](Config& c) -> auto& { return c.member; }

const std::vector<Setting>& table() {
    static const std::vector<Setting> settings = {
        address(
            "database.url", {"SPOTTER_DATABASE_URL", "DATABASE_URL"},
            "postgres://user:password@host/database, or libpq keywords; without it PG* and POSTGRES_* are "
            "used",
            AT(database.url)),
        address("database.direct_url", {"SPOTTER_DATABASE_DIRECT_URL"},
                "the same database around a transaction pooler: to listen and to migrate",
                AT(database.direct_url)),
        whole("database.connections", {"SPOTTER_DATABASE_CONNECTIONS"},
              "connections to work with, beside one that listens and one that reads the schema and plans SQL",
              2, 64, AT(database.connections)),
        choice("database.pooled", {"SPOTTER_DATABASE_POOLED"},
               "yes: database.url is a transaction pooler's; no: it is not; auto: it is at port 6543",
               {"auto", "yes", "no"}, AT(database.pooled)),
        choice(
            "llm.provider", {"SPOTTER_LLM_PROVIDER"},
            "openai (any server of that API), builtin (no network), or auto: openai when a key or URL is set",
            {"auto", "openai", "builtin"}, AT(llm.provider)),
        {"llm.base_url",
         {"SPOTTER_LLM_BASE_URL", "OPENAI_BASE_URL"},
         "where /chat/completions is, https://api.openai.com/v1",
         set_base_url,
         [](const Config& config) { return in_quotes(without_password(config.llm.base_url)); }},
        {"llm.api_key",
         {"SPOTTER_LLM_API_KEY", "OPENAI_API_KEY"},
         "the key; better kept in llm.api_key_file",
         set_key,
         show_key},
        {"llm.api_key_file",
         {"SPOTTER_LLM_API_KEY_FILE", "OPENAI_API_KEY_FILE"},
         "a file that holds the key",
         read_key,
         show_key},
        text("llm.model", {"SPOTTER_LLM_MODEL", "OPENAI_MODEL"}, "the model to ask for", AT(llm.model)),
        truth("llm.builtin_last", {"SPOTTER_LLM_BUILTIN_LAST"},
              "true: the builtin answers when the provider cannot", AT(llm.builtin_last)),
        number("llm.price_input", {"SPOTTER_LLM_PRICE_INPUT"},
               "US dollars for a million tokens of prompt; 0: not known", 0, 1e6, AT(llm.price_input)),
        number("llm.price_output", {"SPOTTER_LLM_PRICE_OUTPUT"},
               "US dollars for a million tokens of answer; 0: not known", 0, 1e6, AT(llm.price_output)),
        whole("llm.calls_per_row", {"SPOTTER_LLM_CALLS_PER_ROW"},
              "calls one try of a row may cost, for each of its parts: retries, re-asks and simpler tiers "
              "together",
              1, 100, AT(llm.calls_per_row)),
        duration("llm.row_deadline", {"SPOTTER_LLM_ROW_DEADLINE"}, "for all that is done for a row in one go",
                 Seconds(1), AT(llm.row_deadline)),
        duration("llm.call_timeout", {"SPOTTER_LLM_CALL_TIMEOUT"}, "for one call", Seconds(0.1),
                 AT(llm.call_timeout)),
        duration("llm.first_byte_timeout", {"SPOTTER_LLM_FIRST_BYTE_TIMEOUT"},
                 "until a server begins to answer", Seconds(0.1), AT(llm.first_byte_timeout)),
        text("llm.ca_file", {"SPOTTER_LLM_CA_FILE", "SSL_CERT_FILE"},
             "certificates to trust beside the system's", AT(llm.ca_file)),
        address("llm.https_proxy", {"HTTPS_PROXY", "https_proxy"}, "proxy for https", AT(llm.https_proxy)),
        address("llm.http_proxy", {"http_proxy"}, "proxy for http", AT(llm.http_proxy)),
        text("llm.no_proxy", {"NO_PROXY", "no_proxy"}, "hosts to reach without a proxy", AT(llm.no_proxy)),
        whole("queue.slots", {"SPOTTER_SLOTS"},
              "rows worked on at once, each with a call to the model or a few", 1, 50000, AT(queue.slots)),
        whole("queue.batch", {"SPOTTER_QUEUE_BATCH"}, "rows that one claim looks at", 1, 5000,
              AT(queue.batch)),
        duration("queue.poll", {"SPOTTER_QUEUE_POLL"}, "between looks when nobody rings", Seconds(0.05),
                 AT(queue.poll)),
        duration("queue.beat", {"SPOTTER_QUEUE_BEAT"}, "between signs of life", Seconds(0.1), AT(queue.beat)),
        duration("queue.lease", {"SPOTTER_QUEUE_LEASE"},
                 "of silence, after which a worker's rows are taken back", Seconds(0.5), AT(queue.lease)),
        whole("queue.max_attempts", {"SPOTTER_QUEUE_MAX_ATTEMPTS"},
              "attempts that unexpected errors may use up before a row fails", 1, 1000,
              AT(queue.max_attempts)),
        whole("queue.max_crashes", {"SPOTTER_QUEUE_MAX_CRASHES"},
              "deaths of its worker after which a row is quarantined as failed", 1, 1000,
              AT(queue.max_crashes)),
        duration("queue.give_up_after", {"SPOTTER_QUEUE_GIVE_UP_AFTER"},
                 "of being put off, after which a row fails", Seconds(1), AT(queue.give_up_after)),
        duration("queue.drain", {"SPOTTER_QUEUE_DRAIN"}, "for calls under way when we are asked to stop",
                 Seconds(0), AT(queue.drain)),
        whole("queue.user_slots", {"SPOTTER_QUEUE_USER_SLOTS"},
              "rows of one user that may be worked on at once, in all daemons; 0 is any number", 0, 50000,
              AT(queue.user_slots)),
        whole("queue.paid_weight", {"SPOTTER_QUEUE_PAID_WEIGHT"},
              "how many times the share of others a paying user has", 1, 1000, AT(queue.paid_weight)),
        duration("queue.ageing", {"SPOTTER_QUEUE_AGEING"},
                 "of waiting that one step of priority (1 first, 9 last) is worth", Seconds(0),
                 AT(queue.ageing)),
        duration("queue.keep", {"SPOTTER_QUEUE_KEEP"},
                 "the queue's own data in finished rows: cache key and worker; their content stays",
                 Seconds(60), AT(queue.keep)),
        duration("queue.keep_requests", {"SPOTTER_QUEUE_KEEP_REQUESTS"},
                 "finished rows of generation_requests, which are deleted then; 0 keeps them", Seconds(0),
                 AT(queue.keep_requests)),
        by_kind<Seconds>(
            "cache.life", {"SPOTTER_CACHE_LIFE"}, "of entries, by kind: exercise=12h, sql_query=10m",
            read_life, [](Seconds life) { return fmt::format("{}s", life.count()); }, AT(cache.life)),
        number("cache.paid_times", {"SPOTTER_CACHE_PAID_TIMES"}, "as long as that for paying users", 0.01,
               1000, AT(cache.paid_times)),
        by_kind<int>(
            "cache.entries", {"SPOTTER_CACHE_ENTRIES"},
            "most entries, by kind, 0 any number; by default exercise=10000; the least recently used go; of "
            "programs, whose "
            "table has no last use, those that expire first",
            read_limit, [](int limit) { return limit; }, AT(cache.entries)),
        by_kind<int>(
            "cache.megabytes", {"SPOTTER_CACHE_MEGABYTES"},
            "most megabytes, by kind, 0 any number; by default 1024 each", read_limit,
            [](int limit) { return limit; }, AT(cache.megabytes)),
        truth("cache.refresh_ahead", {"SPOTTER_CACHE_REFRESH_AHEAD"},
              "true: popular exercises and SQL queries are made anew before they expire; "
              "a program's input is in no entry, and a personality that has expired still answers",
              AT(cache.refresh_ahead)),
        {"cache.prompt_key_file",
         {"SPOTTER_CACHE_PROMPT_KEY_FILE"},
         "a file with a key (openssl rand -hex 32) by which prompts are stored encrypted in the cache",
         read_prompt_key,
         [](const Config& config) {
             return config.cache.prompt_key.empty() ? "\"\"  # not set" : "\"…\"  # set";
         }},
        text("sql.role", {"SPOTTER_SQL_ROLE"},
             "role whose view of the database the kind sql_query works with", AT(sql.role)),
        text("sql.schema_version", {"SPOTTER_SQL_SCHEMA_VERSION"},
             "what askers may name as schema_version; raise it to make all SQL anew", AT(sql.schema_version)),
        {"http.listen",
         {"SPOTTER_HTTP_LISTEN"},
         "host:port of health and metrics; port 0 takes a free one",
         set_listen,
         [](const Config& config) {
             return in_quotes(fmt::format("{}:{}", config.http.host, config.http.port));
         }},
        {"log.level", {"SPOTTER_LOG_LEVEL"}, "debug, info, warn or error", set_level, show_level},
        {"log.format",
         {"SPOTTER_LOG_FORMAT"},
         "text or json",
         set_format,
         [](const Config& config) {
             return config.log_format == log::Format::json ? "\"json\"" : "\"text\"";
         }},
    };
    return settings;
}

#undef AT

}  // namespace

std::span<const Setting> setting_table() {
    return table();
}

const Setting* find_setting(std::string_view path) {
    for (const Setting& setting : table())
        if (setting.path == path) return &setting;
    return nullptr;
}

std::vector<SettingInfo> settings() {
    std::vector<SettingInfo> infos;
    for (const Setting& setting : table()) infos.push_back({setting.path, setting.environment, setting.help});
    return infos;
}

std::string describe(const Config& config) {
    std::string out;
    for (const Setting& setting : table())
        if (setting.show && setting.path != "llm.api_key_file")
            out += fmt::format("{} = {}\n", setting.path, setting.show(config));
    return out;
}

Result<Seconds> parse_duration(std::string_view text) {
    double number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    double factor = unit.empty() || unit == "s" ? 1
                    : unit == "ms"              ? 0.001
                    : unit == "m"               ? 60
                    : unit == "h"               ? 3600
                    : unit == "d"               ? 86400
                                                : 0;
    if (problem != std::errc() || factor == 0 || !(number >= 0) || number * factor > 3.2e9)
        return Error{"bad_duration",
                     fmt::format("\"{}\" is no duration; write 250ms, 30s, 10m, 24h or 7d", text)};
    return Seconds(number * factor);
}

}  // namespace spotter
