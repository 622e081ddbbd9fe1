#include "proof/checker.hpp"

#include <fmt/format.h>

#include <map>

namespace spotter::proof {
namespace {

std::map<std::string, const RowEvent*> last_events(const History& history) {
    std::map<std::string, const RowEvent*> last;
    for (const RowEvent& event : history.rows) last[event.row] = &event;
    return last;
}

bool is_claim(const RowEvent& event) {
    return event.was == Status::pending && event.is == Status::processing;
}

/// Why a row may fail, beside what the model said to it.
bool explained(const RowEvent& event, const Terms& terms, bool model_misbehaved) {
    if (event.code == "cancelled") return !event.by_daemon();
    if (event.code == "invalid_input") return event.marker == "invalid";
    if (event.code == "quarantined") return event.crashes >= terms.max_crashes;
    // What the database would not take, or nobody expected, is no fault that we make.
    for (const char* never : {"row_refused", "write_refused", "internal_error"})
        if (event.code == never) return false;
    return model_misbehaved;
}

}  // namespace

void check_calls(const History& history, const Terms& terms, std::vector<Violation>& out) {
    std::map<std::string, int> claims, calls;
    std::map<std::string, std::string> some_row;
    for (const RowEvent& event : history.rows) {
        if (is_claim(event)) ++claims[event.marker];
        some_row[event.marker] = event.row;
    }
    for (const Call& call : history.calls) ++calls[call.marker];
    for (const auto& [marker, count] : calls)
        if (count > claims[marker] * terms.calls_per_row)
            out.push_back(
                {"calls stay within the budget", some_row[marker],
                 fmt::format("{} calls for {}, which was claimed {} times", count, marker, claims[marker])});
}

void check_ends_of_claims(const History& history, const Terms& terms, std::vector<Violation>& out) {
    std::map<std::string, const RowEvent*> claims;
    auto judge = [&](const RowEvent& claim, double end) {
        if (end - claim.at > terms.longest_claim)
            out.push_back({"a claim comes to an end", claim.row,
                           fmt::format("it lasts for {:.0f} s: {}", end - claim.at, describe(claim))});
    };
    for (const RowEvent& event : history.rows) {
        auto claim = claims.find(event.row);
        if (claim != claims.end() && event.is != Status::processing) {
            judge(*claim->second, event.at);
            claims.erase(claim);
        }
        if (is_claim(event)) claims[event.row] = &event;
    }
    for (const auto& [row, claim] : claims) judge(*claim, history.rows.back().at);
}

void check_failures(const History& history, const Terms& terms, std::vector<Violation>& out) {
    std::set<std::string> misled;  // markers that the model gave a bad answer
    for (const Call& call : history.calls)
        if (!call.good()) misled.insert(call.marker);
    for (const RowEvent& event : history.rows) {
        if (event.is != Status::failed || event.was == Status::failed) continue;
        if (!event.by_daemon() && event.code.empty()) continue;  // cancelled, where nobody fills in a code
        if (!explained(event, terms, misled.contains(event.marker)))
            out.push_back({"a failure has a cause", event.row, describe(event)});
    }
}

std::vector<Violation> check_so_far(const History& history, const Terms& terms) {
    std::vector<Violation> out;
    check_transitions(history, terms, out);
    check_tokens(history, out);
    check_results(history, out);
    check_cache(history, out);
    check_flights(history, terms, out);
    check_failures(history, terms, out);
    check_ends_of_claims(history, terms, out);
    return out;
}

std::vector<Violation> check_end(const History& history, const Terms& terms) {
    std::vector<Violation> out = check_so_far(history, terms);
    check_calls(history, terms, out);
    const auto last = last_events(history);
    for (const std::string& row : history.acknowledged)
        if (!last.contains(row)) out.push_back({"no row is lost", row, "the database knows nothing of it"});
    for (const auto& [row, event] : last) {
        if (event->is != Status::none && !event->finished())
            out.push_back({"no row is lost", row, "it never ends: " + describe(*event)});
        if (event->is != Status::none && event->waiting)
            out.push_back({"nobody waits in the end", row, describe(*event)});
    }
    if (history.flights_left > 0)
        out.push_back({"no flight is left in the end", "", fmt::format("{} are", history.flights_left)});
    return out;
}

std::vector<Violation> check_log(const std::string& log, const std::string& secret) {
    std::vector<Violation> out;
    for (std::size_t at = log.find(secret); at != log.npos; at = log.find(secret, at + secret.size())) {
        std::size_t begin = log.rfind('\n', at) + 1;  // npos + 1 is 0
        out.push_back({"secrets stay out of logs", "", log.substr(begin, at - begin) + "…"});
    }
    return out;
}

}  // namespace spotter::proof
