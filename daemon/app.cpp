#include "daemon/app.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "async/backoff.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "async/timeout.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "daemon/cli.hpp"
#include "daemon/endpoints.hpp"
#include "daemon/providers.hpp"
#include "daemon/schema_watch.hpp"
#include "daemon/supervisor.hpp"
#include "db/listener.hpp"
#include "db/migrator.hpp"
#include "db/pool.hpp"
#include "http/health.hpp"
#include "http/server.hpp"
#include "pipeline/cache_upkeep.hpp"
#include "pipeline/database_catalogue.hpp"
#include "pipeline/generate.hpp"
#include "pipeline/maintenance.hpp"
#include "pipeline/settler.hpp"
#include "pipeline/worker.hpp"
#include "queue/queue.hpp"

namespace spotter {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

namespace {

/// A listener's statements are small; it gives up on a server that does not answer them soon.
db::Endpoint listening_endpoint(const Config& config) {
    db::Endpoint endpoint = direct_endpoint(config.database, "spotter listener");
    endpoint.statement_seconds = 3;
    return endpoint;
}

std::string host_name() {
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
}

queue::Turns turns(const Config::Queue& settings) {
    return {.user_slots = settings.user_slots,
            .paid_weight = static_cast<double>(settings.paid_weight),
            .ageing = settings.ageing};
}

/// Of prompt and rules, and the models: an answer is cached for these alone.
std::string versions(const work::Kind& kind, const Providers& providers) {
    return fmt::format("{}|{}", kind.version, providers.models());
}

/// Every kind in the table of requests, and before them what has a table of its own.
std::vector<queue::Lane> lanes(const Providers& providers) {
    std::vector<queue::Lane> lanes;
    auto add = [&](const queue::Table& table, const work::Kind& kind) {
        lanes.emplace_back(table, std::string(kind.name), versions(kind, providers));
    };
    add(queue::training_programs, *work::find_kind("training_program"));
    for (const work::Kind* kind : work::all_kinds()) add(queue::generation_requests, *kind);
    return lanes;
}

/// "exercise=1|gpt-4o-mini, personality=1|gpt-4o-mini", for the log.
std::string versions_in_words(const queue::Queue& queue) {
    std::map<std::string, std::string> of_kinds;
    for (const queue::Lane& lane : queue.lanes()) of_kinds[lane.kind] = lane.versions;
    std::string list;
    for (const auto& [kind, version] : of_kinds)
        list += fmt::format("{}{}={}", list.empty() ? "" : ", ", kind, version);
    return list;
}

std::vector<queue::CacheLife> lives(const queue::Queue& queue, const Config::Cache& cache) {
    std::vector<queue::CacheLife> lives;
    for (const queue::Lane& lane : queue.lanes()) {
        lives.push_back({pipeline::cache_life(cache, *work::find_kind(lane.kind)), cache.paid_times});
    }
    return lives;
}

std::string address(const Config::Http& http) {
    bool v6 = http.host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", http.host, http.port) : fmt::format("{}:{}", http.host, http.port);
}

http::ServerSettings http_settings(const Config::Http& http) {
    http::ServerSettings settings;
    settings.host = http.host;
    settings.port = http.port;
    return settings;
}

}  // namespace

class App::Implementation {
  public:
    explicit Implementation(Config config)
        : config_(std::move(config)),
          providers_(io_.get_executor(), config_, metrics_),
          pool_(working_endpoint(config_.database, "spotter"),
                static_cast<std::size_t>(config_.database.connections)),
          queue_(pool_, lanes(providers_), turns(config_.queue)),
          catalogue_pool_(working_endpoint(config_.database, "spotter catalogue"), 1),
          catalogue_(catalogue_pool_, config_.sql.role, config_.sql.schema_version,
                     [this](const std::string& fingerprint) {
                         answer_for_schema(fingerprint);
                         log::info("versions", {{"versions", versions_in_words(queue_)}});
                     }),
          generator_(providers_.chain(), providers_.last_resort(), pool_, queue_, catalogue_,
                     {.calls_per_row = config_.llm.calls_per_row,
                      .row_deadline = config_.llm.row_deadline,
                      .give_up_after = config_.queue.give_up_after,
                      .prices = {config_.llm.price_input, config_.llm.price_output},
                      .prompt_key = config_.cache.prompt_key}),
          settler_(io_.get_executor(), queue_, lives(queue_, config_.cache), metrics_),
          // One connection is left to settle, beat and rescue.
          worker_(io_.get_executor(), queue_, generator_, settler_, config_.queue,
                  config_.database.can_listen(), pool_.size() - 1, metrics_),
          cache_upkeep_(pool_, config_.cache, config_.queue.keep_requests,
                        [this](const std::string& kind) { return queue_.versions(kind); }),
          maintenance_(
              queue_, config_.queue, metrics_, [this] { return worker_.settled(); },
              [this] { worker_.wake_for_all(); }),
          listener_(listening_endpoint(config_), working_endpoint(config_.database, "spotter echo"),
                    [this](const std::string& payload) { worker_.heard(payload); }),
          server_(io_.get_executor(), http_settings(config_.http),
                  http::health_routes([this] { return readiness(); }, [this] { return metrics_text(); })),
          loops_(io_.get_executor(),
                 [this](const std::string& name, std::exception_ptr problem) { die(name, problem); }),
          stop_(io_.get_executor()) {
        metrics_.slots_total.Set(config_.queue.slots);
    }

