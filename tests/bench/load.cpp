#include "bench/load.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "bench/server.hpp"
#include "work/kind.hpp"

namespace spotter::bench {
namespace {

constexpr const char* users_sql = R"sql(
create function bench_user(n bigint) returns uuid language sql immutable
    return md5('user ' || n)::uuid;
create function bench_onboarding(n bigint) returns jsonb language sql immutable
    return ('{"primaryGoal": "General Fitness: Foundational Strength", "trainingFrequencyDays": 3, '
            '"sessionDuration": "45-60 minutes", "equipment": ["Full Gym"], "experienceLevel": "Intermediate", '
            '"weightUnit": "kg", "exercisePreferences": "bench-row-' || n || '."}')::jsonb;
insert into auth.users (id, email) select bench_user(n), n || '@example.com' from generate_series(1, {users}) n;
insert into public.profiles (id, name, age, experience_level, weight_unit)
select id, email, 30, 'Intermediate', 'kg' from auth.users;
)sql";

constexpr const char* cache_sql = R"sql(
update public.profiles set is_premium = true;
create table onboarding as
select u.id as user_id, row_number() over () as n, jsonb_build_object(
           'primaryGoal', 'Muscle Gain: General', 'trainingFrequencyDays', 4, 'sessionDuration', '60-75 minutes',
           'equipment', jsonb_build_array('Full Gym'), 'injuriesLimitations', 'none',
           'squat1RMEstimate', 120, 'benchPress1RMEstimate', 90, 'deadlift1RMEstimate', 150,
           'overheadPress1RMEstimate', 55) as answers
  from auth.users u;

-- Half of an answer compresses like the text of a program, the other half not at all.
select spotter.training_program_cache(array_agg(row(
           spotter.training_program_key(o.user_id, o.answers,
               row(true, f.name, f.age::text, f.experience_level, f.weight_unit, null), '{versions}'),
           o.user_id, o.answers,
           jsonb_build_object('programName', 'Upper and lower', 'text', repeat('3 sets of 8-12, rest 90 s. ', {bytes} / 54),
               'noise', (select string_agg(md5(n::text || o.user_id), '') from generate_series(1, {bytes} / 64) n)),
           '{"program_name": "Upper and lower", "total_duration_weeks": 6}',
           '{"finalComplexity": "full", "validationNotes": [], "enhancedUserProfile": {"trainingAge": 1}}',
           'builtin', 86400)::spotter.cache_entry))
  from onboarding o
  join public.profiles f on f.id = o.user_id;
analyze;
)sql";

/// The builtin's answer to bench_onboarding, which suits them all.
test::Behaviour good_answer(const std::string& dsn) {
    std::string input = Server::value(dsn,
                                      "select spotter.training_program_input(null, bench_onboarding(0), "
                                      "row(false, '1@example.com', '30', 'Intermediate', 'kg', null))");
    auto task = work::find_kind("training_program")->read(input);
    if (!task) throw std::runtime_error(task.error().message);
    return test::completion((*task)->plan());
}

}  // namespace

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string builtin_versions() {
    return fmt::format("{}|builtin", work::find_kind("training_program")->version);
}

void add_users(const std::string& dsn, int count) {
    Server::run(dsn, replaced(users_sql, "{users}", std::to_string(count)));
    Server::run(dsn, "analyze");
}

std::string insert_rows(int from, int count, int users) {
    return fmt::format(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select bench_user(1 + n % {}), bench_onboarding(n) from generate_series({}, {}) n",
        users, from, from + count - 1);
}

void add_rows(const std::string& dsn, int from, int count, int users) {
    Server::run(dsn, insert_rows(from, count, users));
}

void fill_cache(const std::string& dsn, int bytes) {
    add_users(dsn, 1000);
    std::string sql = replaced(cache_sql, "{bytes}", std::to_string(bytes));
    Server::run(dsn, replaced(sql, "{versions}", builtin_versions()));
}

std::string insert_cached_rows(int count) {
    return fmt::format(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select o.user_id, o.answers from generate_series(1, {}) n, onboarding o where o.n <= {}",
        std::max(1, count / 1000), std::min(1000, count));
}

void refill(const std::string& dsn, int count) {
    Server::run(dsn, "truncate public.training_programs");
    // Before the rows are there, so that the log need not repeat their pages: a row is done soon after its
    // INSERT.
    Server::run(dsn, "checkpoint");
    Server::run(dsn, insert_cached_rows(count));
    Server::run(dsn, "vacuum analyze public.training_programs");
    Server::run(dsn, "vacuum analyze public.ai_coach_cache");
}

Model::Model(const std::string& dsn, int rows, std::chrono::milliseconds delay)
    : answer_(test::delayed(good_answer(dsn), delay)),
      arrivals_(static_cast<std::size_t>(rows) + 1),
      server_({.kept_requests = 0}) {
    server_.always([this](const test::ReceivedRequest& request) {
        note(request.body);
        return answer_;
    });
}

void Model::note(const std::string& body) {
    constexpr std::string_view before = "bench-row-";
    auto at = body.rfind(before);
    if (at == body.npos) throw std::runtime_error("a request names no row: " + body);
    auto row = std::stoul(body.substr(at + before.size(), 12));
    if (row >= arrivals_.size() || arrivals_[row] != 0) return;
    arrivals_[row] = now();
    ++come_;
}

void Model::wait_for_rows(int count) const {
    int seen = -1;
    double patience = 0;
    while (come_ < count) {
        if (come_ != seen) patience = now() + 120;
        seen = come_;
        if (now() > patience)
            throw std::runtime_error(fmt::format("{} of {} rows came to the model", seen, count));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

test::Environment Model::environment(int slots) const {
    return {{"OPENAI_BASE_URL", server_.url()},
            {"OPENAI_API_KEY", "sk-bench"},
            {"SPOTTER_LLM_MODEL", "scripted-model"},
            {"SPOTTER_SLOTS", std::to_string(slots)}};
}

}  // namespace spotter::bench
