#include "proof/director.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spotter::proof {

using namespace std::chrono_literals;

Director::Director(Stage& stage, Manner manner, unsigned seed, std::size_t steady,
                   std::function<void(const std::string&)> say)
    : stage_(stage), manner_(manner), random_(seed), say_(std::move(say)), next_(Clock::now() + 3s) {
    for (Fault& fault : all_faults(steady)) {
        std::string missing = fault.missing(stage);
        if (missing.empty())
            faults_.push_back(std::move(fault));
        else
            not_had_.push_back(fmt::format("{}: {}", fault.name, missing));
    }
    std::shuffle(faults_.begin(), faults_.end(), random_);
    for (std::size_t i = 0; i < faults_.size(); ++i) to_come_.push_back(i);
}

void Director::step() {
    end_those([](const Started& started) { return Clock::now() >= started.until; });
    if (Clock::now() < next_) return;
    if (manner_ == Manner::at_random)
        begin(faults_[static_cast<std::size_t>(dice(random_, 0, static_cast<int>(faults_.size()) - 1))]);
    else if (!to_come_.empty() && begin(faults_[to_come_.front()]))
        to_come_.pop_front();
    next_ = Clock::now() + std::chrono::milliseconds(dice(random_, 500, 3500));
}

void Director::end_all() {
    end_those([](const Started&) { return true; });
}

bool Director::begin(const Fault& fault) {
    Ongoing planned = fault.plan(stage_, random_);
    for (const std::string& thing : planned.holds)
        if (held(thing)) return false;
    say_(fmt::format("begins: {} ({}, {} ms)", planned.name, fmt::join(planned.holds, " "),
                     planned.length.count()));
    planned.begin();
    ++had_[planned.name];
    auto until = Clock::now() + planned.length;
    ongoing_.push_back({std::move(planned), until});
    return true;
}

bool Director::held(const std::string& thing) const {
    return std::any_of(ongoing_.begin(), ongoing_.end(), [&](const Started& started) {
        const auto& holds = started.fault.holds;
        return std::find(holds.begin(), holds.end(), thing) != holds.end();
    });
}

void Director::end_those(const std::function<bool(const Started&)>& due) {
    for (auto started = ongoing_.begin(); started != ongoing_.end();) {
        if (!due(*started)) {
            ++started;
            continue;
        }
        started->fault.end();
        say_(fmt::format("ends:   {}", started->fault.name));
        started = ongoing_.erase(started);
    }
}

}  // namespace spotter::proof
