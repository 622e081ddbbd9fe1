#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/assets.hpp"
#include "base/json.hpp"

/// Reading the kind's own data files. They are part of the program: what is wrong in one throws.
namespace spotter::work::exercises::data {

inline std::string text(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value());
}

/// Every element of the array `key`, read by `read`.
template <class T>
std::vector<T> list(const json::Value& object, std::string_view key, T (*read)(const json::Value&)) {
    std::vector<T> out;
    for (const json::Value& item : object[std::string(key)].GetArray()) out.push_back(read(item));
    return out;
}

inline std::vector<std::string> texts(const json::Value& object, std::string_view key) {
    return list<std::string>(object, key,
                             [](const json::Value& item) { return std::string(json::view(item)); });
}

/// Every embedded file of `folder`, read by `read`, ordered by path.
template <class T>
std::vector<T> files(std::string_view folder, T (*read)(const json::Value&)) {
    std::vector<T> out;
    for (const assets::File& file : assets::files())
        if (file.path.starts_with(folder)) out.push_back(read(json::parse(file.content).value()));
    return out;
}

}  // namespace spotter::work::exercises::data
