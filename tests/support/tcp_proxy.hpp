#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace spotter::test {

/// A loopback port that passes connections on to another, and can spoil them. Works on a thread of its own;
/// all members may be called from any thread.
class TcpProxy {
  public:
    /// Connections go to that port of 127.0.0.1.
    explicit TcpProxy(std::uint16_t target);
    TcpProxy(const TcpProxy&) = delete;
    ~TcpProxy();

    std::uint16_t port() const;
    /// Where connections that are made from now on go.
    void forward_to(std::uint16_t target);

    /// Silent: what either side says is kept, and nobody is told; new connections are made and lead nowhere.
    /// Speaking again, it passes on what it kept.
    void silence(bool silent);
    /// The same for what the target says only: what is asked of it is done, and nobody learns of it.
    void silence_answers(bool silent);
    /// Each piece of what is said arrives so much later.
    void delay(std::chrono::milliseconds each_way);
    /// Ends all connections on both sides with a reset, as a machine does that has lost its memory.
    void reset();
    /// The same on the side of those who connected; the target is left with connections that nobody uses,
    /// until `reset`.
    void reset_callers();

    int connections() const;  ///< ever accepted

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace spotter::test
