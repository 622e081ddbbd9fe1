#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"
#include "work/kind.hpp"

namespace spotter::test {

/// An analysis that passes for one, of two traits.
inline std::string analysis(int openness = 7, int humor = 3, const std::string& tone = "positive",
                            const std::string& summary = "Writes about trains.") {
    return fmt::format(
        R"({{"summary": "{}", "traits": [{{"name": "Openness", "score": {}}}, {{"name": "Humor", "score": {}}}],
            "interests": ["dogs", "trains", "cats"], "topicsAndThemes": ["travel"], "emotionalTone": "{}",
            "communicationStyle": {{"formality": 30, "enthusiasm": 20, "technicalLevel": 10, "emojiUsage": 0,
                                    "description": "Plain."}}, "model": "a-model"}})",
        summary, openness, humor, tone);
}

/// public.personality_cache, a user, and a daemon that works on personalities.
struct Personality {
    Database db = fresh_database();
    std::string ada = new_user(db);
    std::string bob = new_user(db);
    Daemon daemon{spotter::db::Endpoint{.dsn = login_as_member(db, "spotter_worker")}};

    /// A pending row. Gives its id.
    std::string ask(const std::string& user, const std::string& post = "I like trains and tea.") const {
        return value(
            db, fmt::format("insert into public.generation_requests (user_id, kind, input) "
                            "values ({}, 'personality', jsonb_build_object('posts', jsonb_build_array({}))) "
                            "returning id",
                            user.empty() ? "null" : literal(user), literal(post)));
    }
    std::string of(const std::string& id, const std::string& expression) const {
        return value(db, fmt::format("select ({})::text from public.generation_requests where id = '{}'",
                                     expression, id));
    }

    spotter::queue::Claim claim() {
        const auto& lanes = daemon.queue().lanes();
        auto ours =
            std::find_if(lanes.begin(), lanes.end(), [](auto& lane) { return lane.kind == "personality"; });
        auto lane = static_cast<std::size_t>(ours - lanes.begin());
        return run(daemon.queue().claim(daemon.self(),
                                        {.lane = lane, .batch = 100, .by_turns = 50, .slots = 100}))
            .value();
    }
    /// Answers a claimed row, and puts the answer into the cache. Gives what the cache complains of.
    std::string answer(const spotter::queue::ClaimedRow& row, const std::string& content = analysis()) {
        std::vector<spotter::queue::Settlement> settlements{
            {.lease = row.lease,
             .status = spotter::queue::Settlement::Status::completed,
             .content = content,
             .columns = "{}",
             .metadata = R"({"source": "model"})",
             .model = "a-model",
             .cache_key = row.cache_key}};
        spotter::queue::CacheLife life{spotter::work::find_kind("personality")->cache_life};
        auto settled = run(daemon.queue().settle(std::move(settlements), life)).value();
        return settled.accepted.empty() ? "not accepted" : settled.cache_error;
    }

    /// What a daemon does with one answer, without a row.
    void save(const std::string& user, const std::string& content = analysis()) const {
        sql(db, saving(user, content));
    }
    static std::string saving(const std::string& user, const std::string& content) {
        return fmt::format(
            "select spotter.personality_cache(array[row('personality:u{0}', '{0}', '{{}}', {1}, null, "
            "null, 'a-model', 30 * 86400)::spotter.cache_entry])",
            user, literal(content));
    }
    std::string entry(const std::string& user, const std::string& expression) const {
        return value(
            db, fmt::format("select ({0})::text from spotter.personality_entry('{1}', 'personality:u{1}')",
                            expression, user));
    }
    /// A column of the user's row in the cache.
    std::string cached(const std::string& user, const std::string& expression) const {
        return value(db, fmt::format("select ({})::text from public.personality_cache where user_id = '{}'",
                                     expression, user));
    }
    std::string count() const { return value(db, "select count(*) from public.personality_cache"); }
    void age(const std::string& by) const {
        sql(db, fmt::format("update public.personality_cache set updated_at = now() - interval '{}'", by));
    }
};

}  // namespace spotter::test
