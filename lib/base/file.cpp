#include "base/file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace spotter {

File::~File() {
    if (descriptor_ >= 0) close(descriptor_);
}

File File::open(const std::filesystem::path& path, int flags) {
    return File(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    if (!in || !(out << in.rdbuf())) return std::nullopt;
    return std::move(out).str();
}

void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace spotter
