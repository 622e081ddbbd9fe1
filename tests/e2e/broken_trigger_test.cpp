// An app's trigger that cannot be run: results for its table wait until it is mended, and others do not.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

#include "e2e/conversations.hpp"
#include "e2e/daemon.hpp"
#include "e2e/readiness.hpp"
#include "e2e/requests.hpp"
#include "work/kind.hpp"

namespace broken_trigger_test {

using namespace spotter;
using namespace spotter::test;

namespace {

constexpr const char* asked = R"({"type": "term_matching", "difficulty": 2})";

/// Programs and exercises of one model, and a trigger of the app's on the programs.
struct Audited : Stage {
    Conversations talk;
    Requests requests{app};

    Audited() {
        talk.add("You write one exercise",
                 {completion(work::find_kind("exercise")->read(asked).value()->plan())});
        model.always(talk.handler());
    }
    /// A row of a user of that name, whose program the model will make.
    std::string ask_for_program(const std::string& name) {
        std::string user = app.add_user();
        app.set_profile(user, fmt::format(R"({{"name": "{}"}})", name));
        talk.add(name, {completion(app.good_answer_to(onboarding()))});
        return app.ask(user, onboarding());
    }
    /// Calls a function that is not there when a program is completed.
    void break_trigger(const std::string& when) {
        app.run(
            fmt::format("create function public.audit() returns trigger language plpgsql as $$ begin "
                        "perform public.note_program(new.id); return new; end $$; "
                        "create trigger app_audits {} update on public.training_programs for each row "
                        "when (new.generation_status = 'completed') execute function public.audit()",
                        when));
    }
};

}  // namespace

TEST_CASE(
    "while a trigger of the app's calls what is not there, its table's results wait, and no others do") {
    Audited stage;
    SUBCASE("before the update") {
        stage.break_trigger("before");
    }
    SUBCASE("after the update") {
        stage.break_trigger("after");
    }
    const std::vector<std::string> names = {"Adalbert", "Berengar", "Chlodwig", "Dietmar"};
    std::vector<std::string> rows;
    for (const std::string& name : names) rows.push_back(stage.ask_for_program(name));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_POLL", "200ms"}});
    stage.model.wait_for_requests(4);
    daemon.wait_for_log("settle_delayed");
    CHECK(comes_to_say(daemon, 503, "settle: function public.note_program(uuid) does not exist"));
    CHECK(daemon.get("/healthz").status == 200);

    for (int i = 0; i < 3; ++i)
        REQUIRE(stage.requests.end_of(stage.requests.ask("exercise", asked)) == "completed");
    for (const std::string& row : rows) CHECK(stage.app.of(row, "generation_status") == "processing");

    stage.app.run("drop trigger app_audits on public.training_programs");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(stage.app.end_of(rows[i]) == "completed");
        CHECK(stage.app.of(rows[i], "generation_attempts || ' ' || generation_crashes") == "1 0");
        CHECK(stage.talk.calls(names[i]) == 1);
    }
    CHECK(comes_to_say(daemon, 200));
    CHECK(daemon.metric("spotter_settle_queue") == 0);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a trigger that is broken for one row keeps that row waiting, and none of the same table") {
    Audited stage;
    std::string row = stage.ask_for_program("Adalbert");
    stage.app.run(
        fmt::format("create function public.audit() returns trigger language plpgsql as $$ begin "
                    "if new.id = '{}' then perform public.note_program(new.id); end if; return new; end $$; "
                    "create trigger app_audits before update on public.training_programs for each row "
                    "when (new.generation_status = 'completed') execute function public.audit()",
                    row));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_POLL", "200ms"}});
    daemon.wait_for_log("settle_delayed");
    for (const char* name : {"Berengar", "Chlodwig", "Dietmar"})
        REQUIRE(stage.app.end_of(stage.ask_for_program(name)) == "completed");
    CHECK(stage.app.of(row, "generation_status") == "processing");
    stage.app.run("drop trigger app_audits on public.training_programs");
    CHECK(stage.app.end_of(row) == "completed");
    CHECK(stage.talk.calls("Adalbert") == 1);
    CHECK(daemon.stop() == 0);
}

}  // namespace broken_trigger_test
