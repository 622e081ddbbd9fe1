#include "base/assets.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace spotter::assets {

std::string_view read(std::string_view path) {
    for (const File& file : files())
        if (file.path == path) return file.content;
    throw std::logic_error(fmt::format("no embedded file \"{}\"", path));
}

}  // namespace spotter::assets
