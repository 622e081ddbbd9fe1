#pragma once

#include <filesystem>
#include <string>

namespace spotter::proof {

/// A file system of its own, in memory, that can be filled to the last byte. Seen by this process, from this
/// thread on, and by what it starts: it is gone with them, also when they are killed. Where this process may
/// not mount, a plain folder that cannot be filled.
class SmallDisk {
  public:
    SmallDisk(std::filesystem::path folder, int megabytes);
    SmallDisk(const SmallDisk&) = delete;
    ~SmallDisk();

    const std::filesystem::path& folder() const { return folder_; }
    bool mounted() const { return mounted_; }
    /// Leaves no byte free.
    void fill();
    void free();

  private:
    std::filesystem::path folder_;
    bool mounted_ = false;
};

}  // namespace spotter::proof
