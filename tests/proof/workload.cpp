#include "proof/workload.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spotter::proof {
namespace {

using namespace std::chrono_literals;

/// One row of a kind, any: which one is up to chance, and the database's own.
std::string one_where(const std::string& condition) {
    return fmt::format("id = (select id from public.training_programs where {} order by random() limit 1)",
                       condition);
}

constexpr int most_rows = 1200;

}  // namespace

std::string onboarding(const std::string& marker) {
    return fmt::format(
        R"({{"primaryGoal":"General Fitness: Foundational Strength","trainingFrequencyDays":2,)"
        R"("sessionDuration":"45-60 minutes","equipment":["Full Gym","{}"],"experienceLevel":"Beginner",)"
        R"("weightUnit":"kg"}})",
        marker);
}

const std::vector<Workload::Act>& Workload::acts() {
    static const std::vector<Act> table = {
        {"insert distinct rows", 40, &Workload::insert_distinct},
        {"insert a burst of distinct rows", 2, &Workload::insert_burst},
        {"insert identical rows", 10, &Workload::insert_identical},
        {"insert what was asked before", 12, &Workload::insert_again},
        {"insert an invalid row", 2, &Workload::insert_invalid},
        {"an owner retries a failed row", 25, &Workload::retry_failed},
        {"the service retries a completed row", 4, &Workload::retry_completed},
        {"cancel", 6, &Workload::cancel},
        {"cancel by spotter.cancel", 4, &Workload::cancel_politely},
        {"invalidate what is in flight", 2, &Workload::invalidate},
        {"pause, and resume", 1, &Workload::pause},
        {"delete", 6, &Workload::remove},
        {"delete what is old", 3, &Workload::remove_old},
        {"delete a user", 1, &Workload::remove_user},
    };
    return table;
}

Workload::Workload(std::string dsn, unsigned seed, std::chrono::milliseconds pause)
    : dsn_(std::move(dsn)), pause_(pause), random_(seed), thread_([this] { work(); }) {}

void Workload::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

/// Whatever stands in the way: a pause that nobody lifts would hold up everything for ever.
void Workload::resume() {
    while (true) try {
            connect();
            pqxx::nontransaction(*connection_).exec("select spotter.resume('*')");
            return;
        } catch (const pqxx::failure&) {
            connection_.reset();
            std::this_thread::sleep_for(100ms);
        }
}

std::set<std::string> Workload::acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
}

std::set<std::string> Workload::invalidated() const {
    const std::lock_guard lock(mutex_);
    return invalidated_;
}

std::map<std::string, int> Workload::done() const {
    const std::lock_guard lock(mutex_);
    return done_;
}

void Workload::work() {
    while (!stopping_) {
        act();
        auto mean = static_cast<int>(pause_.count());
        std::this_thread::sleep_for(std::chrono::milliseconds(dice(mean / 2, mean * 3 / 2)));
    }
}

void Workload::act() {
    int total = 0;
    for (const Act& act : acts()) total += act.weight;
    int at = dice(1, total);
    auto chosen =
        std::find_if(acts().begin(), acts().end(), [&](const Act& act) { return (at -= act.weight) <= 0; });
    std::string outcome = chosen->name;
    try {
        connect();
        (this->*chosen->run)(*connection_);
    } catch (const pqxx::broken_connection&) {
        connection_.reset();
        outcome += " (database away)";
    } catch (const pqxx::failure&) {  // full, busy, locked, not allowed: an app's everyday life
        outcome += " (refused)";
    }
    const std::lock_guard lock(mutex_);
    ++done_[outcome];
}

void Workload::connect() {
    if (connection_ && connection_->is_open()) return;
    connection_.emplace(dsn_);
    pqxx::nontransaction(*connection_).exec("set statement_timeout = '10s'; set lock_timeout = '8s'");
}

std::size_t Workload::new_input() {
    inputs_.push_back(some_user());
    return inputs_.size() - 1;
}

/// One of the last fifty.
std::size_t Workload::known_input() {
    if (inputs_.empty()) return new_input();
    const int last = static_cast<int>(inputs_.size()) - 1;
    return static_cast<std::size_t>(dice(std::max(0, last - 50), last));
}

std::string Workload::some_user() {
    constexpr std::size_t most_users = 12;
    if (users_.size() < most_users) {
        pqxx::nontransaction transaction(*connection_);
        users_.push_back(
            transaction.exec("insert into auth.users (email) values ('someone') returning id::text")[0][0]
                .c_str());
    }
    return users_[static_cast<std::size_t>(dice(0, static_cast<int>(users_.size()) - 1))];
}

