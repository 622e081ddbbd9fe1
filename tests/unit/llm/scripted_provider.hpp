#pragma once

#include <deque>
#include <string>
#include <vector>

#include "llm/provider.hpp"

namespace spotter::test {

/// A provider that fails as it is told, and answers when it is told no more.
class ScriptedProvider : public llm::Provider {
  public:
    explicit ScriptedProvider(std::string name, std::vector<llm::Failure> failures = {})
        : name_(std::move(name)), failures_(failures.begin(), failures.end()) {}

    std::string_view name() const override { return name_; }
    std::string_view model() const override { return "scripted"; }

    boost::asio::awaitable<Result<llm::Reply, llm::Failure>> complete(const llm::Request& request) override {
        ++calls;
        last_user = request.prompt().user;
        if (!failures_.empty()) {
            llm::Failure failure = std::move(failures_.front());
            failures_.pop_front();
            co_return failure;
        }
        llm::Reply reply;
        reply.text = "from " + name_;
        co_return reply;
    }

    int calls = 0;
    std::string last_user;

  private:
    std::string name_;
    std::deque<llm::Failure> failures_;
};

}  // namespace spotter::test
