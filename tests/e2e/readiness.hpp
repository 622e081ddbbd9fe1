#pragma once

#include <string>

#include "e2e/command.hpp"
#include "e2e/daemon.hpp"
#include "support/wait.hpp"

namespace spotter::test {

/// Whether /readyz comes to have that status and to hold these words.
inline bool comes_to_say(const Daemon& daemon, int status, const std::string& words = "") {
    return eventually(
        [&] {
            Daemon::Page page = daemon.get("/readyz");
            return page.status == status && has(page.body, words);
        },
        std::chrono::seconds(30));
}

}  // namespace spotter::test