    std::function<void(const std::string&)> on_ready;

    int run() {
        raise_file_limit();
        if (auto opened = server_.open(); !opened) {
            log::error("http_failed",
                       {{"error", opened.error().message},
                        {"do", "choose another port with http.listen, or stop what listens there"}});
            return cli::Exit::failure;
        }
        log::info("starting", {{"version", SPOTTER_VERSION},
                               {"database", db::describe(config_.database.url)},
                               {"http", http_address()},
                               {"slots", config_.queue.slots},
                               {"provider", config_.llm.provider},
                               {"model", providers_.models()},
                               {"versions", versions_in_words(queue_)}});
        loops_.spawn("http", server_.run());
        loops_.spawn("watchdog", watchdog());
        watch_signals();
        main_.spawn("main", live());
        io_.run();
        return exit_code_;
    }

  private:
    /// From start to end, in the order in which things happen.
    awaitable<void> live() {
        bool able = co_await database_is_ready();
        if (able) able = co_await enlist();
        if (able) {
            start();
            co_await announce_when_ready();
            co_await stopped();
            co_await drain();
        }
        log::info("stopping");
        loops_.cancel();
        server_.stop();
        co_await loops_.drained();
        co_await retire();
        providers_.close();
        signals_.cancel();
    }

    /// Waits for a database that is migrated; somebody may be doing that just now. False when we are told to
    /// stop, or when the database is ahead of us.
    awaitable<bool> database_is_ready() {
        async::Backoff backoff(200ms, 5s);
        while (!stopping_) {
            auto look = [](db::Session& session) { return db::schema_version(session); };
            auto version = co_await pool_.run(look);
            std::string problem = !version ? version.error().message
                                  : *version < db::newest_migration()
                                      ? "the schema is not up to date; run: spotter migrate"
                                      : "";
            if (version && *version > db::newest_migration()) {
                log::error("schema_newer", {{"schema", *version},
                                            {"known", db::newest_migration()},
                                            {"do", "run a spotter of the schema's age or newer"}});
                exit_code_ = cli::Exit::failure;
                co_return false;
            }
            if (problem.empty()) {
                database_problem_.clear();
                co_return true;
            }
            if (problem != database_problem_) log::warn("waiting_for_database", {{"why", problem}});
            database_problem_ = problem;
            supervisor::status("waiting for the database: " + problem);
            co_await stop_.wait_until(steady_clock::now() + backoff.next());
        }
        co_return false;
    }

    awaitable<bool> enlist() {
        async::Backoff backoff(200ms, 5s);
        while (!stopping_) {
            auto self = co_await queue_.enlist(host_name(), getpid(), config_.queue.slots);
            if (self) {
                self_ = *self;
                worker_.enlisted(self_);
                maintenance_.enlisted(self_);
                cache_upkeep_.enlisted(self_.id);
                co_return true;
            }
            database_problem_ = self.error().message;
            log::warn("waiting_for_database", {{"why", self.error().message}});
            co_await stop_.wait_until(steady_clock::now() + backoff.next());
        }
        co_return false;
    }

