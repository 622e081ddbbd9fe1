#pragma once

#include <string>
#include <utility>

namespace spotter {

/// A string that must not be seen: a key, a token, a password. It has no formatter and no stream operator, so
/// that printing it does not compile; whoever needs the text says so with `reveal()`.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

  private:
    std::string text_;
};

}  // namespace spotter
