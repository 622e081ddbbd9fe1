#pragma once

#include <string>
#include <string_view>

/// Answers of queue/inspect as a person reads them, 80 columns wide. Pure.
namespace spotter::cli {

std::string standing_for_people(std::string_view standing_json);
std::string overview_for_people(std::string_view overview_json);

/// What is paused, a line each and how to end it; empty where nothing is.
std::string pauses_for_people(std::string_view pauses_json);

/// A table, a line for each kind's cache.
std::string caches_for_people(std::string_view stats_json, int days);
/// The same by day: cache::stats_by_day.
std::string cache_days_for_people(std::string_view days_json, int days);

/// Broken at spaces before column 80; lines after the first stand under `indent` spaces, which the first is
/// taken to stand behind.
std::string wrapped(std::string_view text, std::size_t indent);

/// 0.4 -> "400 ms", 75 -> "1 min 15 s", 7200 -> "2.0 h", 172800 -> "2.0 days".
std::string duration(double seconds);

}  // namespace spotter::cli
