#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/sql_query/answer.hpp"
#include "work/sql_query/sql_query.hpp"

/// The database that tests ask, and the statements in tests/data.
namespace spotter::work::sql::fixture {

inline constexpr Tier tiers[] = {Tier::full, Tier::simplified, Tier::basic};

/// A file of the tree, by its path from the root.
inline std::string source_file(const std::string& path) {
    std::ifstream stream(std::string(SPOTTER_SOURCE_DIR) + "/" + path);
    std::stringstream text;
    text << stream.rdbuf();
    REQUIRE_MESSAGE(stream.good(), path << " cannot be read");
    return text.str();
}

/// "\u{200b}" as the character.
inline std::string with_characters(std::string text) {
    for (auto at = text.find("\\u{"); at != text.npos; at = text.find("\\u{", at)) {
        auto end = text.find('}', at);
        auto code = std::stoul(text.substr(at + 3, end - at - 3), nullptr, 16);
        auto escaped = json::parse(fmt::format("\"\\u{:04x}\"", code));
        text.replace(at, end + 1 - at, json::view(*escaped));
    }
    return text;
}

struct Entry {
    std::string title;  ///< before the colon: a rule, or a theme
    std::string name;
    std::string text;
};

/// What stands in a file of tests/data: "@ title: name", then the text, to the next entry.
inline std::vector<Entry> entries(const std::string& name) {
    std::vector<Entry> out;
    std::istringstream lines(source_file("tests/data/" + name));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("@ ")) {
            auto colon = line.find(": ");
            REQUIRE_MESSAGE(colon != line.npos, line);
            out.push_back({line.substr(2, colon - 2), line.substr(colon + 2), ""});
        } else if (!line.starts_with("#") && !out.empty()) {
            out.back().text += with_characters(line) + "\n";
        }
    }
    for (Entry& entry : out)
        while (entry.text.ends_with('\n')) entry.text.pop_back();
    return out;
}

/// What a row asks, and of which database.
struct Asked {
    std::string input, schema;
};

inline Asked input(std::string_view prompt, std::string_view schema) {
    return {fmt::format(R"({{"prompt":{}}})", json::quoted(prompt)), std::string(schema)};
}

inline std::unique_ptr<Task> task_of(const Asked& asked) {
    auto task = sql_query().read_with_schema(asked.input, asked.schema);
    if (!task) FAIL(task.error().message);
    return std::move(*task);
}

/// A question to the database of sql_schema.sql.
inline std::unique_ptr<Task> shop_task(std::string_view prompt = "Which users are there?") {
    static const std::string schema = source_file("tests/data/sql_schema.json");
    return task_of(input(prompt, schema));
}

inline const Stamp stamp{"2026-01-31T10:00:00Z", "some-model"};

inline Verdict check(const Task& task, std::string_view sql, Tier tier = Tier::full) {
    return task.check(tier, write_answer(sql, "What it returns."), stamp);
}

/// What a verdict rejects, on a line each; empty when it rejects nothing.
inline std::string rejections(const Verdict& verdict) {
    std::string text;
    for (const Violation& violation : verdict.violations)
        if (violation.severity == Violation::Severity::reject)
            text += fmt::format("{} {}: {}\n", violation.path, violation.rule, violation.message);
    return text;
}

}  // namespace spotter::work::sql::fixture
