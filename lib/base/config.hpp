#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"

namespace spotter {

using Seconds = std::chrono::duration<double>;

/// Everything that can be set. Read once, at start; nothing else looks at the environment.
struct Config {
    struct Database {
        std::string url;              ///< empty: libpq's own PG* variables
        int connections = 4;          ///< beside the one that listens
        std::string direct_url;       ///< around a pooler, to listen and to migrate; empty: none
        std::string pooled = "auto";  ///< yes, no, or auto: a transaction pooler by its port 6543
        bool transaction_pooler() const;
        /// Whether there is an address at which notifications may be heard.
        bool can_listen() const { return !direct_url.empty() || !transaction_pooler(); }
    } database;

    struct Llm {
        std::string provider = "auto";  ///< openai, builtin, or auto: openai when a key or a URL is set
        std::string base_url = "https://api.openai.com/v1";
        Secret api_key;
        std::string model = "gpt-4o-mini";
        bool builtin_last = false;  ///< the builtin answers when the provider cannot
        double price_input = 0;     ///< US dollars for a million tokens; 0: not known
        double price_output = 0;
        int calls_per_row =
            8;  ///< retries, re-asks and simpler tiers together; for each part of a row that has parts
        Seconds row_deadline{600};  ///< for everything that is done for a row in one go
        Seconds call_timeout{300};
        Seconds first_byte_timeout{300};  ///< an answer that is not streamed begins when it is complete
        std::string ca_file;
        std::string https_proxy, http_proxy, no_proxy;
        bool builtin_only() const { return provider == "builtin"; }
    } llm;

    struct Queue {
        int slots = 16;   ///< rows worked on at once
        int batch = 200;  ///< rows that one claim looks at, at most
        Seconds poll{5};  ///< between looks when nobody rings
        Seconds beat{5};
        Seconds lease{30};             ///< of silence, after which a worker's rows are taken back
        int max_attempts = 5;          ///< that an unexpected error may use up
        int max_crashes = 10;          ///< of its worker, that quarantine a row
        Seconds give_up_after{86400};  ///< of putting off, after which a row fails
        Seconds drain{90};             ///< for calls that are under way when we are asked to stop
        int user_slots = 0;            ///< rows of one user at once; 0: any number
        int paid_weight = 1;           ///< how many times another's share a paying user has
        Seconds ageing{60};            ///< of waiting that a step of priority is worth
        Seconds keep{30 * 86400.0};    ///< the queue's own data in finished rows
        Seconds keep_requests{0};      ///< finished rows of generation_requests; 0: for ever
    } queue;

    /// By kind; a kind that is not named has its own defaults.
    struct Cache {
        std::map<std::string, Seconds> life;   ///< of an entry
        std::map<std::string, int> entries;    ///< at most, the least recently used go; 0: any number
        std::map<std::string, int> megabytes;  ///< at most, the same
        double paid_times = 1;                 ///< as long for paying users
        bool refresh_ahead = false;            ///< popular entries are made anew before they expire
        Secret prompt_key;                     ///< prompts are stored sealed by it; empty: as they are
    } cache;

    /// Of the kind sql_query.
    struct Sql {
        std::string role = "spotter_reader";  ///< whose view of the schema it is
        std::string schema_version = "v1";
    } sql;

    struct Http {
        std::string host = "127.0.0.1";
        int port = 8088;
    } http;

    log::Level log_level = log::Level::info;
    log::Format log_format = log::Format::text;
};

/// Where settings come from, in the order of their weight: flags, environment, file, defaults.
struct ConfigSources {
    std::string file;  ///< TOML; empty: none
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> flags;  ///< by path, {"queue.slots", "32"}
    /// False: no model will be called, and that the file with the key cannot be read is no mistake. It may be
    /// the service's alone.
    bool calls_models = true;
};

/// Reads the settings; every mistake is listed with its place ("spotter.toml:14: …", "SPOTTER_SLOTS: …").
Result<Config, std::vector<Error>> read_config(const ConfigSources& sources);

/// One setting, for --help, check-config and the documentation.
struct SettingInfo {
    std::string_view path;                      ///< in the file, "queue.slots"
    std::vector<std::string_view> environment;  ///< variables, the first that is set counts
    std::string_view help;
};
std::vector<SettingInfo> settings();

/// The settings in force, a line each as TOML would have them. Secrets show as set or not set.
std::string describe(const Config& config);

/// "90", "1.5s", "250ms", "10m", "24h", "7d" in seconds.
Result<Seconds> parse_duration(std::string_view text);

}  // namespace spotter
