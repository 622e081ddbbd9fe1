#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace spotter::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "spotter-test-";

constexpr const char* in_memory = "/dev/shm";
constexpr const char* on_disk = "/tmp";

/// In memory where there is plenty of it: each test makes a database, which is hundreds of files, and what
/// must outlive a crash of the machine no test can try.
const char* place() {
    constexpr std::uintmax_t plenty = std::uintmax_t{4} << 30;
    std::error_code problem;
    auto space = fs::space(in_memory, problem);
    return !problem && space.available >= plenty && access(in_memory, W_OK) == 0 ? in_memory : on_disk;
}

// Those of runs that were killed: the name holds the process id.
void remove_left_folders() {
    std::error_code ignored;
    for (const char* folder : {in_memory, on_disk})
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            std::string name = entry.path().filename().string();
            if (!name.starts_with(prefix)) continue;
            int pid = atoi(name.c_str() + prefix.size());
            if (pid > 0 && !fs::exists(fmt::format("/proc/{}", pid))) fs::remove_all(entry.path(), ignored);
        }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    static const bool swept = (remove_left_folders(), true);
    (void)swept;
    std::string name = fmt::format("{}/{}{}-XXXXXX", place(), prefix, getpid());
    // Open to all: a Postgres that root starts works in here under another account.
    if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), 0755) != 0)
        throw std::runtime_error(fmt::format("cannot make the folder {}", name));
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace spotter::test
