#include "pipeline/cache_upkeep.hpp"

#include <doctest/doctest.h>

namespace cache_upkeep_test {

using namespace spotter;
using namespace spotter::pipeline;

TEST_CASE("a cache has the life and the limits that are configured for its kind, else the kind's own") {
    const work::Kind& exercise = *work::find_kind("exercise");
    const work::Kind& personality = *work::find_kind("personality");
    Config::Cache settings;
    CHECK(cache_limits(settings, exercise).entries == 10000);
    CHECK(cache_limits(settings, exercise).bytes == std::int64_t{1024} << 20);
    CHECK(!cache_limits(settings, personality).entries);
    CHECK(cache_life(settings, exercise) == std::chrono::hours(24));
    CHECK(cache_life(settings, personality) == std::chrono::hours(24 * 7));

    settings.entries = {{"exercise", 0}, {"personality", 5}};
    settings.megabytes = {{"exercise", 2}, {"personality", 0}};
    settings.life = {{"exercise", Seconds(60)}};
    CHECK(!cache_limits(settings, exercise).entries);
    CHECK(cache_limits(settings, exercise).bytes == 2 << 20);
    CHECK(cache_limits(settings, personality).entries == 5);
    CHECK(!cache_limits(settings, personality).bytes);
    CHECK(cache_life(settings, exercise) == Seconds(60));
}

}  // namespace cache_upkeep_test
