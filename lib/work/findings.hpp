#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "work/kind.hpp"

namespace spotter::work {

/// How a rule is held at a tier.
enum class Held {
    off,     ///< not looked at
    noted,   ///< what it finds is a warning
    strict,  ///< what it rejects is rejected
};

/// Collects what rules find, under the name of the rule that is looking.
class Findings {
  public:
    /// What follows is found by `rule`.
    void begin(std::string_view rule, Held held) { rule_ = rule, held_ = held; }

    void reject(std::string path, std::string message) {
        if (held_ == Held::strict) rejected_ = true;
        add(held_ == Held::strict ? Violation::Severity::reject : Violation::Severity::warn, std::move(path),
            std::move(message));
    }
    void warn(std::string path, std::string message) {
        add(Violation::Severity::warn, std::move(path), std::move(message));
    }

    bool rejected() const { return rejected_; }
    std::vector<Violation> take() { return std::move(violations_); }

  private:
    static constexpr std::size_t most = 100;  ///< of either severity: nobody reads more

    void add(Violation::Severity severity, std::string path, std::string message) {
        std::size_t& count = severity == Violation::Severity::reject ? rejects_ : warnings_;
        if (++count > most) return;
        violations_.push_back({severity, std::move(path), std::string(rule_), std::move(message)});
    }

    std::vector<Violation> violations_;
    std::string_view rule_;
    Held held_ = Held::strict;
    bool rejected_ = false;
    std::size_t rejects_ = 0;
    std::size_t warnings_ = 0;
};

}  // namespace spotter::work
