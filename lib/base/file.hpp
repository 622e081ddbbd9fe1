#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace spotter {

/// An open file descriptor, closed at the end. Programs that we start do not inherit it.
class File {
  public:
    File() = default;
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~File();

    /// As open(2) with O_CLOEXEC and, for new files, mode 0600. A File that is not open says why in errno.
    static File open(const std::filesystem::path& path, int flags);

    explicit operator bool() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_ = -1;
};

/// The whole content of a file, or nullopt when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Lets this process, and what it starts from now on, have as many open files as the system allows: a login's
/// usual 1024 are fewer than the calls that may be open at once.
void raise_file_limit();

}  // namespace spotter
