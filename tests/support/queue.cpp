#include "support/queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "support/run.hpp"
#include "support/sql.hpp"
#include "work/kind.hpp"

namespace spotter::test {

using queue::Settlement;

std::vector<queue::Lane> lanes(std::string versions) {
    std::vector<queue::Lane> all;
    all.emplace_back(queue::training_programs, "training_program", versions);
    for (const work::Kind* kind : work::all_kinds())
        all.emplace_back(queue::generation_requests, std::string(kind->name), versions);
    return all;
}

Daemon::Daemon(const Database& db, std::string versions, queue::Turns turns)
    : Daemon(db::Endpoint{.dsn = db.dsn()}, std::move(versions), turns) {}

Daemon::Daemon(db::Endpoint endpoint, std::string versions, queue::Turns turns)
    : pool_(std::move(endpoint), 1),
      queue_(pool_, lanes(std::move(versions)), turns),
      self_(run(queue_.enlist("test", 1, 16)).value()) {
    auto as_if_long_ago = [this](db::Session& session) {
        session.run({"awake", "update spotter.worker set awake_since = '-infinity' where id = $1"}, self_.id);
    };
    run(pool_.run(as_if_long_ago)).value();
}

void Daemon::work_on_requests(std::string_view kind) {
    const auto& all = queue_.lanes();
    auto has = [&](const queue::Lane& lane) {
        return lane.table == &queue::generation_requests && lane.kind == kind;
    };
    lane_ = static_cast<std::size_t>(std::find_if(all.begin(), all.end(), has) - all.begin());
}

queue::Look Daemon::look(int batch, int slots) const {
    return {.lane = lane_, .batch = batch, .by_turns = batch / 2, .slots = slots};
}

queue::Claim Daemon::claim(int batch, int slots) {
    return try_claim(batch, slots).value();
}

queue::Claim Daemon::claim_one_by_one(int batch, int slots) {
    return run(queue_.claim_one_by_one(self_, look(batch, slots))).value();
}

db::Outcome<queue::Claim> Daemon::try_claim(int batch, int slots) {
    return run(queue_.claim(self_, look(batch, slots)));
}

queue::ClaimedRow Daemon::claim_one() {
    auto rows = claim().rows;
    if (rows.size() != 1) throw std::runtime_error(fmt::format("{} rows were claimed", rows.size()));
    return rows.front();
}

queue::Settled Daemon::settle(std::vector<Settlement> settlements) {
    return try_settle(std::move(settlements)).value();
}

db::Outcome<queue::Settled> Daemon::try_settle(std::vector<Settlement> settlements) {
    return run(queue_.settle(std::move(settlements), queue::CacheLife{}));
}

bool Daemon::settle(const Settlement& settlement) {
    return !settle(std::vector{settlement}).accepted.empty();
}

std::vector<queue::Rescued> Daemon::rescue(double silence, int max_crashes) {
    beat();
    return rescue_without_beat(silence, max_crashes);
}

std::vector<queue::Rescued> Daemon::rescue_without_beat(double silence, int max_crashes) {
    std::vector<queue::Rescued> all;
    for (std::size_t table = 0; table < queue_.tables(); ++table) {
        auto rescued = run(queue_.rescue(self_, table, queue::Seconds(silence), max_crashes)).value();
        all.insert(all.end(), rescued.begin(), rescued.end());
    }
    run(queue_.bury(self_, queue::Seconds(silence))).value();
    return all;
}

std::vector<std::string> Daemon::reclaim_orphans(std::vector<std::int64_t> held) {
    std::vector<std::string> all;
    for (std::size_t table = 0; table < queue_.tables(); ++table) {
        auto taken = run(queue_.reclaim_orphans(self_, table, held)).value();
        all.insert(all.end(), taken.begin(), taken.end());
    }
    return all;
}

void Daemon::beat(queue::Seconds late) {
    run(queue_.beat(self_, late, std::chrono::hours(1))).value();
}

void Daemon::retire() {
    run(queue_.retire(self_)).value();
}

Settlement completion(const queue::ClaimedRow& row) {
    return {.lease = row.lease,
            .status = Settlement::Status::completed,
            .calls = 2,
            .content = R"({"programName": "Strong", "durationWeeksTotal": 6})",
            .columns = R"({"program_name": "Strong", "total_duration_weeks": 6,
                           "periodization_model": "linear", "volume_landmarks": {"chest": 8},
                           "weak_point_analysis": ["none"]})",
            .metadata = R"({"source": "model", "finalComplexity": "full", "validationNotes": ["a note"],
                            "enhancedUserProfile": {"trainingAge": 1}})",
            .model = "a-model",
            .cache_key = row.cache_key};
}

Settlement failing(const queue::ClaimedRow& row) {
    return {.lease = row.lease,
            .status = Settlement::Status::failed,
            .calls = 1,
            .error_code = "invalid_input",
            .error = "The onboarding has no goal."};
}

Settlement deferral(const queue::ClaimedRow& row, double wait) {
    return {.lease = row.lease,
            .status = Settlement::Status::pending,
            .reason = "provider_busy",
            .wait = queue::Seconds(wait)};
}

void silence(const Database& db, const Daemon& daemon) {
    sql(db, fmt::format("update spotter.worker set beat_at = now() - interval '1 hour' where id = {}",
                        daemon.id()));
}

void keep_beating(const Database& db, const Daemon& daemon) {
    sql(db, fmt::format("update spotter.worker set beat_at = now() + interval '1 hour' where id = {}",
                        daemon.id()));
}

}  // namespace spotter::test
