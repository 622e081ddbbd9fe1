#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/scripted_model.hpp"

namespace spotter::test {

/// What a model is told beside the system's message, out of the body of a request.
std::string user_message(const std::string& body);

/// Answers each row from a list of its own, so that many can be served at once. A row is told by a word in
/// its prompt, such as its user's name; the last answer of a list stands for all that follow.
class Conversations {
  public:
    void add(const std::string& word, std::vector<Behaviour> answers);

    /// For ScriptedModel::always. Requests that hold none of the words are answered with a 418.
    ScriptedModel::Handler handler();

    int calls(const std::string& word) const;
    /// The body of a request, 0-based.
    std::string asked(const std::string& word, std::size_t call) const;

  private:
    struct Conversation {
        std::vector<Behaviour> answers;
        std::vector<std::string> asked;
    };
    struct Shared {
        mutable std::mutex mutex;
        std::map<std::string, Conversation> by_word;
    };
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace spotter::test
