#include "work/answer_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

// Debian 12's valijson misspells a member in two functions that nobody calls; clang reads them all the same.
#ifdef __clang__
#define itr m_itr
#endif
#include <valijson/adapters/rapidjson_adapter.hpp>
#undef itr

#include "base/assets.hpp"

namespace spotter::work {
namespace {

constexpr std::size_t longest_answer = 2 * 1024 * 1024;  ///< bytes
constexpr std::size_t most_values = 50'000;  ///< twice the largest program that the rules let pass
constexpr std::size_t most_violations = 100;

bool is_nullable(const json::Value& schema) {
    const json::Value* type = json::find(schema, "type");
    if (!type || !type->IsArray()) return false;
    return std::any_of(type->Begin(), type->End(),
                       [](const json::Value& name) { return json::view(name) == "null"; });
}

/// For checking: what may be null may be missing.
void require_less(json::Value& schema) {
    each_object(schema, [](json::Value& object) {
        do_not_require(object, [&](std::string_view name) {
            const json::Value* property = json::find(object["properties"], name);
            return property && is_nullable(*property);
        });
    });
}

/// Leaves of `value` what `schema` knows, without the nulls that it allows.
void keep_known(json::Value& value, const json::Value& schema) {
    if (value.IsArray()) {
        const json::Value* items = json::find(schema, "items");
        for (json::Value& item : value.GetArray())
            if (items) keep_known(item, *items);
    }
    const json::Value* properties = json::find(schema, "properties");
    if (!value.IsObject() || !properties) return;
    for (auto member = value.MemberBegin(); member != value.MemberEnd();) {
        const json::Value* property = json::find(*properties, json::view(member->name));
        if (!property || (member->value.IsNull() && is_nullable(*property))) {
            member = value.EraseMember(member);
        } else {
            keep_known(member->value, *property);
            ++member;
        }
    }
}

std::size_t values_in(const json::Value& value) {
    std::size_t count = 1;
    if (value.IsArray())
        for (const json::Value& item : value.GetArray()) count += values_in(item);
    if (value.IsObject())
        for (const auto& member : value.GetObject()) count += values_in(member.value);
    return count;
}

/// valijson's context, {"<root>", "[phases]", "[0]"}, as a JSON pointer. Its names are the schema's: nothing
/// in them needs an escape.
std::string pointer(const std::vector<std::string>& context) {
    std::string path;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view step = context[i];
        if (step.starts_with('[') && step.ends_with(']')) step = step.substr(1, step.size() - 2);
        path += fmt::format("/{}", step);
    }
    return path;
}

/// An error inside something is also reported for all that it stands in; the innermost says what is wrong.
bool is_echo(const std::string& description) {
    return description.starts_with("Failed to validate item") ||
           description.starts_with("Failed to validate against schema");
}

ReadAnswer refused(std::string_view rule, std::string message) {
    ReadAnswer answer;
    answer.violations.push_back({Violation::Severity::reject, "", std::string(rule), std::move(message)});
    return answer;
}

}  // namespace

struct AnswerSchema::Compiled {
    explicit Compiled(json::Document schema) : document(std::move(schema)) {
        require_less(document);
        valijson::SchemaParser().populateSchema(valijson::adapters::RapidJsonAdapter(document), checks);
    }

    std::vector<Violation> violations(const json::Value& value) const {
        std::vector<Violation> out;
        valijson::ValidationResults results;
        valijson::adapters::RapidJsonAdapter target(value);
        if (valijson::Validator().validate(checks, target, &results)) return out;
        for (const auto& error : results) {
            if (is_echo(error.description)) continue;
            if (out.size() == most_violations) break;
            out.push_back({Violation::Severity::reject, pointer(error.context), "schema", error.description});
        }
        if (out.empty())
            out.push_back({Violation::Severity::reject, "", "schema", "does not match the schema"});
        return out;
    }

    json::Document document;
    valijson::Schema checks;
};

AnswerSchema::AnswerSchema(json::Document schema)
    : text_(json::write(schema)), compiled_(std::make_unique<Compiled>(std::move(schema))) {}

AnswerSchema::~AnswerSchema() = default;

ReadAnswer AnswerSchema::read(std::string_view text) const {
    if (text.size() > longest_answer)
        return refused("bounds", fmt::format("the answer is longer than {} bytes", longest_answer));
    auto document = json::parse(text);
    if (!document) return refused("json", document.error().message);
    if (values_in(*document) > most_values)
        return refused("bounds", fmt::format("the answer holds more than {} values", most_values));
    ReadAnswer answer;
    answer.document = std::move(*document);
    keep_known(answer.document, compiled_->document);
    answer.violations = compiled_->violations(answer.document);
    return answer;
}

json::Document schema_file(std::string_view path) {
    return json::parse(assets::read(path)).value();
}

}  // namespace spotter::work
