#include "work/training_program/answer.hpp"

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

namespace spotter::work::training {
namespace {

constexpr std::size_t longest_answer = 2 * 1024 * 1024;  ///< bytes
constexpr std::size_t most_values = 50'000;  ///< twice the largest program that the rules let pass
constexpr std::size_t most_violations = 100;

/// What only the enhanced tiers ask for.
constexpr std::string_view enhanced_properties[] = {
    "rationale",     "periodizationModel", "volumeDistribution", "autoregulation",
    "interventions", "adaptation",         "progressionStrategy"};

json::Document parsed_schema() {
    return json::parse(assets::read("lib/work/training_program/output.schema.json")).value();
}

bool is_nullable(const json::Value& schema) {
    const json::Value* type = json::find(schema, "type");
    if (!type || !type->IsArray()) return false;
    return std::any_of(type->Begin(), type->End(),
                       [](const json::Value& name) { return json::view(name) == "null"; });
}

bool is_enhanced(std::string_view property) {
    return std::find(std::begin(enhanced_properties), std::end(enhanced_properties), property) !=
           std::end(enhanced_properties);
}

/// `visit` with every schema of an object, from the outside in.
template <class Visit>
void each_object(json::Value& schema, Visit visit) {
    if (schema.HasMember("properties")) {
        visit(schema);
        for (auto& property : schema["properties"].GetObject()) each_object(property.value, visit);
    }
    if (schema.HasMember("items")) each_object(schema["items"], visit);
}

/// Takes out of "required" whatever `drop` names.
template <class Drop>
void do_not_require(json::Value& object, Drop drop) {
    json::Value& required = object["required"];
    for (auto name = required.Begin(); name != required.End();)
        name = drop(json::view(*name)) ? required.Erase(name) : name + 1;
}

std::string basic_schema() {
    json::Document schema = parsed_schema();
    each_object(schema, [](json::Value& object) {
        do_not_require(object, is_enhanced);
        auto& properties = object["properties"];
        for (auto property = properties.MemberBegin(); property != properties.MemberEnd();)
            property =
                is_enhanced(json::view(property->name)) ? properties.EraseMember(property) : property + 1;
    });
    return json::write(schema);
}

/// The schema for checking: what may be null may be missing.
const json::Document& kind_schema() {
    static const json::Document document = [] {
        json::Document schema = parsed_schema();
        each_object(schema, [](json::Value& object) {
            do_not_require(object, [&](std::string_view name) {
                const json::Value* property = json::find(object["properties"], name);
                return property && is_nullable(*property);
            });
        });
        return schema;
    }();
    return document;
}

const valijson::Schema& compiled_schema() {
    static const valijson::Schema* schema = [] {
        auto* compiled = new valijson::Schema;  // lives as long as the program
        valijson::SchemaParser().populateSchema(valijson::adapters::RapidJsonAdapter(kind_schema()),
                                                *compiled);
        return compiled;
    }();
    return *schema;
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

std::vector<Violation> schema_violations(const json::Value& value) {
    std::vector<Violation> out;
    valijson::ValidationResults results;
    valijson::adapters::RapidJsonAdapter target(value);
    if (valijson::Validator().validate(compiled_schema(), target, &results)) return out;
    for (const auto& error : results) {
        if (is_echo(error.description)) continue;
        if (out.size() == most_violations) break;
        out.push_back({Violation::Severity::reject, pointer(error.context), "schema", error.description});
    }
    if (out.empty()) out.push_back({Violation::Severity::reject, "", "schema", "does not match the schema"});
    return out;
}

Answer refused(std::string_view rule, std::string message) {
    Answer answer;
    answer.violations.push_back({Violation::Severity::reject, "", std::string(rule), std::move(message)});
    return answer;
}

}  // namespace

std::string_view schema_text(Tier tier) {
    static const std::string whole = json::write(parsed_schema());
    static const std::string basic = basic_schema();
    return tier == Tier::basic ? basic : whole;
}

Answer read_answer(std::string_view text) {
    if (text.size() > longest_answer)
        return refused("bounds", fmt::format("the answer is longer than {} bytes", longest_answer));
    auto document = json::parse(text);
    if (!document) return refused("json", document.error().message);
    if (values_in(*document) > most_values)
        return refused("bounds", fmt::format("the answer holds more than {} values", most_values));
    Answer answer;
    answer.document = std::move(*document);
    keep_known(answer.document, kind_schema());
    answer.violations = schema_violations(answer.document);
    return answer;
}

}  // namespace spotter::work::training
