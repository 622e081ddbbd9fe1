#include "base/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>

#include "base/setting.hpp"

namespace spotter {
namespace {

/// Supabase's pooler, and whoever does as it does.
bool port_of_poolers(const std::string& url) {
    return url.find(":6543") != std::string::npos || url.find("port=6543") != std::string::npos ||
           url.find("port='6543'") != std::string::npos;
}

/// Applies one source after the other and keeps every complaint.
class Reader {
  public:
    explicit Reader(const ConfigSources& sources) : sources_(sources) {}

    Result<Config, std::vector<Error>> read() {
        if (!sources_.file.empty()) read_file();
        for (const Setting& setting : setting_table()) read_environment(setting);
        for (const auto& [path, value] : sources_.flags) read_flag(path, value);
        settle_what_depends();
        if (!errors_.empty()) return errors_;
        return config_;
    }

  private:
    void complain(std::string place, std::string_view message) {
        errors_.push_back({"bad_setting", fmt::format("{}: {}", place, message)});
    }

    void apply(const Setting& setting, const std::string& value, const std::string& place) {
        const bool needless = setting.path == "llm.api_key_file" && !sources_.calls_models;
        if (auto problem = setting.apply(config_, value); problem && !needless) complain(place, *problem);
        set_.insert(setting.path);
    }

    void read_file() {
        try {
            walk(toml::parse_file(sources_.file), "");
        } catch (const toml::parse_error& error) {
            complain(place(error.source()), error.description());
        }
    }

    std::string place(const toml::source_region& source) const {
        return source.begin.line ? fmt::format("{}:{}", sources_.file, source.begin.line) : sources_.file;
    }

    void walk(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            std::string path = prefix + std::string(key.str());
            if (const auto* inner = node.as_table()) {
                walk(*inner, path + ".");
                continue;
            }
            std::string where = fmt::format("{}: {}", place(node.source()), path);
            const Setting* setting = find_setting(path);
            if (!setting) {
                complain(where, "there is no such setting; `spotter check-config --list` names them all");
            } else if (auto text = as_text(node)) {
                apply(*setting, *text, where);
            } else {
                complain(where, "a text, a number or true/false is wanted here");
            }
        }
    }

    static std::optional<std::string> as_text(const toml::node& node) {
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
        if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
        if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
        return std::nullopt;
    }

    void read_environment(const Setting& setting) {
        for (std::string_view variable : setting.environment) {
            auto found = sources_.environment.find(std::string(variable));
            if (found == sources_.environment.end() || found->second.empty()) continue;
            apply(setting, found->second, found->first);
            return;
        }
    }

    void read_flag(const std::string& path, const std::string& value) {
        if (const Setting* setting = find_setting(path))
            apply(*setting, value, "--set " + path);
        else
            complain("--set " + path,
                     "there is no such setting; `spotter check-config --list` names them all");
    }

    void settle_what_depends() {
        if (!set_.contains("database.url")) config_.database.url = from_postgres_variables();
        // A database that is named on the command line is all that is meant: what is beside it in the file or
        // the environment is another's.
        bool named_here = sources_.flags.contains("database.url");
        if (named_here && !sources_.flags.contains("database.direct_url"))
            config_.database.direct_url.clear();
        if (config_.database.pooled == "auto" && port_of_poolers(config_.database.direct_url))
            complain("database.direct_url",
                     "goes to port 6543, which is a transaction pooler's; write the address of the database "
                     "itself, or of a session pooler (port 5432)");
        if (config_.llm.provider == "auto")
            config_.llm.provider =
                set_.contains("llm.base_url") || !config_.llm.api_key.empty() ? "openai" : "builtin";
        if (config_.queue.lease < config_.queue.beat * 2)
            complain("queue.lease",
                     "must be at least twice queue.beat, or a healthy worker would be taken for dead");
        bool loopback = config_.http.host == "127.0.0.1" || config_.http.host == "::1" ||
                        config_.http.host == "localhost";
        if (!loopback)
            complain("http.listen",
                     fmt::format("{} can be reached from other machines, and nothing here asks who "
                                 "is there; listen on 127.0.0.1 and put a proxy before it",
                                 config_.http.host));
    }

    /// The variables of document 5.
    std::string from_postgres_variables() const {
        std::string dsn;
        for (auto [variable, keyword] : {std::pair{"POSTGRES_HOST", "host"},
                                         {"POSTGRES_PORT", "port"},
                                         {"POSTGRES_DB", "dbname"},
                                         {"POSTGRES_USER", "user"},
                                         {"POSTGRES_PASSWORD", "password"}}) {
            auto found = sources_.environment.find(variable);
            if (found == sources_.environment.end() || found->second.empty()) continue;
            dsn += fmt::format("{}{}='", dsn.empty() ? "" : " ", keyword);
            for (char c : found->second) {
                if (c == '\'' || c == '\\') dsn += '\\';
                dsn += c;
            }
            dsn += '\'';
        }
        return dsn;
    }

    const ConfigSources& sources_;
    Config config_;
    std::set<std::string_view> set_;
    std::vector<Error> errors_;
};

}  // namespace

Result<Config, std::vector<Error>> read_config(const ConfigSources& sources) {
    return Reader(sources).read();
}

bool Config::Database::transaction_pooler() const {
    return pooled == "auto" ? port_of_poolers(url) : pooled == "yes";
}

}  // namespace spotter
