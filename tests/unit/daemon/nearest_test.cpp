#include <doctest/doctest.h>

#include "daemon/cli.hpp"

namespace nearest_test {

using spotter::cli::nearest;

TEST_CASE("a mistyped command is taken for the one that is near, and for none where all are far") {
    const std::vector<std::string> names = {"dev",   "serve",  "status", "explain",
                                            "retry", "cancel", "pause",  "resume"};
    CHECK(nearest("cancle", names) == "cancel");
    CHECK(nearest("canel", names) == "cancel");
    CHECK(nearest("explian", names) == "explain");
    CHECK(nearest("exp", names) == "explain");
    CHECK(nearest("stats", names) == "status");
    CHECK(nearest("retyr", names) == "retry");
    CHECK(!nearest("fly", names));
    CHECK(!nearest("", names));
    CHECK(!nearest("zzzzzzzz", names));
}

}  // namespace nearest_test
