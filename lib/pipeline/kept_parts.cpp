#include "pipeline/kept_parts.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using boost::asio::awaitable;
using work::Tier;

namespace {

/// The row's key has who asks, and not always the versions.
std::string key_of(const queue::ClaimedRow& row, std::string_view versions, const work::Task& part) {
    work::Prompt prompt = part.prompt(Tier::full);
    return sha256(fmt::format("{}\n{}\n{}\n{}", row.cache_key, versions, prompt.system, prompt.user));
}

void note(const queue::ClaimedRow& row, const char* what, const db::Failure& failure) {
    log::warn(what, {{"row", row.lease.id}, {"error", failure.message}});
}

}  // namespace

KeptParts::KeptParts(db::Pool& pool, const queue::ClaimedRow& row, std::string_view versions,
                     const std::vector<std::unique_ptr<work::Task>>& parts)
    : pool_(pool), row_(row), parts_(parts) {
    for (const auto& part : parts) keys_.push_back(key_of(row, versions, *part));
}

awaitable<std::vector<std::optional<Answer>>> KeptParts::find() const {
    std::vector<std::optional<Answer>> answers(parts_.size());
    auto found = co_await cache::find_parts(pool_, keys_);
    if (!found) {
        note(row_, "parts_not_found", found.error());
        co_return answers;
    }
    for (const cache::Part& kept : *found)
        for (std::size_t i = 0; i < parts_.size(); ++i)
            if (keys_[i] == kept.key) answers[i] = checked(i, kept);
    co_return answers;
}

std::optional<Answer> KeptParts::checked(std::size_t part, const cache::Part& kept) const {
    Answer answer;
    answer.text = kept.answer;
    answer.stamp = {kept.generated_at, kept.model};
    answer.provider = kept.provider;
    for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
        if (auto good = accepted(*parts_[part], tier, answer)) return good;
    return std::nullopt;
}

awaitable<void> KeptParts::keep(std::size_t part, const Answer& answer) const {
    if (answer.provider == "builtin") co_return;  // to be had again for nothing
    cache::Part part_to_keep{keys_[part],     row_.kind,          row_.cache_key,           answer.text,
                             answer.provider, answer.stamp.model, answer.stamp.generated_at};
    auto kept = co_await cache::keep_part(pool_, row_.lease.id, std::move(part_to_keep));
    if (!kept) note(row_, "part_not_kept", kept.error());
}

awaitable<void> KeptParts::forget() const {
    auto forgotten = co_await cache::forget_parts(pool_, row_.cache_key);
    if (!forgotten) note(row_, "parts_not_forgotten", forgotten.error());
}

}  // namespace spotter::pipeline