    void start() {
        database_problem_.clear();
        // What was cached for a schema is not looked up before this one is known.
        answer_for_schema(fmt::format("not known to {} yet", self_.id));
        if (config_.database.can_listen())
            loops_.spawn("listener", listener_.run());
        else
            log::warn("polling_only", {{"why", advice(config_)}});
        loops_.spawn("beat", maintenance_.beat());
        loops_.spawn("rescue", maintenance_.rescue());
        loops_.spawn("caches", cache_upkeep_.run());
        loops_.spawn("trim", maintenance_.trim());
        loops_.spawn("pauses", maintenance_.look_for_pauses());
        loops_.spawn("leases", worker_.watch_leases());
        loops_.spawn("measure", maintenance_.measure());
        loops_.spawn("schema", schema_watch_.run());
        loops_.spawn("settle", settler_.run());
        loops_.spawn("catalogue", catalogue_.watch());
        worker_.start(loops_);
    }

    awaitable<void> announce_when_ready() {
        async::Backoff backoff(20ms, 1s);
        while (!stopping_ && !why_not_ready().empty())
            co_await stop_.wait_until(steady_clock::now() + backoff.next());
        if (stopping_) co_return;
        log::info("ready", {{"worker", self_.id}, {"http", http_address()}});
        supervisor::ready("working");
        if (on_ready) on_ready(http_address());
    }

    awaitable<void> stopped() {
        while (!stopping_) co_await stop_.wait();
    }

    /// Claims no more and lets rows finish; gives back what is not done in time, or at the second signal.
    awaitable<void> drain() {
        supervisor::stopping();
        log::info("draining", {{"rows", worker_.busy()},
                               {"for_at_most", fmt::format("{}s", config_.queue.drain.count())},
                               {"do", "stop once more to give them back to the queue at once"}});
        worker_.stop();
        auto limit = std::chrono::duration_cast<steady_clock::duration>(config_.queue.drain);
        auto until = steady_clock::now() + limit;
        while (!worker_.idle() && signals_seen_ < 2 && steady_clock::now() < until)
            co_await stop_.wait_until(std::min(until, steady_clock::now() + 50ms));
        if (worker_.busy() > 0) {
            log::warn("giving_back", {{"rows", worker_.busy()}});
            worker_.abandon();
        }
        // What is paid for, or given back, is written even when the database has to be waited for; a third
        // signal leaves it to the others, who find our rows by our silence.
        while (!worker_.idle() && signals_seen_ < 3) co_await stop_.wait_until(steady_clock::now() + 50ms);
        if (worker_.idle()) co_return;
        log::warn("left",
                  {{"rows", worker_.busy()}, {"what_now", "other daemons take them when our lease is over"}});
        std::_Exit(cli::Exit::failure);
    }

    awaitable<void> retire() {
        if (self_.id == 0 || !worker_.idle()) co_return;
        // Connections that an outage broke are found out one at a time; a database that is away is not waited
        // for.
        const auto until = steady_clock::now() + 1s;
        async::Backoff backoff(20ms, 200ms);
        for (;;) {
            auto retired = co_await queue_.retire(self_);
            if (retired || steady_clock::now() >= until) co_return;
            co_await async::sleep_for(backoff.next());
        }
    }

    awaitable<void> watchdog() {
        auto interval = supervisor::watchdog_interval();
        if (!interval) co_return;
        // The claim loop comes round at every poll; a claim itself may last as long as its statement may.
        auto longest = std::chrono::duration_cast<steady_clock::duration>(config_.queue.poll * 2) + 60s;
        for (;;) {
            bool claiming = self_.id == 0 || stopping_ || steady_clock::now() - worker_.last_look() < longest;
            if (claiming) supervisor::alive();
            co_await async::sleep_for(*interval);
        }
    }

    /// SQL that was written for another schema answers nobody any more.
    void answer_for_schema(const std::string& fingerprint) {
        for (std::size_t lane = 0; lane < queue_.lanes().size(); ++lane) {
            const work::Kind& kind = *work::find_kind(queue_.lanes()[lane].kind);
            if (kind.wants_schema())
                queue_.set_versions(lane, fmt::format("{}|{}|{}", versions(kind, providers_),
                                                      config_.sql.schema_version, fingerprint));
        }
    }

