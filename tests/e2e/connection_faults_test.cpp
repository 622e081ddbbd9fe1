// Models that cannot be reached, or that are not who they should be.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "e2e/daemon.hpp"
#include "support/ports.hpp"

namespace connection_faults_test {

using namespace spotter;
using namespace spotter::test;

namespace {

/// One row on a database of its own; the model stands elsewhere.
struct Asked {
    Database database = fresh_database();
    AppDatabase app{database.dsn()};
    std::string row = app.ask(app.add_user(), onboarding());
    std::string good = app.good_answer(row);

    Daemon serve(const ScriptedModel& model, const Environment& more = {}) const {
        return Daemon(database.dsn(), model, more);
    }
    std::string reason() {
        app.wait_until(row, "generation_status = 'pending' and generation_reason is not null");
        return app.of(row, "generation_reason");
    }
};

}  // namespace

TEST_CASE(
    "a refused connection puts the row off as unreachable, or leaves it to the builtin where that may") {
    BadPort port(BadPort::Manner::refusing);
    const std::string url = fmt::format("http://127.0.0.1:{}/v1", port.number());
    Asked asked;

    SUBCASE("put off") {
        Daemon daemon(asked.database.dsn(), {{"OPENAI_BASE_URL", url}});
        CHECK(asked.reason() == "unreachable");
        CHECK(asked.app.of(asked.row, "generation_run_after > now()") == "true");
        CHECK(asked.app.of(asked.row, "generation_attempts") == "0");
    }
    SUBCASE("the builtin is last") {
        Daemon daemon(asked.database.dsn(), {{"OPENAI_BASE_URL", url}, {"SPOTTER_LLM_BUILTIN_LAST", "true"}});
        CHECK(asked.app.end_of(asked.row) == "completed");
        CHECK(asked.app.of(asked.row, "generation_metadata ->> 'source'") == "builtin");
        CHECK(asked.app.of(asked.row, "ai_model_version") == "builtin");
    }
}

TEST_CASE("a certificate that is not trusted, not the host's, or expired puts the row off for an operator") {
    Asked asked;
    SUBCASE("not trusted") {
        ScriptedModel model({.tls = true});
        Daemon daemon = asked.serve(model);
        CHECK(asked.reason() == "certificate");
        CHECK(model.requests() == 0);
    }
    SUBCASE("another host's") {
        ScriptedModel model({.tls = true, .hosts = {"elsewhere.example"}});
        Daemon daemon = asked.serve(model, {{"SPOTTER_LLM_CA_FILE", model.ca_file()}});
        CHECK(asked.reason() == "certificate");
        CHECK(model.requests() == 0);
    }
    SUBCASE("expired") {
        ScriptedModel model({.tls = true, .certificate_days = -1});
        Daemon daemon = asked.serve(model, {{"SPOTTER_LLM_CA_FILE", model.ca_file()}});
        CHECK(asked.reason() == "certificate");
        CHECK(model.requests() == 0);
    }
}

TEST_CASE("a certificate that an operator trusts is good enough") {
    Asked asked;
    ScriptedModel model({.tls = true});
    model.always(completion(asked.good));
    Daemon daemon = asked.serve(model, {{"SPOTTER_LLM_CA_FILE", model.ca_file()}});
    CHECK(asked.app.end_of(asked.row) == "completed");
}

}  // namespace connection_faults_test
