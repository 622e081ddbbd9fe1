#include "proof/stage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "base/file.hpp"
#include "db/migrator.hpp"
#include "proof/recorder.hpp"
#include "proof/workload.hpp"
#include "support/cluster.hpp"
#include "support/wait.hpp"
#include "work/kind.hpp"

namespace spotter::proof {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// What is committed stays committed when the server is killed: only a power cut could take it.
db::PrivatePostgresSettings settings(const fs::path& folder) {
    db::PrivatePostgresSettings settings;
    settings.folder = folder;
    settings.bin = test::postgres_programs();
    settings.tcp = true;
    settings.parameters = {{"fsync", "off"},
                           {"full_page_writes", "off"},
                           {"min_wal_size", "32MB"},
                           {"max_wal_size", "64MB"},
                           {"deadlock_timeout", "200ms"}};
    return settings;
}

bool answers(const std::string& dsn) {
    try {
        pqxx::connection connection(dsn);
        pqxx::nontransaction(connection).exec("select 1");
        return true;
    } catch (const pqxx::failure&) {
        return false;
    }
}

/// The builtin's program for our onboarding, under a name that the model replaces.
std::string program(pqxx::connection& connection) {
    pqxx::nontransaction transaction(connection);
    std::string input = transaction
                            .exec_params(
                                "select spotter.training_program_input(null, $1::jsonb, row(false, null, "
                                "null, null, null, null))",
                                onboarding("proof-0"))[0][0]
                            .c_str();
    std::string plan = work::find_kind("training_program")->read(input).value()->plan();
    return transaction
        .exec_params("select jsonb_set($1::jsonb, '{programName}', to_jsonb($2::text))", plan,
                     AnsweringModel::named)[0][0]
        .c_str();
}

/// "…@127.0.0.1:5433/…" to "…@127.0.0.1:5434/…"
std::string with_port(const std::string& dsn, std::uint16_t port) {
    auto begin = dsn.rfind(':') + 1;
    return dsn.substr(0, begin) + std::to_string(port) + dsn.substr(dsn.find('/', begin));
}

std::uint16_t port_of(const std::string& dsn) {
    return static_cast<std::uint16_t>(std::stoi(dsn.substr(dsn.rfind(':') + 1)));
}

}  // namespace

Stage::Stage(const StageOptions& options)
    : options_(options),
      clock_(folder_.path() / "clock"),
      disk_(folder_.path() / "disk", options.disk_megabytes) {
    start_database();
    apps_ = std::make_unique<test::TcpProxy>(port_of(server_->tcp_dsn().reveal()));
    dsn_ = with_port(server_->tcp_dsn().reveal(), apps_->port()) + "?application_name=app";
    db::migrate(dsn_).value();
    pqxx::connection connection(dsn_);
    terms_ = {.calls_per_row = 5, .max_crashes = 5, .flights = has_flights(connection)};
    install_recorder(connection);
    pqxx::nontransaction(connection)
        .exec(fmt::format("create role {0} login password '{0}' in role spotter_worker", plain_role));
    model_ = std::make_unique<AnsweringModel>(program(connection), options.seed);
    skew_clock(0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(options.daemons); ++i) {
        proxies_.push_back(std::make_unique<test::TcpProxy>(port_of(server_->tcp_dsn().reveal())));
        std::string name = fmt::format("daemon-{}", i + 1);
        daemons_.push_back(
            std::make_unique<DaemonProcess>(name, environment(i), options.logs / (name + ".log")));
        daemons_.back()->start();
    }
}

Stage::~Stage() {
    for (auto& daemon : daemons_) daemon->kill();
    if (server_) server_->stop();
    server_.reset();
}

