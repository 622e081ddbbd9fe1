#pragma once

#include <cstdint>
#include <vector>

namespace spotter::test {

/// A loopback port of our own that behaves badly, so that nobody else can have it.
class BadPort {
  public:
    enum class Manner {
        refusing,      ///< bound and not listening: connections are refused
        unreachable,   ///< its queue is full and nobody takes from it: a connection is never made
        unresponsive,  ///< connections are made, and nothing is ever said
    };
    explicit BadPort(Manner manner);
    BadPort(const BadPort&) = delete;
    ~BadPort();
    std::uint16_t number() const { return number_; }

  private:
    int socket_;
    std::uint16_t number_;
    std::vector<int> queued_;
};

}  // namespace spotter::test
