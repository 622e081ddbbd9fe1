#include "e2e/app_database.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/json.hpp"
#include "support/wait.hpp"
#include "work/kind.hpp"

namespace spotter::test {
namespace {

constexpr const char* input_sql = R"sql(
select spotter.training_program_input(p.user_id, p.onboarding_data_snapshot, row(
           coalesce(f.is_premium, false) or coalesce(f.trial_ends_at > now(), false), f.name, f.age::text,
           f.experience_level, f.weight_unit, f.onboarding_responses))
  from public.training_programs p
  left join public.profiles f on f.id = p.user_id
 where p.id = $1::uuid)sql";

}  // namespace

void AppDatabase::run(const std::string& script) {
    pqxx::nontransaction(connection_).exec(script);
}

void AppDatabase::become(pqxx::work& transaction, const std::string& user) {
    transaction.exec_params("select set_config('request.jwt.claims', $1, true)",
                            fmt::format(R"({{"sub":"{}","role":"authenticated"}})", user));
    transaction.exec("set local role authenticated");
}

std::string AppDatabase::add_user() {
    return value("insert into auth.users (email) values (gen_random_uuid() || '@example.com') returning id");
}

void AppDatabase::set_profile(const std::string& user, const std::string& columns) {
    value("insert into public.profiles (id) values ($1) on conflict (id) do nothing", user);
    auto parsed = json::parse(columns).value();
    for (const auto& member : parsed.GetObject()) {
        std::string column(json::view(member.name));
        value(fmt::format("update public.profiles f set {0} = (jsonb_populate_record(f, $2::jsonb)).{0} "
                          "where id = $1",
                          column),
              user, columns);
    }
}

std::string AppDatabase::ask(const std::string& user, const std::string& onboarding) {
    return value_as(user,
                    "insert into public.training_programs (user_id, onboarding_data_snapshot) "
                    "values ($1, $2::jsonb) returning id",
                    user, onboarding);
}

std::string AppDatabase::ask_by_profile(const std::string& user) {
    return value_as(user, "insert into public.training_programs (user_id) values ($1) returning id", user);
}

void AppDatabase::retry(const std::string& user, const std::string& row) {
    value_as(user, "update public.training_programs set generation_status = 'pending' where id = $1", row);
}

std::string AppDatabase::of(const std::string& row, const std::string& expression) {
    return value(fmt::format("select ({})::text from public.training_programs where id = $1", expression),
                 row);
}

void AppDatabase::wait_until(const std::string& row, const std::string& condition) {
    if (eventually([&] { return of(row, condition) == "true"; }, patience)) return;
    throw std::runtime_error(fmt::format("waited in vain for {}; the row: {}", condition,
                                         of(row, "to_jsonb(training_programs) - 'program_details'")));
}

std::string AppDatabase::end_of(const std::string& row) {
    wait_until(row, "generation_status in ('completed', 'failed')");
    return of(row, "generation_status");
}

void AppDatabase::wait_for(const std::string& query) {
    if (eventually([&] { return value(query) == "t"; }, patience)) return;
    std::string rows = value(
        "select jsonb_object_agg(s, n) from (select generation_status s, count(*) n "
        "from public.training_programs group by 1) x");
    throw std::runtime_error(fmt::format("waited in vain for {}; rows: {}", query, rows));
}

std::string AppDatabase::good_answer(const std::string& row) {
    return planned(value(input_sql, row));
}

std::string AppDatabase::good_answer_to(const std::string& onboarding) {
    return planned(value(
        "select spotter.training_program_input(null, $1::jsonb, row(false, null, null, null, null, null))",
        onboarding));
}

std::string AppDatabase::planned(const std::string& input) {
    auto task = work::find_kind("training_program")->read(input);
    if (!task) throw std::runtime_error(task.error().message);
    return (*task)->plan();
}

std::string onboarding(const std::string& more) {
    return R"({"primaryGoal":"General Fitness: Foundational Strength","trainingFrequencyDays":3,)"
           R"("sessionDuration":"45-60 minutes","equipment":["Full Gym"],"experienceLevel":"Intermediate",)"
           R"("weightUnit":"kg")" +
           more + "}";
}

}  // namespace spotter::test
