#include "work/training_program/answer.hpp"

#include <algorithm>

namespace spotter::work::training {
namespace {

/// What only the enhanced tiers ask for.
constexpr std::string_view enhanced_properties[] = {
    "rationale",     "periodizationModel", "volumeDistribution", "autoregulation",
    "interventions", "adaptation",         "progressionStrategy"};

json::Document whole_schema() {
    return schema_file("lib/work/training_program/output.schema.json");
}

bool is_enhanced(std::string_view property) {
    return std::find(std::begin(enhanced_properties), std::end(enhanced_properties), property) !=
           std::end(enhanced_properties);
}

std::string basic_schema() {
    json::Document schema = whole_schema();
    each_object(schema, [](json::Value& object) {
        do_not_require(object, is_enhanced);
        auto& properties = object["properties"];
        for (auto property = properties.MemberBegin(); property != properties.MemberEnd();)
            property =
                is_enhanced(json::view(property->name)) ? properties.EraseMember(property) : property + 1;
    });
    return json::write(schema);
}

const AnswerSchema& schema() {
    static const AnswerSchema whole(whole_schema());
    return whole;
}

}  // namespace

std::string_view schema_text(Tier tier) {
    static const std::string basic = basic_schema();
    return tier == Tier::basic ? basic : schema().text();
}

ReadAnswer read_answer(std::string_view text) {
    return schema().read(text);
}

}  // namespace spotter::work::training
