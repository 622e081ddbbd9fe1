// Every change of a row is one that the queue knows, and its counters say what happened to it.

#include <fmt/format.h>

#include <map>

#include "proof/checker.hpp"

namespace spotter::proof {
namespace {

struct Change {
    const RowEvent& before;
    const RowEvent& now;
    const Terms& terms;

    bool same_result() const { return before.content == now.content && before.answer == now.answer; }
    bool counted(int attempts, int crashes) const {
        return now.attempts == before.attempts + attempts && now.crashes == before.crashes + crashes;
    }
    int paid() const { return now.calls - before.calls; }
};

/// What is wrong with it; "" when nothing is.
using Rule = std::string (*)(const Change&);

std::string inserted(const RowEvent& now) {
    if (now.is != Status::pending) return "a new row is not pending";
    if (now.token || now.worker) return "a new row is leased";
    if (now.attempts + now.crashes + now.calls + now.retries != 0) return "a new row has a past";
    return "";
}

std::string stays_pending(const Change& change) {
    if (change.now.token) return "a pending row has a token";
    if (!change.same_result()) return "a pending row's program changed";
    return change.counted(0, 0) && change.paid() == 0 ? "" : "a counter of a pending row changed";
}

std::string claimed(const Change& change) {
    if (!change.now.by_daemon()) return "it was claimed by no daemon";
    if (!change.now.token || !change.now.worker) return "a claimed row has no token or no worker";
    if (change.now.waiting || change.before.waiting) return "a waiting row was claimed";
    if (!change.same_result()) return "a claim changed the program";
    return change.counted(1, 0) && change.paid() == 0 ? "" : "a claim does not count as one attempt";
}

std::string completed_without_a_claim(const Change& change) {
    if (!change.now.by_daemon()) return "it was completed by no daemon";
    if (change.now.source != "cache" && change.now.source != "flight")
        return fmt::format("it was completed from \"{}\" without a claim", change.now.source);
    if (change.now.source == "flight" && !change.before.waiting)
        return "a row that did not wait was answered";
    return change.counted(0, 0) && change.paid() == 0 ? "" : "what it got for nothing was counted";
}

std::string failed_without_a_claim(const Change& change) {
    if (change.now.code.empty() && change.now.by_daemon()) return "it failed without a code";
    if (!change.same_result()) return "a failure changed the program";
    return change.counted(0, 0) && change.paid() == 0 ? "" : "a failure without a claim was counted";
}

std::string stays_processing(const Change& change) {
    if (change.now.token != change.before.token || change.now.worker != change.before.worker)
        return "a lease changed hands without the row becoming pending";
    if (!change.same_result()) return "the program of a row in processing changed";
    return change.counted(0, 0) && change.paid() == 0 ? "" : "a counter of a row in processing changed";
}

std::string settled(const Change& change) {
    if (!change.now.by_daemon()) return "it was completed by no daemon";
    if (change.now.token) return "a completed row keeps its token";
    if (change.now.content.empty()) return "it was completed with nothing";
    if (change.now.source != "model") return fmt::format("its source is \"{}\"", change.now.source);
    if (!change.counted(0, 0)) return "completing a row changed its attempts or crashes";
    if (change.paid() < 1 || change.paid() > change.terms.calls_per_row)
        return fmt::format("{} calls were paid for in one go", change.paid());
    return "";
}

std::string failed_in_processing(const Change& change) {
    if (!change.same_result()) return "a failure changed the program";
    if (!change.now.by_daemon()) return "";  // cancelled
    if (change.now.token) return "a failed row keeps its token";
    if (change.now.code.empty()) return "it failed without a code";
    if (change.paid() < 0 || change.paid() > change.terms.calls_per_row)
        return fmt::format("{} calls were paid for in one go", change.paid());
    return change.counted(0, change.now.code == "quarantined" ? 1 : 0) ? "" : "a failure was counted wrongly";
}

std::string given_back(const Change& change) {
    if (!change.now.by_daemon()) return "a lease was taken away by somebody else";
    if (change.now.token || change.now.worker) return "a row given back keeps its lease";
    if (!change.same_result()) return "a row given back has another program";
    if (change.paid() < 0 || change.paid() > change.terms.calls_per_row)
        return fmt::format("{} calls were paid for in one go", change.paid());
    bool rescued = change.counted(0, 1);
    bool unspent = change.counted(-1, 0);
    bool spent = change.counted(0, 0);
    return rescued || unspent || spent ? "" : "a row given back was counted wrongly";
}

std::string asked_again(const Change& change) {
    if (change.now.by_daemon()) return "a daemon took up a finished row again";
    if (change.now.token) return "a row asked for again is leased";
    if (change.now.retries != change.before.retries + 1) return "a retry was not counted";
    return change.now.attempts + change.now.crashes + change.now.calls == 0 ? ""
                                                                            : "a retry does not start afresh";
}

/// A daemon may only tidy away what was the queue's: key and worker.
std::string stays_finished(const Change& change) {
    if (!change.same_result()) return "the program of a finished row changed";
    const bool tidied = change.now.key.empty() && !change.now.worker && change.counted(0, 0) &&
                        change.paid() == 0 && change.now.retries == change.before.retries;
    return change.now.by_daemon() && !tidied ? "a daemon wrote to a finished row" : "";
}

std::string illegal(const Change&) {
    return "there is no such transition";
}

Rule rule_for(Status was, Status is) {
    using enum Status;
    static const std::map<std::pair<Status, Status>, Rule> rules = {
        {{pending, pending}, stays_pending},
        {{pending, processing}, claimed},
        {{pending, completed}, completed_without_a_claim},
        {{pending, failed}, failed_without_a_claim},
        {{processing, processing}, stays_processing},
        {{processing, completed}, settled},
        {{processing, failed}, failed_in_processing},
        {{processing, pending}, given_back},
        {{completed, pending}, asked_again},
        {{failed, pending}, asked_again},
        {{completed, completed}, stays_finished},
        {{failed, failed}, stays_finished},
    };
    auto found = rules.find({was, is});
    return found == rules.end() ? illegal : found->second;
}

std::string judged(const RowEvent* before, const RowEvent& now, const Terms& terms) {
    Status was = before ? before->is : Status::none;
    if (now.was != was)
        return fmt::format("it was {}, and nobody saw it become {}", name(was), name(now.was));
    if (!before) return inserted(now);
    if (now.is == Status::none) return now.by_daemon() ? "a daemon deleted it" : "";
    return rule_for(was, now.is)({*before, now, terms});
}

}  // namespace

void check_transitions(const History& history, const Terms& terms, std::vector<Violation>& out) {
    std::map<std::string, const RowEvent*> last;
    for (const RowEvent& event : history.rows) {
        const RowEvent*& before = last[event.row];
        std::string wrong = judged(before, event, terms);
        if (!wrong.empty())
            out.push_back({"transitions are legal", event.row, wrong + ": " + describe(event)});
        before = event.is == Status::none ? nullptr : &event;
    }
}

namespace {

/// Whether only the daemon that claimed the row may do that to it.
bool needs_the_lease(const RowEvent& before, const RowEvent& now) {
    if (!now.by_daemon() || before.is != Status::processing || now.is == Status::processing) return false;
    return now.crashes == before.crashes;  // else it is a rescue, which is for others
}

}  // namespace

void check_tokens(const History& history, std::vector<Violation>& out) {
    std::map<std::string, const RowEvent*> last;
    std::map<std::string, std::string> holders;  // of rows: the daemon that claimed it last
    std::map<std::int64_t, std::string> claims;
    std::set<std::int64_t> accepted;
    for (const RowEvent& event : history.rows) {
        const RowEvent*& before = last[event.row];
        bool leased = before && before->token;
        if (event.is == Status::processing && event.token && (!leased || before->token != event.token)) {
            auto [at, fresh] = claims.try_emplace(*event.token, event.row);
            if (!fresh)
                out.push_back({"a claim has a token of its own", event.row,
                               fmt::format("token {} was {}'s already", *event.token, at->second)});
        }
        if (event.was == Status::pending && event.is == Status::processing) holders[event.row] = event.by;
        if (before && needs_the_lease(*before, event) && holders[event.row] != event.by)
            out.push_back({"only who holds the lease settles", event.row,
                           fmt::format("{} had claimed it: {}", holders[event.row], describe(event))});
        if (leased && event.is == Status::completed && !accepted.insert(*before->token).second)
            out.push_back({"a token has one accepted result at most", event.row,
                           fmt::format("token {} had one before: {}", *before->token, describe(event))});
        before = &event;
    }
}

}  // namespace spotter::proof
