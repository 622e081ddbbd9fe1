// Every kind of fault once, in an order by chance. SPOTTER_PROOF_SEED=17 runs one again: the same faults in
// the same order on the same daemons, though no two runs interleave alike. SPOTTER_PROOF_ALOUD=1 tells of
// each fault, and SPOTTER_PROOF_LOGS names a folder that keeps what daemons say.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "proof/drill.hpp"
#include "support/temporary_folder.hpp"

namespace drill_test {

using namespace spotter;
using namespace spotter::proof;

namespace {

unsigned seed() {
    const char* given = std::getenv("SPOTTER_PROOF_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                 : std::random_device{}() % 1'000'000;
}

}  // namespace

TEST_CASE("whatever breaks meanwhile, every row is answered once, with its own answer, within its budget") {
    const test::TemporaryFolder folder;
    DrillOptions options;
    options.seed = seed();
    const char* kept = std::getenv("SPOTTER_PROOF_LOGS");
    options.logs = kept ? std::filesystem::path(kept) : folder.path();
    const bool aloud = std::getenv("SPOTTER_PROOF_ALOUD") != nullptr;
    options.say = [aloud](const std::string& line) {
        if (aloud) fmt::print(stderr, "{}\n", line);
    };
    MESSAGE("SPOTTER_PROOF_SEED=" << options.seed);
    Report report = drill(options);
    MESSAGE(summary(report));
    INFO(explain(report));
    CHECK(report.violations.empty());
    // Not for want of work.
    CHECK(report.figures.accepted > 50);
    CHECK(report.figures.shared > 0);
}

}  // namespace drill_test
