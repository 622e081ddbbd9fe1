#include "daemon/commands/print.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace spotter::cli {
namespace {

std::string duration(double seconds) {
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 60) return fmt::format("{:.1f} s", seconds);
    if (seconds < 3600)
        return fmt::format("{:.0f} min {:.0f} s", std::floor(seconds / 60), std::fmod(seconds, 60));
    return fmt::format("{:.1f} h", seconds / 3600);
}

/// "1 row", "2 rows".
std::string counted(int number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string answered_by(std::string_view source, std::string_view model) {
    if (source == "cache") return fmt::format("the cache (made by {})", model);
    if (source == "builtin") return "the builtin planner";
    return fmt::format("the model {}", model);
}

class Lines {
  public:
    void add(std::string_view name, std::string_view value) {
        out_ += fmt::format("{:<12} {}\n", name, value);
    }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

}  // namespace

std::string_view explain_reason(std::string_view reason) {
    if (reason == "worker_lost") return "the daemon that worked on it went away; another one will take it";
    if (reason == "worker_stopped")
        return "the daemon that worked on it was stopped; another one will take it";
    if (reason == "claim_interrupted")
        return "the database went away while it was being claimed; it will be taken again";
    if (reason == "internal_error")
        return "something unexpected went wrong; it will be tried again, see the daemon's log";
    if (reason == "rate_limited") return "the model's provider allows no more calls at present";
    if (reason == "quota") return "the account at the model's provider has no money or quota left";
    if (reason == "unauthorized")
        return "the model's provider does not accept the key; an operator must look";
    if (reason == "misconfigured")
        return "the model or its address is not known there; an operator must look";
    if (reason == "certificate")
        return "the provider's certificate could not be verified; an operator must look";
    if (reason == "unreachable" || reason == "overloaded" || reason == "timeout" || reason == "malformed")
        return "the model's provider does not answer properly at present";
    return "it will be tried again";
}

std::string standing_for_people(std::string_view standing_json) {
    auto parsed = json::parse(standing_json);
    const json::Value& row = *parsed;
    Lines lines;
    auto text = [&](const char* key) { return json::text(row, key).value_or(""); };
    lines.add("row", text("id"));
    lines.add("status", text("status"));
    if (auto stage = json::text(row, "stage"))
        lines.add("stage", fmt::format("{}, {} %", *stage, json::integer(row, "progress").value_or(0)));
    if (auto reason = json::text(row, "reason"))
        lines.add("why", fmt::format("{}: {}", *reason, explain_reason(*reason)));
    bool settled = text("status") == "completed" || text("status") == "failed";
    if (!settled && json::integer(row, "workers") == 0)
        lines.add("why", "no daemon is running on this database; start one by: spotter serve");
    if (auto wait = json::number(row, "starts_in_seconds"))
        lines.add("next try in", duration(*wait));
    else if (auto ahead = json::integer(row, "ahead"))
        lines.add("ahead of it", counted(*ahead, "row", "rows"));
    if (auto error = json::text(row, "error"))
        lines.add("error", fmt::format("{} [{}]", *error, text("error_code")));
    if (auto program = json::text(row, "program_name")) lines.add("program", *program);
    if (auto source = json::text(row, "source"))
        lines.add("answered by", answered_by(*source, text("model")));
    lines.add(settled ? "took" : "waiting for", duration(json::number(row, "waited_seconds").value_or(0)));
    auto count = [&](const char* key) { return json::integer(row, key).value_or(0); };
    std::string so_far = counted(count("attempts"), "attempt", "attempts");
    so_far += ", " + counted(count("calls"), "call", "calls");
    if (count("crashes") > 0) so_far += ", interrupted " + counted(count("crashes"), "time", "times");
    lines.add("so far", so_far);
    return lines.take();
}

std::string overview_for_people(std::string_view overview_json) {
    auto parsed = json::parse(overview_json);
    const json::Value& queue = *parsed;
    auto count = [&](const char* key) { return json::integer(queue, key).value_or(0); };
    Lines lines;
    std::string pending = counted(count("pending"), "row", "rows");
    if (count("ready") > 0)
        pending += fmt::format(", {} ready (the oldest for {})", count("ready"),
                               duration(json::number(queue, "oldest_ready_seconds").value_or(0)));
    if (count("deferred") > 0) pending += fmt::format(", {} put off", count("deferred"));
    lines.add("pending", pending);
    for (const auto& reason : json::find(queue, "reasons")->GetObject())
        lines.add("", fmt::format("{} {}: {}", reason.value.GetInt64(), json::view(reason.name),
                                  explain_reason(json::view(reason.name))));
    lines.add("processing", fmt::format("{}", count("processing")));
    lines.add("completed", fmt::format("{} in the last 24 h", count("completed")));
    lines.add("failed", fmt::format("{} in the last 24 h", count("failed")));
    const json::Value& workers = *json::find(queue, "workers");
    if (workers.Empty()) lines.add("workers", "none is running: spotter serve");
    for (const json::Value& worker : workers.GetArray())
        lines.add(
            "worker",
            fmt::format("{} on {} (pid {}, spotter {}): {} slots, heard of {} ago",
                        json::integer(worker, "id").value_or(0), json::text(worker, "host").value_or(""),
                        json::integer(worker, "pid").value_or(0), json::text(worker, "version").value_or(""),
                        json::integer(worker, "slots").value_or(0),
                        duration(json::number(worker, "silent_seconds").value_or(0))));
    return lines.take();
}

}  // namespace spotter::cli
