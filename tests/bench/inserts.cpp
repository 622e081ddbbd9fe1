#include <fmt/format.h>

#include <optional>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

constexpr const char* with_trigger =
    "alter table public.training_programs enable trigger spotter_wake_inserted";
constexpr const char* without_trigger =
    "alter table public.training_programs disable trigger spotter_wake_inserted";

/// A row as an app inserts it. Put off, the row wakes whoever sleeps, who finds nothing to do and sleeps
/// again.
std::string script(bool put_off) {
    return fmt::format(R"sql(\set n random(1, 1000000000)
insert into public.training_programs (user_id, onboarding_data_snapshot, generation_run_after)
values (bench_user(1 + :n % 1000), ('{{"primaryGoal": "General Fitness: Foundational Strength", '
        '"trainingFrequencyDays": 3, "sessionDuration": "45-60 minutes", "equipment": ["Full Gym"], '
        '"experienceLevel": "Intermediate", "weightUnit": "kg", "exercisePreferences": "row ' || :n || '."}}')::jsonb,
        now() + interval '{}');
)sql",
                       put_off ? "1 hour" : "0");
}

/// Who looks at the queue while clients insert.
enum class Beside {
    nobody,
    busy,  ///< a daemon with more rows than it has slots for
    idle,  ///< a daemon that sleeps, and finds nothing when it is woken
};

class Inserts {
  public:
    explicit Inserts(const Bench& bench) : bench_(bench), dsn_(bench.server.database("inserts")) {
        add_users(dsn_, 1000);
        test::ScriptedModelOptions options;
        options.kept_requests = 0;
        model_.emplace(options);
        Model answers(dsn_, 0);
        model_->always(test::delayed(answers.answer(), std::chrono::milliseconds(100)));
    }

    double rate(Beside beside, bool trigger) {
        Server::run(dsn_, "truncate public.training_programs, public.ai_coach_cache");
        Server::run(dsn_, trigger ? with_trigger : without_trigger);
        Server::run(dsn_, "checkpoint");
        std::optional<test::Process> daemon;
        if (beside == Beside::busy) add_rows(dsn_, 1, 5000, 1000);
        if (beside != Beside::nobody)
            daemon.emplace(serve(dsn_, {{"OPENAI_BASE_URL", model_->url()},
                                        {"OPENAI_API_KEY", "sk-bench"},
                                        {"SPOTTER_LLM_MODEL", "scripted-model"}}));
        if (beside == Beside::busy) model_->wait_for_open(16);
        double tps = bench_.server.pgbench(dsn_, script(beside == Beside::idle),
                                           fmt::format("-c 32 -j 2 -T {}", bench_.sizes.insert_seconds));
        if (daemon) stop(*daemon);
        return tps;
    }

  private:
    const Bench& bench_;
    std::string dsn_;
    std::optional<test::ScriptedModel> model_;
};

}  // namespace

void measure_inserts(const Bench& bench) {
    Inserts inserts(bench);
    struct Case {
        std::string what;
        Beside beside;
        Rounds with = rates(), without = rates();
    } cases[] = {{"inserts by 32 clients, busy daemon", Beside::busy},
                 {"inserts by 32 clients, idle daemon", Beside::idle},
                 {"inserts by 32 clients, no daemon", Beside::nobody}};
    for (int round = 0; round < bench.sizes.rounds; ++round)
        for (Case& one : cases) {
            one.with.add(inserts.rate(one.beside, true));
            one.without.add(inserts.rate(one.beside, false));
            progress(fmt::format("{}: {:.0f}/s with the trigger, {:.0f}/s without", one.what,
                                 one.with.values.back(), one.without.values.back()));
        }
    for (const Case& one : cases)
        bench.report.add({one.what, one.with, "without the trigger", one.without, "rows/s",
                          one.beside == Beside::busy ? ">= 0.9" : "none"});
}

}  // namespace spotter::bench
