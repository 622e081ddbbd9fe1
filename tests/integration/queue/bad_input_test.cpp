#include <doctest/doctest.h>
#include <fmt/format.h>

#include "db/failure.hpp"
#include "integration/queue/operated.hpp"
#include "queue/inspect.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// What an app, an owner or an operator may set wrongly, or have in the way.

namespace bad_input_test {

using namespace spotter::test;
namespace queue = spotter::queue;

TEST_CASE("a row cannot be put off for ever; one whose time is long ago is served") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    auto set = [&](const std::string& time) {
        return as_role(here.db, "service_role", "",
                       fmt::format("update public.training_programs set generation_run_after = '{}'", time));
    };
    for (const char* never : {"infinity", "-infinity"}) {
        CAPTURE(never);
        Said said = set(never);
        CHECK(said.sqlstate == "23514");
        CHECK(has(said.message, "generation_run_after is a finite time"));
    }
    CHECK(as_role(here.db, "service_role", "",
                  fmt::format("insert into public.training_programs (user_id, generation_run_after) "
                              "values ('{}', 'infinity')",
                              here.ada))
              .sqlstate == "23514");
    CHECK(set("4000-01-01").ok());
    CHECK(here.daemon.claim().looked_at == 0);
    CHECK(set("0001-01-01 BC").ok());
    CHECK(here.daemon.claim_one().lease.id == id);
}

TEST_CASE("a priority out of range is refused, and says what the range is") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    for (const char* priority : {"0", "10", "-1", "32767"}) {
        CAPTURE(priority);
        Said said =
            as_role(here.db, "service_role", "",
                    fmt::format("update public.training_programs set generation_priority = {}", priority));
        CHECK(said.sqlstate == "23514");
        CHECK(has(said.message, "generation_priority is 1 to 9"));
    }
    CHECK(here.of(id, "generation_priority") == "5");
}

TEST_CASE("a trigger of the app that objects to a cancel is quoted, and the row stays as it is") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    auto row = here.daemon.claim_one();
    sql(here.db,
        "create function public.object() returns trigger language plpgsql as $$ begin "
        "if new.generation_error_code = 'cancelled' then raise exception 'invoices need it' "
        "using hint = 'Void the invoice first.'; end if; return new; end $$; "
        "create trigger zz_object before update on public.training_programs "
        "for each row execute function public.object()");
    Said said = refusal_of([&] { queue::cancel(here.session, id, ""); });
    CHECK(has(said.message, "invoices need it"));
    CHECK(has(said.message, "Void the invoice first."));
    CHECK(here.status(id) == "processing");
    CHECK(here.daemon.settle(completion(row)));
}

}  // namespace bad_input_test
