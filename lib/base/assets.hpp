#pragma once

#include <span>
#include <string_view>

/// Files of the tree that are compiled into the binary: migrations, prompts, schemas, data, pages.
namespace spotter::assets {

struct File {
    std::string_view path;  ///< from the tree's root, "schema/0001_roles.sql"
    std::string_view content;
};

/// Every embedded file, ordered by path.
std::span<const File> files();

/// The content of one file. A missing path is a mistake in the program: throws std::logic_error.
std::string_view read(std::string_view path);

}  // namespace spotter::assets
