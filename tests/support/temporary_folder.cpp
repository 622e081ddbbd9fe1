#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace spotter::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "spotter-test-";

// Those of runs that were killed: the name holds the process id.
void remove_leftovers() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/tmp", ignored)) {
        std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) continue;
        int pid = atoi(name.c_str() + prefix.size());
        if (pid > 0 && !fs::exists(fmt::format("/proc/{}", pid))) fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    static const bool swept = (remove_leftovers(), true);
    (void)swept;
    std::string name = fmt::format("/tmp/{}{}-XXXXXX", prefix, getpid());
    // Open to all: a Postgres that root starts works in here under another account.
    if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), 0755) != 0)
        throw std::runtime_error("cannot make a folder in /tmp");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace spotter::test
