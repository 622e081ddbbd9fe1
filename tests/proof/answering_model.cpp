#include "proof/answering_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "proof/workload.hpp"

namespace spotter::proof {
namespace {

using namespace std::chrono_literals;
using test::Behaviour;

std::string marker_in(const std::string& prompt) {
    auto begin = prompt.find(marker_prefix);
    if (begin == prompt.npos) return "";
    auto end = prompt.find_first_not_of("0123456789", begin + marker_prefix.size());
    return prompt.substr(begin, end - begin);
}

double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string with_name(std::string program, const std::string& name) {
    for (auto at = program.find(AnsweringModel::named); at != program.npos;
         at = program.find(AnsweringModel::named))
        program.replace(at, std::string_view(AnsweringModel::named).size(), name);
    return program;
}

Behaviour hang_up(std::size_t after_bytes, const std::string& program) {
    return test::cut(test::completion(program), after_bytes);
}

Behaviour behaviour(const std::string& given, const std::string& program) {
    if (given == "429") return test::refusal(429, "rate_limit_exceeded", "slow down", {{"retry-after", "1"}});
    if (given == "500") return test::refusal(500, "server_error", "something broke");
    if (given == "invalid") return test::completion("Here is your program: squat {");
    if (given == "rules") return test::completion(R"({"programName": "Nothing", "phases": []})");
    if (given == "truncated") return test::completion(program.substr(0, program.size() / 2), "length");
    if (given == "slow") return test::silence();
    if (given == "hang_up") return hang_up(0, program);
    if (given == "cut") return hang_up(300, program);
    return test::completion(program);
}

}  // namespace

const std::vector<std::string>& AnsweringModel::faults() {
    static const std::vector<std::string> all = {"429",       "500",  "invalid", "rules",
                                                 "truncated", "slow", "hang_up", "cut"};
    return all;
}

AnsweringModel::AnsweringModel(std::string program, unsigned seed)
    : program_(std::move(program)), random_(seed), server_({.kept_requests = 0}) {
    server_.always([this](const test::ReceivedRequest& request) { return answer(request); });
}

void AnsweringModel::misbehave(const std::string& fault, int percent) {
    const std::lock_guard lock(mutex_);
    misbehaving_[fault] = percent;
}

void AnsweringModel::behave() {
    const std::lock_guard lock(mutex_);
    misbehaving_.clear();
}

std::vector<Call> AnsweringModel::calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
}

std::size_t AnsweringModel::count() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
}

std::string AnsweringModel::choose_fault() {
    int dice = std::uniform_int_distribution(1, 100)(random_);
    for (const auto& [fault, percent] : misbehaving_)
        if ((dice -= percent) <= 0) return fault;
    return "good";
}

Behaviour AnsweringModel::answer(const test::ReceivedRequest& request) {
    const std::lock_guard lock(mutex_);
    Call call{fmt::format("Answer {}", calls_.size() + 1), marker_in(request.body), choose_fault(), now()};
    // Now and then as long as a call may nearly take, so that leases are lost while a call is under way.
    const bool long_one = std::uniform_int_distribution(1, 4)(random_) == 1;
    auto pause = std::chrono::milliseconds(std::uniform_int_distribution(5, long_one ? 2500 : 300)(random_));
    Behaviour answer = behaviour(call.given, with_name(program_, call.answer));
    calls_.push_back(std::move(call));
    return test::delayed(std::move(answer), pause);
}

}  // namespace spotter::proof
