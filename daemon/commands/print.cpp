#include "daemon/commands/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.hpp"

namespace spotter::cli {
namespace {

/// "1 row", "2 rows".
std::string counted(int number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string answered_by(std::string_view source, std::string_view model) {
    if (source == "cache") return fmt::format("the cache (made by {})", model);
    if (source == "flight") return fmt::format("another row that asked for the same (made by {})", model);
    if (source == "builtin") return "the builtin planner";
    return fmt::format("the model {}", model);
}

constexpr std::size_t label_width = 13;

/// Stands for a space at which a line is not broken.
constexpr char hard_space = '\x1f';

/// A duration whose number and unit stay on one line.
std::string span(double seconds) {
    std::string text = duration(seconds);
    std::replace(text.begin(), text.end(), ' ', hard_space);
    return text;
}

/// "name         value", with the value's later lines below its first.
class Lines {
  public:
    void add(std::string_view name, std::string_view value) {
        out_ += fmt::format("{:<{}}{}\n", name, label_width, wrapped(value, label_width));
    }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

std::string text(const json::Value& object, const char* key) {
    return std::string(json::text(object, key).value_or(""));
}

int count(const json::Value& object, const char* key) {
    return json::integer(object, key).value_or(0);
}

/// "for 3.2 h by ada: prices go up".
std::string since_by_why(double seconds, const std::string& by, const std::string& why) {
    std::string since = seconds < 1 ? "as of now" : "for " + span(seconds);
    return fmt::format("{}{}{}{}{}", since, by.empty() ? "" : " by ", by, why.empty() ? "" : ": ", why);
}

void add_pauses(Lines& lines, const json::Value& pauses) {
    for (const json::Value& pause : pauses.GetArray()) {
        std::string kind = text(pause, "kind");
        bool all = kind == "*";
        lines.add("PAUSED", fmt::format("{} {}", all ? "everything" : kind,
                                        since_by_why(json::number(pause, "seconds").value_or(0),
                                                     text(pause, "by"), text(pause, "reason"))));
        lines.add("", fmt::format("Nothing new is begun until: spotter resume{}{}", all ? "" : " ",
                                  all ? "" : kind));
    }
}

bool is_finished(const json::Value& row) {
    std::string status = text(row, "status");
    return status == "completed" || status == "failed";
}

/// Why it is not done, and what would change that.
void add_reason(Lines& lines, const json::Value& row) {
    std::string reason = text(row, "reason");
    if (text(row, "status") == "failed" && json::text(row, "error"))
        lines.add("why", fmt::format("{} [{}]", text(row, "error"), reason));
    else if (reason != "done")
        lines.add("why", fmt::format("{}: {}", reason, text(row, "meaning")));
    if (auto seconds = json::number(row, "paused_seconds"))
        lines.add("paused", since_by_why(*seconds, text(row, "paused_by"), text(row, "paused_because")));
    if (reason == "done") return;
    lines.add("what to do", text(row, "what_to_do"));
    bool put_off = json::number(row, "starts_in_seconds") && reason != "paused";
    if (put_off || text(row, "status") == "failed")
        lines.add("",
                  fmt::format("{}: spotter retry {}", put_off ? "At once" : "From here", text(row, "id")));
}

void add_leader(Lines& lines, const json::Value& row) {
    if (text(row, "reason") != "same_in_flight") return;
    std::string leader = json::text(row, "leader") ? "row " + text(row, "leader") : "another row";
    if (!json::number(row, "leads_starts_in_seconds")) {
        lines.add("waits for", leader);
        return;
    }
    std::string meaning = json::text(row, "leads_meaning") ? " " + text(row, "leads_meaning") : "";
    lines.add("waits for", fmt::format("{}, which is put off for {}.{}", leader,
                                       span(*json::number(row, "leads_starts_in_seconds")), meaning));
}

void add_place(Lines& lines, const json::Value& row) {
    constexpr int most_counted = 10000;
    if (auto wait = json::number(row, "starts_in_seconds")) lines.add("next try in", duration(*wait));
    auto ahead = json::integer(row, "ahead");
    if (!ahead) return;
    std::string place = *ahead == 0 ? "no row" : counted(*ahead, "row", "rows");
    if (*ahead >= most_counted) place += " or more";
    if (auto expected = json::number(row, "expected_seconds"))
        place += *expected < 1 ? "; its turn is about now"
                               : fmt::format("; its turn is in about {}", duration(*expected));
    lines.add("ahead of it", place);
}

void add_timings(Lines& lines, const json::Value& row) {
    auto waited = json::number(row, "waited_seconds");
    auto worked = json::number(row, "worked_seconds");
    if (!waited) return;
    bool finished = is_finished(row);
    std::string times = duration(*waited);
    bool tells_more = worked && *worked < *waited * 0.9;
    if (tells_more && finished) times += fmt::format("; {} of it from the first claim on", span(*worked));
    if (tells_more && !finished) times += fmt::format("; first claimed {} ago", span(*worked));
    lines.add(finished ? "took" : "waiting for", times);
}

std::string so_far(const json::Value& row) {
    std::string text = counted(count(row, "attempts"), "attempt", "attempts");
    text += ", " + counted(count(row, "calls"), "call", "calls");
    if (int crashes = count(row, "crashes"); crashes > 0)
        text += ", interrupted " + counted(crashes, "time", "times");
    if (int retries = count(row, "retries"); retries > 0)
        text += ", begun anew " + counted(retries, "time", "times");
    return text;
}

std::string pending_rows(const json::Value& queue) {
    std::string pending = counted(count(queue, "pending"), "row", "rows");
    if (count(queue, "ready") > 0)
        pending += fmt::format(", {} ready (the oldest for {})", count(queue, "ready"),
                               span(json::number(queue, "oldest_ready_seconds").value_or(0)));
    if (count(queue, "held") > 0) pending += fmt::format(", {} held by a pause", count(queue, "held"));
    if (count(queue, "deferred") > 0) pending += fmt::format(", {} put off", count(queue, "deferred"));
    if (int waiting = count(queue, "waiting"); waiting > 0)
        pending += fmt::format(", {} {} for another that asks for the same", waiting,
                               waiting == 1 ? "waits" : "wait");
    return pending;
}

void add_workers(Lines& lines, const json::Value& workers) {
    auto silent = [](const json::Value& worker) {
        return json::number(worker, "silent_seconds").value_or(0) > 60;
    };
    if (std::all_of(workers.Begin(), workers.End(), silent))
        lines.add("workers", workers.Empty() ? "none is running: spotter serve"
                                             : "NONE WAS HEARD OF for a minute; to start one: spotter serve");
    for (const json::Value& worker : workers.GetArray())
        lines.add("worker",
                  fmt::format("{} on {} (pid {}, spotter {}): {}, heard of {} ago", count(worker, "id"),
                              text(worker, "host"), count(worker, "pid"), text(worker, "version"),
                              counted(count(worker, "slots"), "slot", "slots"),
                              span(json::number(worker, "silent_seconds").value_or(0))));
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent) {
    constexpr std::size_t width = 80;
    std::string out;
    std::size_t column = indent;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find(' ', at), text.size());
        std::string_view word = text.substr(at, end - at);
        bool first = out.empty();
        bool fits = column + 1 + word.size() <= width;
        if (!first) out += fits ? " " : '\n' + std::string(indent, ' ');
        column = (fits || first ? column + (first ? 0 : 1) : indent) + word.size();
        out += word;
        at = end + 1;
    }
    std::replace(out.begin(), out.end(), hard_space, ' ');
    return out;
}

std::string duration(double seconds) {
    constexpr double minute = 60, hour = 3600, day = 86400;
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < minute) return fmt::format("{:.1f} s", seconds);
    if (seconds < hour)
        return fmt::format("{:.0f} min {:.0f} s", std::floor(seconds / minute),
                           std::floor(std::fmod(seconds, minute)));
    if (seconds < 2 * day) return fmt::format("{:.1f} h", seconds / hour);
    return fmt::format("{:.1f} days", seconds / day);
}

std::string standing_for_people(std::string_view standing_json) {
    auto parsed = json::parse(standing_json);
    const json::Value& row = *parsed;
    Lines lines;
    lines.add("row", text(row, "id"));
    lines.add("status", text(row, "status"));
    if (auto stage = json::text(row, "stage"))
        lines.add("stage", fmt::format("{}, {} %", *stage, count(row, "progress")));
    add_reason(lines, row);
    add_leader(lines, row);
    add_place(lines, row);
    if (auto program = json::text(row, "program_name")) lines.add("program", *program);
    if (auto source = json::text(row, "source"))
        lines.add("answered by", answered_by(*source, text(row, "model")));
    add_timings(lines, row);
    lines.add("so far", so_far(row));
    return lines.take();
}

std::string overview_for_people(std::string_view overview_json) {
    auto parsed = json::parse(overview_json);
    const json::Value& queue = *parsed;
    Lines lines;
    add_pauses(lines, *json::find(queue, "paused"));
    lines.add("pending", pending_rows(queue));
    const json::Value& meanings = *json::find(queue, "meanings");
    for (const auto& reason : json::find(queue, "reasons")->GetObject()) {
        std::string code(json::view(reason.name));
        std::string meaning = text(meanings, code.c_str());
        lines.add("", fmt::format("{} {}{}{}", reason.value.GetInt64(), code, meaning.empty() ? "" : ": ",
                                  meaning));
    }
    lines.add("processing", fmt::format("{}", count(queue, "processing")));
    lines.add("completed", fmt::format("{} in the last 24 h", count(queue, "completed")));
    lines.add("failed", fmt::format("{} in the last 24 h", count(queue, "failed")));
    add_workers(lines, *json::find(queue, "workers"));
    return lines.take();
}

namespace {

struct Column {
    const char* title;
    const char* member;
    int width;  ///< negative: from the left
};

/// A line each object of a JSON array; what is null or missing is a dash.
std::string table(std::string_view json_array, std::initializer_list<Column> columns) {
    auto parsed = json::parse(json_array);
    std::string out;
    auto add = [&](std::string_view cell, const Column& column) {
        if (!out.empty() && out.back() != '\n') out += ' ';
        out += column.width < 0 ? fmt::format("{:<{}}", cell, -column.width)
                                : fmt::format("{:>{}}", cell, column.width);
    };
    for (const Column& column : columns) add(column.title, column);
    out += '\n';
    for (const json::Value& object : parsed->GetArray()) {
        for (const Column& column : columns) {
            const json::Value* value = json::find(object, column.member);
            if (!value || value->IsNull())
                add("-", column);
            else
                add(value->IsString() ? std::string(value->GetString()) : json::write(*value), column);
        }
        out += '\n';
    }
    return out;
}

}  // namespace

std::string caches_for_people(std::string_view stats_json, int days) {
    return table(stats_json, {{"", "kind", -17},
                              {"entries", "entries", 8},
                              {"expired", "expired", 8},
                              {"MB", "megabytes", 8},
                              {"hits", "hits", 9},
                              {"shared", "shared", 7},
                              {"misses", "misses", 8},
                              {"hit %", "hit_rate", 6},
                              {"trimmed", "trimmed", 8},
                              {"invalidated", "invalidated", 12}}) +
           fmt::format(
               "Of the last {} days. shared: answered with another row in the air; expired: not yet "
               "deleted,\n"
               "and of personalities those that are made anew when their user asks; trimmed: deleted, "
               "because\n"
               "they had expired or were too many.\n",
               days);
}

std::string cache_days_for_people(std::string_view days_json, int days) {
    if (days_json == "[]")
        return fmt::format(
            "Nothing was counted in the last {} days; what is used is counted within seconds.\n", days);
    return table(days_json, {{"day (UTC)", "day", -11},
                             {"", "kind", -17},
                             {"hits", "hits", 9},
                             {"shared", "shared", 7},
                             {"misses", "misses", 8},
                             {"hit %", "hit_rate", 6},
                             {"trimmed", "trimmed", 8},
                             {"invalidated", "invalidated", 12}});
}

std::string pauses_for_people(std::string_view pauses_json) {
    auto parsed = json::parse(pauses_json);
    Lines lines;
    add_pauses(lines, *parsed);
    return lines.take();
}

}  // namespace spotter::cli
