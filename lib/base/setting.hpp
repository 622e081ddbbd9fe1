#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace spotter {

/// A setting as the table has it: where it is read from, what it means, how a text becomes its value.
struct Setting {
    std::string_view path;
    std::vector<std::string_view> environment;
    std::string_view help;
    /// Puts `value` into the configuration; returns what is wrong with it.
    std::function<std::optional<std::string>(Config&, const std::string& value)> apply;
    /// The value in force, as TOML writes it.
    std::function<std::string(const Config&)> show;
};

std::span<const Setting> setting_table();
const Setting* find_setting(std::string_view path);

}  // namespace spotter
