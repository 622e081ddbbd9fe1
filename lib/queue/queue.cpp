#include "queue/queue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/json.hpp"
#include "base/log.hpp"
#include "queue/around_the_cache.hpp"
#include "queue/settlement_json.hpp"
#include "queue/statements.hpp"

namespace spotter::queue {
namespace {

Claim read_claim(const pqxx::result& result, std::size_t place, const Lane& lane) {
    Claim claim;
    for (const auto& row : result) {
        if (row[0].is_null()) {
            claim.hits = row[7].as<int>();
            claim.looked_at = row[8].as<int>();
            claim.parked = row[9].as<int>();
            if (!row[10].is_null()) claim.oldest = Seconds(row[10].as<double>());
            continue;
        }
        claim.rows.push_back({.lease = {row[0].c_str(), row[1].as<std::int64_t>(), place},
                              .kind = lane.kind,
                              .input = row[2].c_str(),
                              .cache_key = row[3].c_str(),
                              .claimed_at = row[6].c_str(),
                              .attempts = row[4].as<int>(),
                              .waited = Seconds(row[5].as<double>())});
    }
    return claim;
}

void add(Claim& sum, Claim claim) {
    sum.hits += claim.hits;
    sum.looked_at += claim.looked_at;
    sum.parked += claim.parked;
    std::move(claim.rows.begin(), claim.rows.end(), std::back_inserter(sum.rows));
    if (!claim.cache_error.empty()) sum.cache_error = std::move(claim.cache_error);
}

/// Does something to one row; what the database refuses is logged as `event`. True when it went through.
bool unless_refused(std::string_view event, const std::string& id, auto act) {
    try {
        act();
        return true;
    } catch (const pqxx::sql_error& error) {
        db::Failure failure = db::classify(error);
        if (failure.kind != db::Failure::Kind::refused) throw;
        log::error(event, {{"row", id}, {"error", failure.message}});
        return false;
    }
}

/// `take` is done to all rows at once (nullopt), or, where the database refuses that because of one of them
/// (a trigger of the app's objects), to each of `ids()`: that one stays.
void all_or_each(std::string_view event, auto take, auto ids) {
    try {
        take(std::optional<std::string>());
    } catch (const pqxx::sql_error& error) {
        if (db::classify(error).kind != db::Failure::Kind::refused) throw;
        for (const std::string& id : ids()) unless_refused(event, id, [&] { take(std::optional(id)); });
    }
}

/// Fails a row that the database would not let us claim, should it let us do that.
void fail_refused(db::Session& session, const db::Statement& statement, const std::string& id) {
    unless_refused("row_stuck", id, [&] {
        session.run(statement, id, "row_refused",
                    "The database would not let this row be worked on; a trigger or a constraint of the "
                    "table objects. Mend that, then set generation_status to 'pending' again.");
    });
}

/// Null is any number.
std::optional<int> user_limit(const Turns& turns) {
    return turns.user_slots > 0 ? std::optional(turns.user_slots) : std::nullopt;
}

std::optional<double> since(const Look& look) {
    return look.since ? std::optional(look.since->count()) : std::nullopt;
}

/// Reads what was settled, and lets those be claimed who came too late to be settled with it. Should that
/// fail, mending flights does it later: what is settled is settled.
Settled read_settled(db::Session& session, const pqxx::result& result) {
    Settled settled;
    std::vector<std::string> stranded;
    for (const auto& row : result) {
        if (row[3].as<bool>()) {
            settled.locked.emplace_back(row[0].c_str());
            continue;
        }
        if (!row[4].is_null()) settled.cache_error = row[4].c_str();
        settled.accepted.emplace_back(row[0].c_str());
        if (!row[1].is_null()) stranded.emplace_back(row[1].c_str());
        settled.shared += row[2].as<int>();
    }
    if (stranded.empty()) return settled;
    try {
        session.run(statements::free_stranded, json::quoted(stranded));
    } catch (const pqxx::failure& error) {
        log::warn("stranded_rows", {{"keys", stranded.size()}, {"error", error.what()}});
    }
    return settled;
}

std::vector<std::string> first_column(const pqxx::result& result) {
    std::vector<std::string> values;
    for (const auto& row : result) values.emplace_back(row[0].c_str());
    return values;
}

}  // namespace

std::string_view name(Settlement::Status status) {
    switch (status) {
        case Settlement::Status::completed:
            return "completed";
        case Settlement::Status::failed:
            return "failed";
        case Settlement::Status::pending:
            return "pending";
    }
    return "failed";
}

Queue::Queue(db::Pool& pool, std::vector<Lane> lanes, Turns turns)
    : pool_(pool), lanes_(std::move(lanes)), turns_(turns) {
    std::vector<const Table*> known;
    for (const Lane& lane : lanes_) {
        auto place = std::find(known.begin(), known.end(), lane.table);
        table_of_lane_.push_back(static_cast<std::size_t>(place - known.begin()));
        if (place != known.end()) continue;
        known.push_back(lane.table);
        tables_.emplace_back(*lane.table);
    }
}

std::string Queue::versions(const std::string& kind) const {
    for (const Lane& lane : lanes_)
        if (lane.kind == kind) return lane.versions;
    return "";
}

Queue::Answer<Worker> Queue::enlist(std::string host, int pid, int slots) {
    auto work = [&](db::Session& session) {
        session.run(statements::started);
        auto row =
            session.run(statements::register_worker, host, pid, SPOTTER_VERSION, slots, user_limit(turns_))
                .front();
        return Worker{row[0].as<std::int64_t>(), host, pid, slots};
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::beat(Worker worker, Seconds late, Seconds lease) {
    auto work = [&](db::Session& session) {
        session.run(statements::beat, worker.id, worker.host, worker.pid, SPOTTER_VERSION, worker.slots,
                    user_limit(turns_), worker.rate, late.count(), lease.count());
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::retire(Worker worker) {
    auto work = [&](db::Session& session) { session.run(statements::unregister_worker, worker.id); };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Claim> Queue::claim(Worker worker, Look look) {
    const std::string versions = lanes_.at(look.lane).versions;  // they may change meanwhile
    auto work = [&](db::Session& session) {
        const Lane& lane = lanes_.at(look.lane);
        auto by = [&](const db::Statement& statement) {
            return read_claim(
                session.run(statement, look.batch, since(look), turns_.ageing.count(), look.by_turns,
                            look.slots, versions, worker.id, user_limit(turns_), turns_.paid_weight),
                look.lane, lane);
        };
        return around_the_cache(
            session, lane, [&] { return by(lane.claim); }, [&] { return by(lane.claim_uncached); });
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Claim> Queue::claim_one_by_one(Worker worker, Look look) {
    const std::string versions = lanes_.at(look.lane).versions;
    auto work = [&](db::Session& session) {
        const Lane& lane = lanes_.at(look.lane);
        Claim claim;
        for (const std::string& id : first_column(session.run(lane.ready_ids, look.batch, since(look),
                                                              turns_.ageing.count(), look.by_turns))) {
            int free = look.slots - static_cast<int>(claim.rows.size());
            auto by = [&](const db::Statement& statement) {
                return read_claim(
                    session.run(statement, 1, since(look), turns_.ageing.count(), 0, free, versions,
                                worker.id, user_limit(turns_), turns_.paid_weight, id),
                    look.lane, lane);
            };
            auto claim_it = [&] {
                add(claim, around_the_cache(
                               session, lane, [&] { return by(lane.claim_one); },
                               [&] { return by(lane.claim_one_uncached); }));
            };
            try {
                if (unless_refused("claim_refused", id, claim_it)) continue;
                fail_refused(session, of_table(look.lane).refuse, id);
            } catch (const pqxx::sql_error& error) {
                if (!db::classify(error).out_of_time()) throw;
                // It may be the row, or a busy database: others go first, and a look at them begins anew.
                log::error("claim_too_slow", {{"row", id}});
                session.run(of_table(look.lane).set_aside, id);
                break;
            }
        }
        return claim;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Settled> Queue::settle(std::vector<Settlement> settlements, CacheLife life) {
    const Lane& lane = lanes_.at(settlements.empty() ? 0 : settlements.front().lease.lane);
    std::string rows = settlements_as_json(settlements);
    auto work = [&](db::Session& session) {
        return read_settled(session, session.run(lane.settle, rows, life.life.count(), life.paid_times));
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::note_stage(Lease lease, std::string stage, int percent) {
    auto work = [&](db::Session& session) {
        session.run(of_table(lease.lane).note_stage, lease.id, lease.token, stage, percent);
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<std::vector<Rescued>> Queue::rescue(Worker worker, std::size_t table, Seconds silence,
                                                  int max_crashes) {
    auto work = [&](db::Session& session) {
        const TableStatements& here = tables_.at(table);
        std::vector<Rescued> rescued;
        auto take = [&](const std::optional<std::string>& id) {
            for (const auto& row : session.run(here.rescue, worker.id, silence.count(), max_crashes, id))
                rescued.push_back({row[0].c_str(), row[1].as<int>(),
                                   std::string_view(row[2].c_str()) == "failed", row[3].as<std::int64_t>()});
        };
        all_or_each("rescue_refused", take,
                    [&] { return first_column(session.run(here.lost_ids, worker.id, silence.count())); });
        return rescued;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::bury(Worker worker, Seconds silence) {
    auto work = [&](db::Session& session) { session.run(statements::bury, worker.id, silence.count()); };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<std::vector<std::string>> Queue::reclaim_orphans(Worker worker, std::size_t table,
                                                               std::vector<std::int64_t> held) {
    auto work = [&](db::Session& session) {
        const TableStatements& here = tables_.at(table);
        const std::string tokens = fmt::format("[{}]", fmt::join(held, ","));
        std::vector<std::string> taken;
        auto take = [&](const std::optional<std::string>& id) {
            for (std::string& row : first_column(session.run(here.reclaim_orphans, worker.id, tokens, id)))
                taken.push_back(std::move(row));
        };
        all_or_each("orphan_refused", take,
                    [&] { return first_column(session.run(here.orphan_ids, worker.id, tokens)); });
        return taken;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<std::vector<std::int64_t>> Queue::standing_leases(Worker worker) {
    auto work = [&](db::Session& session) {
        std::vector<std::int64_t> tokens;
        for (const auto& row : session.run(statements::standing_leases, worker.id))
            tokens.push_back(row[0].as<std::int64_t>());
        return tokens;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Mended> Queue::mend_flights() {
    auto work = [&](db::Session& session) {
        Mended mended;
        mended.flights = static_cast<int>(session.run(statements::mend_flights).size());
        auto forsaken = first_column(session.run(statements::forsaken_keys));
        if (!forsaken.empty())
            mended.rows = session.run(statements::free_stranded, json::quoted(forsaken)).front()[0].as<int>();
        return mended;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::arm_bell(Worker worker, std::size_t lane) {
    auto work = [&](db::Session& session) {
        session.run(statements::arm_bell, worker.id, lanes_.at(lane).bell);
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<void> Queue::disarm_bell(Worker worker, std::size_t lane) {
    auto work = [&](db::Session& session) {
        session.run(statements::disarm_bell, worker.id, lanes_.at(lane).bell);
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<std::vector<Pause>> Queue::paused() {
    auto work = [&](db::Session& session) {
        std::vector<Pause> pauses;
        for (const auto& row : session.run(statements::paused))
            pauses.push_back({row[0].c_str(), Seconds(row[1].as<double>()), row[2].c_str(), row[3].c_str()});
        return pauses;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<std::map<std::string, int>> Queue::put_off() {
    auto work = [&](db::Session& session) {
        std::map<std::string, int> numbers;
        for (const auto& row : session.run(statements::put_off)) numbers[row[0].c_str()] = row[1].as<int>();
        return numbers;
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Trimmed> Queue::trim(std::size_t table, std::int64_t page, int pages, Seconds keep) {
    auto work = [&](db::Session& session) {
        auto row = session.run(tables_.at(table).trim, page, pages, keep.count()).front();
        return Trimmed{row[0].as<int>(), row[1].as<bool>()};
    };
    co_return co_await pool_.run(std::ref(work));
}

Queue::Answer<Depth> Queue::depth() {
    auto work = [&](db::Session& session) {
        auto row = session.run(statements::depth).front();
        return Depth{row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), Seconds(row[2].as<double>())};
    };
    co_return co_await pool_.run(std::ref(work));
}

}  // namespace spotter::queue
