#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The command line: `spotter <command>`.
namespace spotter::cli {

/// Exit codes, as documented in docs/operations.md.
enum Exit {
    ok = 0,
    failure = 1,      ///< it was tried and did not work
    usage = 2,        ///< the command line or the configuration is wrong; nothing was tried
    unavailable = 3,  ///< the database could not be reached
    row_failed = 4,   ///< the row that was waited for ended as failed
    not_found = 5,    ///< there is no such row
};

int run(int argc, char** argv);

/// The name that was most likely meant by `word`, if any is near enough. Pure.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace spotter::cli
