#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/config.hpp"

namespace spotter {

/// The composition root: builds every part once, starts them in order, and owns the order of shutdown.
class App {
  public:
    explicit App(Config config);
    ~App();

    /// Called once, when rows are being worked on; with the address that HTTP listens on.
    void on_ready(std::function<void(const std::string& http)> call);

    /// Runs until SIGTERM or SIGINT, then drains: claims no more, finishes what is under way, gives back what
    /// cannot be finished in time. A second signal gives everything back at once. Returns an exit code of
    /// cli::Exit.
    int run();

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace spotter
