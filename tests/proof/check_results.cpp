// What a row holds in the end is what the model answered for its own input, and the cache holds nothing else.

#include <fmt/format.h>

#include <map>

#include "proof/checker.hpp"

namespace spotter::proof {
namespace {

using Place = std::pair<std::int64_t, std::string>;  ///< a transaction and a key

std::map<std::string, const Call*> calls_by_answer(const History& history) {
    std::map<std::string, const Call*> calls;
    for (const Call& call : history.calls) calls[call.answer] = &call;
    return calls;
}

/// The programs that came from a call, by the transaction that wrote them and their key: several where there
/// are no flights.
std::map<Place, std::set<std::string>> results_of_calls(const History& history) {
    std::map<Place, std::set<std::string>> results;
    for (const RowEvent& event : history.rows)
        if (event.was == Status::processing && event.is == Status::completed)
            results[{event.transaction, event.key}].insert(event.content);
    return results;
}

bool becomes_completed(const RowEvent& event) {
    return event.is == Status::completed && event.was != Status::completed;
}

}  // namespace

void check_results(const History& history, std::vector<Violation>& out) {
    const auto calls = calls_by_answer(history);
    std::map<std::string, const RowEvent*> accepted;  // by answer
    for (const RowEvent& event : history.rows) {
        if (!becomes_completed(event)) continue;
        auto call = calls.find(event.answer);
        if (call == calls.end()) {
            out.push_back({"a program is the model's answer", event.row,
                           fmt::format("nobody gave \"{}\": {}", event.answer, describe(event))});
            continue;
        }
        if (!call->second->good())
            out.push_back({"only a good answer is accepted", event.row, describe(*call->second)});
        if (call->second->marker != event.marker)
            out.push_back({"a program is the answer to its own row", event.row,
                           fmt::format("{} holds what was said to {}", event.marker, call->second->marker)});
        auto [first, fresh] = accepted.try_emplace(event.answer, &event);
        if (first->second->content != event.content)
            out.push_back(
                {"one answer is one program", event.row,
                 fmt::format("\"{}\" is another program here than in {}", event.answer, first->second->row)});
        if (!fresh && event.source == "model")
            out.push_back(
                {"an answer is accepted once", event.row,
                 fmt::format("\"{}\" was accepted for {} before", event.answer, first->second->row)});
    }
}

void check_cache(const History& history, std::vector<Violation>& out) {
    const auto results = results_of_calls(history);
    std::map<std::string, std::set<std::string>> entries;  // contents by key
    for (const CacheEvent& event : history.cache) {
        if (event.content.empty()) continue;
        entries[event.key].insert(event.content);
        auto result = results.find({event.transaction, event.key});
        if (result == results.end() || !result->second.contains(event.content))
            out.push_back(
                {"an entry of the cache is an accepted result", "",
                 fmt::format("#{} \"{}\" came with no row that holds it", event.place, event.answer)});
    }
    for (const RowEvent& event : history.rows)
        if (becomes_completed(event) && event.source == "cache" &&
            !entries[event.key].contains(event.content))
            out.push_back({"a hit is what the cache holds", event.row, describe(event)});
}

void check_flights(const History& history, const Terms& terms, std::vector<Violation>& out) {
    const auto results = results_of_calls(history);
    std::map<std::string, std::pair<std::string, std::string>> at_work;  // key -> row; by rows
    std::map<std::string, std::string> key_of;                           // of rows in processing
    for (const RowEvent& event : history.rows) {
        if (becomes_completed(event) && event.source == "flight") {
            auto leader = results.find({event.transaction, event.key});
            if (leader == results.end())
                out.push_back({"waiters are settled with their leader", event.row,
                               "no row with its key was settled with it: " + describe(event)});
            else if (!leader->second.contains(event.content))
                out.push_back({"waiters share one result", event.row,
                               "it differs from its leader's: " + describe(event)});
        }
        if (!terms.flights) continue;
        if (auto was = key_of.find(event.row); was != key_of.end() && event.is != Status::processing) {
            at_work.erase(was->second);
            key_of.erase(was);
        }
        if (event.is != Status::processing || key_of.contains(event.row)) continue;
        if (history.invalidated.contains(event.key)) continue;
        auto [other, alone] = at_work.try_emplace(event.key, event.row, event.marker);
        if (!alone)
            out.push_back(
                {"one row a key is at work", event.row,
                 fmt::format("{} was, with the same key: {}", other->second.first, describe(event))});
        key_of[event.row] = event.key;
    }
}

}  // namespace spotter::proof
