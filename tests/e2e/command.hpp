#pragma once

#include <string>
#include <vector>

#include "support/process.hpp"

namespace spotter::test {

/// What came of a command line.
struct Ended {
    int code = -1;  ///< -1: it did not end within a minute
    std::string out;
    std::string err;
};

/// Runs the binary to its end.
inline Ended run(std::vector<std::string> arguments, const Environment& environment = {},
                 const std::string& input = "") {
    Process process(std::move(arguments), environment, {.input = input});
    int code = process.wait(std::chrono::minutes(1)).value_or(-1);
    return {code, process.out(), process.err()};
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace spotter::test
