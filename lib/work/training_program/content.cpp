#include "work/training_program/content.hpp"

#include <fmt/format.h>

#include "work/validation_notes.hpp"

namespace spotter::work::training {
namespace {

void set(json::Document& answer, std::string_view key, const std::string& text) {
    auto& allocator = answer.GetAllocator();
    json::Value name(rapidjson::StringRef(key.data(), key.size()));
    answer.RemoveMember(name);
    answer.AddMember(name, json::Value(text, allocator), allocator);
}

std::string quoted_or_null(const std::string& text) {
    return text.empty() ? "null" : json::quoted(text);
}

}  // namespace

std::string stored_content(json::Document answer, const Stamp& stamp) {
    set(answer, "generatedAt", stamp.generated_at);
    set(answer, "aiModelUsed", stamp.model);
    return json::write(answer);
}

std::string stored_columns(const Program& program, const Analysis& analysis,
                           const std::vector<Violation>& violations) {
    std::string model =
        program.periodization_model.empty() ? std::string(name(analysis.model)) : program.periodization_model;
    return fmt::format(
        R"({{"program_name":{},"total_duration_weeks":{},"difficulty_level":{},"periodization_model":{},)"
        R"("volume_landmarks":{},"weak_point_analysis":{},)"
        R"("metadata":{{"enhancedUserProfile":{},"validationNotes":{}}}}})",
        json::quoted(program.name), program.weeks_planned, quoted_or_null(program.difficulty),
        json::quoted(model), landmarks_json(analysis), weak_points_json(analysis),
        user_profile_json(analysis), validation_notes(violations));
}

}  // namespace spotter::work::training
