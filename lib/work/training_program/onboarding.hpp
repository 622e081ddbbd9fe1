#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

/// The fields of an onboarding, read one by one. The first that is wrong is remembered for its owner; the
/// rest then reads as absent, so that a reader need not look after every step.
namespace spotter::work::training {

class Fields {
  public:
    explicit Fields(const json::Value& object) : object_(object) {}

    /// Absent when missing, null or blank. Numbers may come as text ("4", "82.5").
    std::optional<double> number(std::string_view key, std::string_view remedy);
    std::optional<std::string> text(std::string_view key, std::string_view remedy);
    /// One text or a list of them.
    std::vector<std::string> texts(std::string_view key, std::string_view remedy);

    void refuse(std::string_view problem, std::string_view remedy);
    const std::optional<Error>& problem() const { return problem_; }

  private:
    const json::Value* present(std::string_view key) const;
    std::optional<std::string> bounded(std::string_view key, std::string_view text);

    const json::Value& object_;
    std::optional<Error> problem_;
};

}  // namespace spotter::work::training
