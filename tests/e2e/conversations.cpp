#include "e2e/conversations.hpp"

#include <stdexcept>

#include "base/json.hpp"

namespace spotter::test {

std::string user_message(const std::string& body) {
    json::Document request = json::parse(body).value();
    for (const json::Value& message : request["messages"].GetArray())
        if (json::text(message, "role") == "user") return std::string(*json::text(message, "content"));
    throw std::runtime_error("nothing was said by a user in " + body);
}

void Conversations::add(const std::string& word, std::vector<Behaviour> answers) {
    const std::lock_guard lock(shared_->mutex);
    shared_->by_word[word] = {std::move(answers), {}};
}

ScriptedModel::Handler Conversations::handler() {
    return [shared = shared_](const ReceivedRequest& request) {
        const std::lock_guard lock(shared->mutex);
        for (auto& [word, conversation] : shared->by_word) {
            if (request.body.find(word) == std::string::npos) continue;
            std::size_t turn = std::min(conversation.asked.size(), conversation.answers.size() - 1);
            conversation.asked.push_back(request.body);
            return conversation.answers[turn];
        }
        return refusal(418, "unexpected", "nobody was to ask this");
    };
}

int Conversations::calls(const std::string& word) const {
    const std::lock_guard lock(shared_->mutex);
    return static_cast<int>(shared_->by_word.at(word).asked.size());
}

std::string Conversations::asked(const std::string& word, std::size_t call) const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->by_word.at(word).asked.at(call);
}

}  // namespace spotter::test