test::Environment Stage::environment(std::size_t daemon) const {
    test::Environment environment = {
        {"SPOTTER_DATABASE_URL", daemon_dsn(daemon, "")},
        {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"},
        {"OPENAI_BASE_URL", model_->server().url()},
        {"OPENAI_API_KEY", model_key},
        {"SPOTTER_LLM_MODEL", "scripted-model"},
        {"SPOTTER_LLM_CALLS_PER_ROW", std::to_string(terms_.calls_per_row)},
        {"SPOTTER_LLM_CALL_TIMEOUT", "3s"},
        {"SPOTTER_LLM_ROW_DEADLINE", "30s"},
        {"SPOTTER_SLOTS", "8"},
        {"SPOTTER_QUEUE_LEASE", "3s"},
        {"SPOTTER_QUEUE_BEAT", "500ms"},
        {"SPOTTER_QUEUE_POLL", "1s"},
        {"SPOTTER_QUEUE_MAX_CRASHES", std::to_string(terms_.max_crashes)},
        {"SPOTTER_CACHE_LIFE", "training_program=30s"},
        {"SPOTTER_QUEUE_KEEP", "60s"},
    };
    // The last daemon's clock is one that we set.
    if (daemon + 1 == static_cast<std::size_t>(options_.daemons)) {
        environment["LD_PRELOAD"] = SPOTTER_SKEWED_CLOCK_LIBRARY;
        environment["SPOTTER_SKEWED_CLOCK"] = clock_.string();
    }
    return environment;
}

std::string Stage::daemon_dsn(std::size_t daemon, const std::string& level) const {
    std::string dsn = with_port(server_->tcp_dsn().reveal(), proxies_[daemon]->port());
    if (daemon == 0) {  // "postgresql://postgres:password@…"
        auto begin = dsn.find("//") + 2;
        dsn.replace(begin, dsn.find('@') - begin, fmt::format("{0}:{0}", plain_role));
    }
    dsn += fmt::format("?application_name=spotter-{}", daemon + 1);
    // Blanks within a value of libpq's options need a backslash, and all of it is part of a URL.
    if (level == "serializable") dsn += "&options=-c%20default_transaction_isolation%3Dserializable";
    if (level == "repeatable read")
        dsn += "&options=-c%20default_transaction_isolation%3Drepeatable%5C%20read";
    return dsn;
}

void Stage::stop_database() {
    server_->stop();
}

void Stage::crash_database() {
    ::kill(server_->pid(), SIGQUIT);
    server_->stop();
}

void Stage::start_database() {
    // The port is one that was free a moment ago, and that somebody else may have taken.
    constexpr int attempts = 3;
    for (int attempt = 1;; ++attempt) {
        server_.reset();
        auto started = db::PrivatePostgres::start(settings(disk_.folder() / "postgres"));
        if (started) {
            server_.emplace(std::move(*started));
            break;
        }
        if (attempt == attempts) throw std::runtime_error(started.error().message);
    }
    const std::uint16_t port = port_of(server_->tcp_dsn().reveal());
    if (apps_) apps_->forward_to(port);
    for (auto& proxy : proxies_) proxy->forward_to(port);
}

void Stage::mend_database() {
    if (test::eventually([&] { return answers(dsn_); }, 15s)) return;
    server_->stop();
    start_database();
}

void Stage::mend_daemons() {
    for (auto& daemon : daemons_)
        if (!daemon->running()) daemon->start();
}

void Stage::skew_clock(std::int64_t seconds) {
    // In one piece and in place: the daemon has the file in its memory.
    const File file = File::open(clock_, O_WRONLY | O_CREAT);
    if (pwrite(file.descriptor(), &seconds, sizeof seconds, 0) != sizeof seconds)
        throw std::runtime_error("the clock cannot be set");
}

void Stage::isolate(std::size_t daemon, const std::string& level) {
    daemons_[daemon]->kill();
    daemons_[daemon]->environment()["SPOTTER_DATABASE_URL"] = daemon_dsn(daemon, level);
    daemons_[daemon]->start();
}

}  // namespace spotter::proof
