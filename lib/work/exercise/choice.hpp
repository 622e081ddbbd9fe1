#pragma once

#include <cstddef>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace spotter::work::exercises {

/// Choices that look random and are the same for the same text, on every machine: the standard fixes what its
/// seed_seq and its engine give, though not what its distributions and shuffles do.
class Choice {
  public:
    explicit Choice(std::string_view text) {
        std::seed_seq seed(text.begin(), text.end());
        random_.seed(seed);
    }

    /// 0 to `bound` - 1; `bound` is not 0.
    std::size_t below(std::size_t bound) { return random_() % bound; }

    template <class T>
    const T& one_of(const std::vector<T>& items) {
        return items[below(items.size())];
    }

    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t left = items.size(); left > 1; --left)
            std::swap(items[left - 1], items[below(left)]);
    }

  private:
    std::mt19937 random_;
};

}  // namespace spotter::work::exercises
