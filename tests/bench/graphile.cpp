#include "bench/graphile.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "base/json.hpp"
#include "bench/server.hpp"

namespace spotter::bench {
namespace {

constexpr const char* node = "/usr/bin/node";
const std::string script = SPOTTER_SOURCE_DIR "/tests/bench/graphile.mjs";

GraphileSettings batched(int jobs, int queue) {
    return {fmt::format("{} at once, queue of {}", jobs, queue),
            fmt::format(R"({{"concurrentJobs":{0},"maxPoolSize":{1},"localQueue":{{"size":{2}}},)"
                        R"("completeJobBatchDelay":0,"failJobBatchDelay":0}})",
                        jobs, jobs + 1, queue)};
}

}  // namespace

const std::vector<GraphileSettings>& graphile_batched() {
    static const std::vector<GraphileSettings> all = {batched(24, 500), batched(10, 500), batched(24, 2000),
                                                      batched(96, 2000)};
    return all;
}

const GraphileSettings& graphile_default() {
    static const GraphileSettings settings{"default", "{}"};
    return settings;
}

test::Environment Graphile::environment(const std::string& dsn) const {
    return {
        {"GRAPHILE", folder_}, {"DATABASE_URL", dsn}, {"NO_LOG_SUCCESS", "1"}, {"NODE_ENV", "production"}};
}

void Graphile::migrate(const std::string& dsn) const {
    test::Environment with = environment(dsn);
    with["PRESET"] = "migrate";
    test::Process process({script}, with, {.binary = node});
    if (process.wait(std::chrono::minutes(1)) != 0)
        throw std::runtime_error("graphile-worker made no schema: " + process.err());
}

test::Process Graphile::serve(const std::string& dsn, const GraphileSettings& settings,
                              const std::string& model) const {
    test::Environment with = environment(dsn);
    with["PRESET"] = settings.preset;
    with["MODEL_URL"] = model;
    test::Process process({script}, with, {.binary = node});
    if (!process.says("ready")) throw std::runtime_error("graphile-worker did not start: " + process.err());
    return process;
}

Graphile::Done Graphile::stop(test::Process& worker) {
    bench::stop(worker);
    std::string said = worker.out();
    auto parsed = json::parse(said.substr(said.find('\n') + 1));
    if (!parsed) throw std::runtime_error("graphile-worker says " + said + worker.err());
    constexpr double nanosecond = 1e-9;
    Done done{json::integer(*parsed, "jobs").value(),
              json::number(*parsed, "first").value() * nanosecond,
              json::number(*parsed, "last").value() * nanosecond,
              {}};
    for (const auto& start : (*parsed)["starts"].GetObject())
        done.starts[std::stoi(start.name.GetString())] = start.value.GetDouble() * nanosecond;
    return done;
}

void Graphile::add(const std::string& dsn, const std::string& task, int from, int count) {
    Server::run(dsn, fmt::format("select count(*) from graphile_worker.add_jobs((select array_agg(("
                                 "'{}', json_build_object('n', n), null, null, null, null, null, null"
                                 ")::graphile_worker.job_spec) from generate_series({}, {}) n))",
                                 task, from, from + count - 1));
}

void Graphile::wait_until_done(const std::string& dsn) {
    constexpr auto pause = std::chrono::milliseconds(500);
    for (auto waited = pause; waited < std::chrono::minutes(10); waited += pause) {
        std::this_thread::sleep_for(pause);
        if (Server::value(dsn, "select not exists (select from graphile_worker._private_jobs)") == "t")
            return;
    }
    throw std::runtime_error("graphile-worker did not do its jobs within ten minutes");
}

}  // namespace spotter::bench
