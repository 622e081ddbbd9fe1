// Questions about tables that were made or granted while they were being answered.

#include <doctest/doctest.h>

#include "e2e/questions.hpp"

namespace changed_schema_test {

using namespace spotter;
using namespace spotter::test;

TEST_CASE(
    "a question that no table answered is put once more where the schema has changed since it was put") {
    Questions stage;
    Daemon daemon = stage.serve();
    daemon.wait_until_ready();
    stage.model.then(held(query("")));
    stage.model.always(query("select id from novelties"));
    std::string row = stage.ask("what is new");
    stage.model.wait_for_open(1);
    stage.app.run(
        "create table public.novelties (id integer); grant select on public.novelties to spotter_reader");
    daemon.wait_for_log("schema_changed");
    stage.model.release();
    CHECK(stage.requests.end_of(row) == "completed");
    CHECK(stage.requests.of(row, "generation_calls") == "2");
    CHECK(daemon.stop() == 0);
}

}  // namespace changed_schema_test
