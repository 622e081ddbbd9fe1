#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// What a kind of content is. Everything in lib/work is pure: no clock, no network, no database, no
/// randomness but what is derived from the input.
namespace spotter::work {

/// Progressive complexity: how much a prompt says and which rules may be relaxed (never a safety rule).
enum class Tier { full, simplified, basic };
std::string_view name(Tier tier);

/// What a model is asked. Stable text comes first, because providers cache prefixes.
struct Prompt {
    std::string system;
    std::string user;
    std::string_view schema_name;  ///< [a-z_]+, what providers want to call the schema
    std::string_view schema;       ///< the strict JSON Schema of the answer, JSON text of static storage
    int max_tokens = 0;            ///< what the answer may take
};

/// What a rule says of an answer.
struct Violation {
    enum class Severity {
        warn,    ///< worth a note; the answer stands
        reject,  ///< the answer is not accepted at this tier
    };
    Severity severity = Severity::reject;
    std::string path;  ///< JSON pointer into the answer, "/phases/0/weeks/2"
    std::string rule;  ///< the rule's name, snake_case
    std::string message;
};

/// The rule that an answer breaks which says that there is none: to what was asked, by whoever was asked. Its
/// message is for the row's owner; to ask again would only cost.
inline constexpr std::string_view cannot_answer = "cannot_answer";

/// Facts about an answer that only its maker knows; they are written into the content.
struct Stamp {
    std::string generated_at;  ///< ISO 8601, the database's time
    std::string model;         ///< who made it, "builtin" or the model's name
};

/// What came of checking an answer.
struct Verdict {
    std::vector<Violation> violations;
    std::string content;  ///< the answer as it is stored: JSON, stamped. Empty unless `valid()`.
    std::string
        columns;  ///< JSON object: what the row's table keeps beside the content. Empty unless `valid()`.
    std::string
        statement;  ///< SQL that the database must be able to plan before the answer stands; empty: none

    bool valid() const {
        for (const Violation& violation : violations)
            if (violation.severity == Violation::Severity::reject) return false;
        return true;
    }
};

/// One row's work, its input read and normalised. Immutable; used by one job.
class Task {
  public:
    virtual ~Task() = default;

    virtual Prompt prompt(Tier tier) const = 0;

    /// Checks a model's answer (JSON text, already repaired of fences and prose) against the schema and the
    /// rules of `tier`. Never throws for any text.
    virtual Verdict check(Tier tier, std::string_view answer, const Stamp& stamp) const = 0;

    /// The builtin's answer: JSON in the shape that the model is asked for. Deterministic, and valid by
    /// `check(Tier::full, …)` for every input that `Kind::read` accepts.
    virtual std::string plan() const = 0;

    /// What is asked for side by side, each part with a prompt and rules of its own; nothing where the whole
    /// is asked for at once. One level deep. With parts, `prompt` of the whole is never asked for.
    virtual std::vector<std::unique_ptr<Task>> parts() const { return {}; }

    /// One answer, as `check` takes it, from the parts' contents in their order; nullopt where a part has no
    /// valid answer. At least one has.
    virtual std::string merge(const std::vector<std::optional<std::string>>& contents) const;
};

/// A kind: a name, a version and a way to read its input. One line each in kinds.cpp.
struct Kind {
    std::string_view name;  ///< as in generation_requests.kind, "training_program"
    std::string_view
        version;  ///< of prompt and rules; part of every cache key, so raise it when either changes
    /// Reads what the row and its user's profile say. Error code "invalid_input"; the message is for the
    /// row's owner: what is wrong with which field, and what to write instead.
    Result<std::unique_ptr<Task>> (*read)(std::string_view input) = nullptr;
    /// The same for a kind that has to know the database's schema, JSON; such a kind has no `read`.
    Result<std::unique_ptr<Task>> (*read_with_schema)(std::string_view input,
                                                      std::string_view schema) = nullptr;
    std::chrono::seconds cache_life = std::chrono::hours(24);  ///< of an answer, unless configured otherwise
    int cache_entries = 0;  ///< most that its cache holds, unless configured otherwise; 0: any number
    /// The member of its input that is a secret of who asks: the cache may have it encrypted. Empty: none.
    std::string_view secret_member = {};

    bool wants_schema() const { return read_with_schema != nullptr; }
};

std::span<const Kind* const> all_kinds();
std::vector<std::string> kind_names();

/// The kind of that name, or nullptr.
const Kind* find_kind(std::string_view name);

}  // namespace spotter::work
