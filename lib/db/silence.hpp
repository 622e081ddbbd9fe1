#pragma once

#include <chrono>

namespace spotter::db {

/// Bounds the wait for an answer on a socket. While it lives, and once `limit` is over, the socket is shut
/// down: whoever waits for it is told that the connection broke. For a peer that still takes what we send and
/// never answers (a proxy, a server that stands still), which neither the server's time-outs nor the kernel's
/// end. Not positive: no bound. Any thread.
class SilenceLimit {
  public:
    SilenceLimit(int socket, std::chrono::steady_clock::duration limit);
    SilenceLimit(const SilenceLimit&) = delete;
    SilenceLimit& operator=(const SilenceLimit&) = delete;
    ~SilenceLimit();

    /// Whether the socket has been shut down.
    bool over() const;

  private:
    long entry_ = 0;
};

}  // namespace spotter::db