void Workload::insert(pqxx::connection& connection, const std::vector<std::size_t>& inputs) {
    std::vector<std::string> ids;
    pqxx::work transaction(connection);
    for (std::size_t input : inputs) {
        auto rows = transaction.exec_params(
            "insert into public.training_programs (user_id, onboarding_data_snapshot) "
            "values ($1::uuid, $2::jsonb) returning id::text",
            inputs_[input], onboarding(fmt::format("{}{}", marker_prefix, input)));
        ids.emplace_back(rows[0][0].c_str());
    }
    transaction.commit();
    const std::lock_guard lock(mutex_);
    acknowledged_.insert(ids.begin(), ids.end());
}

void Workload::change(pqxx::connection& connection, const std::string& statement) {
    pqxx::work transaction(connection);
    transaction.exec(statement);
    transaction.commit();
}

void Workload::insert_distinct(pqxx::connection& connection) {
    for (int rows = dice(1, 4); rows > 0; --rows) insert(connection, {new_input()});
}

/// More than daemons have slots for, so that for a while each of them finds something to claim.
void Workload::insert_burst(pqxx::connection& connection) {
    std::vector<std::size_t> inputs;
    for (int rows = dice(40, 100); rows > 0; --rows) inputs.push_back(new_input());
    insert(connection, inputs);
}

/// At once, or one by one, so that some come while others are claimed.
void Workload::insert_identical(pqxx::connection& connection) {
    const std::vector<std::size_t> inputs(static_cast<std::size_t>(dice(2, 20)), new_input());
    if (dice(0, 1) == 0)
        insert(connection, inputs);
    else
        for (std::size_t input : inputs) insert(connection, {input});
}

void Workload::insert_again(pqxx::connection& connection) {
    insert(connection, std::vector<std::size_t>(static_cast<std::size_t>(dice(1, 3)), known_input()));
}

void Workload::insert_invalid(pqxx::connection& connection) {
    const std::string user = some_user();
    pqxx::work transaction(connection);
    transaction.exec_params(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "values ($1::uuid, jsonb_set($2::jsonb, '{trainingFrequencyDays}', '8'))",
        user, onboarding("invalid"));
    transaction.commit();
}

void Workload::retry_failed(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    auto rows = transaction.exec(
        "select user_id::text, id::text from public.training_programs where generation_status = 'failed' "
        "and generation_error_code is distinct from 'invalid_input' order by random() limit 1");
    if (rows.empty()) return;
    transaction.exec_params("select set_config('request.jwt.claims', $1, true)",
                            fmt::format(R"({{"sub":"{}","role":"authenticated"}})", rows[0][0].c_str()));
    transaction.exec("set local role authenticated");
    transaction.exec_params(
        "update public.training_programs set generation_status = 'pending' where id = $1::uuid",
        rows[0][1].c_str());
    transaction.commit();
}

void Workload::retry_completed(pqxx::connection& connection) {
    change(connection,
           "update public.training_programs set generation_status = 'pending' where "
           "generation_status = 'completed' and " +
               one_where("generation_status = 'completed'"));
}

void Workload::cancel(pqxx::connection& connection) {
    change(connection,
           "update public.training_programs set generation_status = 'failed' where "
           "generation_status in ('pending', 'processing') and " +
               one_where("generation_status in ('pending', 'processing')"));
}

void Workload::cancel_politely(pqxx::connection& connection) {
    change(connection,
           "select spotter.cancel(id, 'changed my mind') from public.training_programs where "
           "generation_status in ('pending', 'processing') order by random() limit 1");
}

void Workload::invalidate(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    auto flights =
        transaction.exec("select key, md5(key) from spotter.flight order by random() limit 1 for update");
    if (flights.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        invalidated_.insert(flights[0][1].c_str());
    }
    transaction.exec_params("delete from public.ai_coach_cache where cache_key = $1", flights[0][0].c_str());
    transaction.exec_params("delete from spotter.flight where key = $1", flights[0][0].c_str());
    transaction.commit();
}

void Workload::pause(pqxx::connection& connection) {
    // Also where nobody can say whether it was committed.
    struct Lifted {
        Workload& apps;
        ~Lifted() { apps.resume(); }
    } lifted{*this};
    change(connection, "select spotter.pause('*', 'a drill')");
    std::this_thread::sleep_for(std::chrono::milliseconds(dice(100, 2000)));
}

void Workload::remove(pqxx::connection& connection) {
    change(connection, "delete from public.training_programs where " + one_where("true"));
}

void Workload::remove_old(pqxx::connection& connection) {
    change(connection,
           fmt::format(
               "delete from public.training_programs where id in (select id from public.training_programs "
               "where generation_status in ('completed', 'failed') order by created_at limit greatest(0, "
               "(select count(*) from public.training_programs) - {}))",
               most_rows));
}

void Workload::remove_user(pqxx::connection& connection) {
    if (users_.empty()) return;
    const std::string user = some_user();
    pqxx::work transaction(connection);
    transaction.exec_params("delete from auth.users where id = $1::uuid", user);
    transaction.commit();
    std::erase(users_, user);
}

}  // namespace spotter::proof
