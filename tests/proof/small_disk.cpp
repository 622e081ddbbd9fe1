#include "proof/small_disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <vector>

#include "base/file.hpp"

namespace spotter::proof {
namespace {

std::filesystem::path filler(const std::filesystem::path& folder) {
    return folder / "filler";
}

}  // namespace

SmallDisk::SmallDisk(std::filesystem::path folder, int megabytes) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    const bool apart =
        unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (!apart) return;
    const std::string options = fmt::format("size={}m,mode=0755", megabytes);
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

SmallDisk::~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
    if (!mounted_) return;
    File file = File::open(filler(folder_), O_WRONLY | O_CREAT | O_APPEND);
    for (std::size_t size : {std::size_t{1} << 20, std::size_t{4096}, std::size_t{1}}) {
        const std::vector<char> zeros(size);
        while (::write(file.descriptor(), zeros.data(), size) > 0) continue;
    }
}

void SmallDisk::free() {
    std::error_code ignored;
    std::filesystem::remove(filler(folder_), ignored);
}

}  // namespace spotter::proof