    void watch_signals() {
        signals_.async_wait([this](boost::system::error_code ec, int signal) {
            if (ec) return;
            ++signals_seen_;
            stopping_ = true;
            log::info("signal", {{"number", signal}, {"times", signals_seen_}});
            stop_.ring();
            watch_signals();
        });
    }

    http::Readiness readiness() const {
        http::Readiness readiness{why_not_ready(), {}};
        for (const std::string& what : maintenance_.paused()) readiness.notes.push_back("paused: " + what);
        for (const auto& [reason, number] : maintenance_.put_off())
            readiness.notes.push_back(fmt::format("put off: {} rows: {}", number, reason));
        for (const std::string& kind : cache_upkeep_.missing_caches())
            readiness.notes.push_back("no cache: " + kind);
        if (!schema_watch_.note().empty()) readiness.notes.push_back(schema_watch_.note());
        if (!config_.database.can_listen()) readiness.notes.push_back("polling only: " + advice(config_));
        if (listener_.polling_only()) readiness.notes.push_back("polling only: " + listener_.problem());
        return readiness;
    }

    std::vector<std::string> why_not_ready() const {
        std::vector<std::string> reasons;
        if (stopping_) reasons.push_back("stopping");
        if (!database_problem_.empty())
            reasons.push_back("database: " + database_problem_);
        else if (self_.id == 0)
            reasons.push_back("database: not connected yet");
        bool should_hear = config_.database.can_listen() && !listener_.polling_only();
        if (self_.id != 0 && should_hear && !listener_.listening())
            reasons.push_back("listener: " + listener_.problem());
        if (!worker_.problem().empty()) reasons.push_back("claim: " + worker_.problem());
        if (!settler_.problem().empty()) reasons.push_back("settle: " + settler_.problem());
        if (!maintenance_.beating()) reasons.push_back("heartbeat: the database does not take it");
        return reasons;
    }

    std::string metrics_text() {
        metrics_.slots_in_use.Set(worker_.busy());
        metrics_.settle_queue.Set(static_cast<double>(settler_.waiting()));
        metrics_.listener_up.Set(listener_.listening());
        return metrics_.text();
    }

    std::string http_address() const {
        Config::Http bound = config_.http;
        bound.port = server_.port();
        return address(bound);
    }

    /// A loop that ended by a mistake of ours leaves nothing to trust: the service manager starts us again,
    /// and other daemons take our rows.
    [[noreturn]] void die(const std::string& loop, std::exception_ptr problem) {
        try {
            std::rethrow_exception(problem);
        } catch (const std::exception& error) {
            log::error("loop_died", {{"loop", loop}, {"error", error.what()}});
        } catch (...) {
            log::error("loop_died", {{"loop", loop}});
        }
        std::_Exit(cli::Exit::failure);
    }

    Config config_;
    asio::io_context io_{1};
    Metrics metrics_{work::kind_names()};
    Providers providers_;
    db::Pool pool_;
    queue::Queue queue_;
    db::Pool catalogue_pool_;
    pipeline::DatabaseCatalogue catalogue_;
    pipeline::Generator generator_;
    pipeline::Settler settler_;
    pipeline::Worker worker_;
    pipeline::CacheUpkeep cache_upkeep_;
    pipeline::Maintenance maintenance_;
    SchemaWatch schema_watch_{pool_, config_.queue.beat};
    db::Listener listener_;
    http::Server server_;
    async::TaskGroup loops_;
    async::TaskGroup main_{io_.get_executor(), [this](const std::string& name, std::exception_ptr problem) {
                               die(name, problem);
                           }};
    async::Event stop_;
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    queue::Worker self_;
    std::string database_problem_ = "not connected yet";
    bool stopping_ = false;
    int signals_seen_ = 0;
    int exit_code_ = cli::Exit::ok;
};

App::App(Config config) : implementation_(std::make_unique<Implementation>(std::move(config))) {}
App::~App() = default;

void App::on_ready(std::function<void(const std::string&)> call) {
    implementation_->on_ready = std::move(call);
}

int App::run() {
    return implementation_->run();
}

}  // namespace spotter
