#pragma once

#include <string>
#include <vector>

namespace spotter::proof {

/// The drill for as long as one likes: `--minutes 60 --seed 17 --logs FOLDER`. A line of progress a minute,
/// and figures at the end, which SIGINT and SIGTERM bring early. Returns an exit code: 1 where a promise was
/// broken, 2 for arguments that it does not know.
int soak(const std::vector<std::string>& arguments);

}  // namespace spotter::proof
