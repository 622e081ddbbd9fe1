#include "pipeline/answer.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "base/seal.hpp"
#include "llm/repair.hpp"
#include "pipeline/outcome.hpp"

namespace spotter::pipeline {
namespace {

constexpr std::size_t most_complaints = 12;

constexpr std::string_view again =
    "\n\nYour last answer broke rules that it is checked by. Answer again with the whole JSON, and mend "
    "these:\n";

/// "rest_day,equipment" as "rest day, equipment".
std::string in_words(std::string_view rules) {
    std::string words;
    for (char c : rules) words += c == '_' ? " " : c == ',' ? ", " : std::string(1, c);
    return words;
}

}  // namespace

llm::Request request_for(const work::Task& task, work::Tier tier, const std::string& complaints,
                         std::chrono::steady_clock::time_point deadline) {
    auto prompt = [&task, tier, complaints] {
        work::Prompt written = task.prompt(tier);
        if (!complaints.empty()) written.user.append(again).append(complaints);
        return llm::Prompt{std::move(written.system), std::move(written.user), written.schema_name,
                           written.schema, written.max_tokens};
    };
    return {prompt, [&task] { return task.plan(); }, deadline};
}

Answer read_answer(const work::Task& task, work::Tier tier, const llm::Answered& answered,
                   const std::string& generated_at) {
    Answer answer;
    answer.tier = tier;
    answer.provider = answered.provider;
    answer.request_id = answered.reply.request_id;
    answer.stamp = {generated_at, answered.reply.model};
    if (auto object = llm::json_object_in(answered.reply.text)) {
        answer.text = std::move(*object);
        answer.verdict = task.check(tier, answer.text, answer.stamp);
    } else {
        answer.verdict.violations.push_back({work::Violation::Severity::reject, "", "json",
                                             "The answer must be one JSON object and nothing else."});
    }
    return answer;
}

std::optional<Answer> accepted(const work::Task& task, work::Tier tier, const Answer& answer) {
    Answer other = answer;
    other.tier = tier;
    other.verdict = task.check(tier, answer.text, answer.stamp);
    if (!other.verdict.valid()) return std::nullopt;
    return other;
}

std::string broken_rules(const work::Verdict& verdict) {
    std::string list;
    std::size_t listed = 0, more = 0;
    for (const work::Violation& violation : verdict.violations) {
        if (violation.severity != work::Violation::Severity::reject) continue;
        if (listed == most_complaints) {
            ++more;
            continue;
        }
        list +=
            fmt::format("- {}{}{}\n", violation.path, violation.path.empty() ? "" : ": ", violation.message);
        ++listed;
    }
    if (more > 0) list += fmt::format("- and {} more of these kinds\n", more);
    return list;
}

std::string declined(const work::Verdict& verdict) {
    for (const work::Violation& violation : verdict.violations)
        if (violation.rule == work::cannot_answer) return violation.message;
    return "";
}

std::string rule_names(const work::Verdict& verdict) {
    std::set<std::string_view> names;
    for (const work::Violation& violation : verdict.violations)
        if (violation.severity == work::Violation::Severity::reject) names.insert(violation.rule);
    return fmt::format("{}", fmt::join(names, ","));
}

std::string_view reason_code(const llm::Unanswered& unanswered) {
    using Kind = llm::Failure::Kind;
    if (unanswered.failure.kind == Kind::cancelled) return reasons::stopped;
    if (unanswered.failure.kind == Kind::timeout) return reasons::timeout;
    bool calls_used_up = unanswered.step == llm::Step::give_up && unanswered.failure.status == 0;
    return calls_used_up ? "no_valid_answer" : llm::name(unanswered.failure.kind);
}

std::string explain_failure(const std::string& code, const std::string& broken) {
    constexpr std::string_view retry = "Set generation_status to 'pending' to try again.";
    if (code == "refused")
        return "The model would not answer this request. Look whether the texts in it ask for something "
               "else, change them, then set generation_status to 'pending' again.";
    if (code == "truncated")
        return fmt::format("The answer was too long for the model every time. {}", retry);
    if (code == "no_valid_answer" && !broken.empty())
        return fmt::format(
            "No answer passed the checks that every answer has to pass. The last one failed in: {}. {}",
            in_words(broken), retry);
    if (code == "context_length")
        return "What was asked is too long for the model. Shorten the texts of the request, then set "
               "generation_status to 'pending' again.";
    return fmt::format("The model could not answer this request. {}", retry);
}

Answer merged(const work::Task& task, const std::vector<std::optional<Answer>>& parts) {
    std::vector<std::optional<std::string>> contents;
    Answer whole;
    for (const std::optional<Answer>& part : parts) {
        contents.push_back(part ? std::optional(part->verdict.content) : std::nullopt);
        if (!part) continue;
        whole.tier = std::max(whole.tier, part->tier);  // the simplest that was needed
        whole.stamp = part->stamp;
        whole.provider = part->provider;
        whole.request_id = part->request_id;
    }
    whole.text = task.merge(contents);
    whole.verdict = task.check(work::Tier::full, whole.text, whole.stamp);
    return whole;
}

std::string with_sealed(std::string_view input, std::string_view member, const Secret& key) {
    auto parsed = json::parse(input);
    if (!parsed || !parsed->IsObject()) return std::string(input);
    auto found = parsed->FindMember(rapidjson::StringRef(member.data(), member.size()));
    if (found == parsed->MemberEnd() || !found->value.IsString()) return std::string(input);
    std::string sealed = seal(key, {found->value.GetString(), found->value.GetStringLength()});
    found->value.SetString(sealed.data(), static_cast<rapidjson::SizeType>(sealed.size()),
                           parsed->GetAllocator());
    return json::write(*parsed);
}

namespace {

/// generation_metadata. `more`: what the kind itself has to say of the row's generation, or nullptr.
std::string metadata_of(const Answer& answer, const Bill& bill, const json::Value* more) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> metadata(buffer);
    auto text = [&](const char* key, std::string_view value) {
        metadata.Key(key);
        metadata.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    metadata.StartObject();
    text("source", answer.provider == "builtin" ? "builtin" : "model");
    text("provider", answer.provider);
    text("model", answer.stamp.model);
    text("finalComplexity", work::name(answer.tier));
    if (!answer.request_id.empty()) text("requestId", answer.request_id);
    metadata.Key("tokens");
    metadata.StartObject();
    llm::Usage usage = bill.usage.value_or(llm::Usage{});
    for (auto [key, count] : {std::pair{"input", usage.input}, {"output", usage.output}}) {
        metadata.Key(key);
        if (count)
            metadata.Int64(*count);
        else
            metadata.Null();
    }
    metadata.EndObject();
    metadata.Key("cost");
    if (bill.cost)
        metadata.Double(*bill.cost);
    else
        metadata.Null();
    metadata.Key("milliseconds");
    metadata.Int64(std::chrono::duration_cast<std::chrono::milliseconds>(bill.took).count());
    if (more && more->IsObject())
        for (const auto& member : more->GetObject()) {
            metadata.Key(member.name.GetString(), member.name.GetStringLength());
            member.value.Accept(metadata);
        }
    metadata.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

queue::Settlement completed(const queue::ClaimedRow& row, const Answer& answer, const Bill& bill) {
    auto columns = json::parse(answer.verdict.columns);
    std::string metadata = metadata_of(answer, bill, json::find(*columns, "metadata"));
    columns->RemoveMember("metadata");

    queue::Settlement settlement;
    settlement.lease = row.lease;
    settlement.status = queue::Settlement::Status::completed;
    settlement.content = answer.verdict.content;
    settlement.columns = json::write(*columns);
    settlement.metadata = std::move(metadata);
    settlement.model = answer.stamp.model;
    settlement.cache_key = row.cache_key;
    return settlement;
}

}  // namespace spotter::pipeline
