#include "queue/lane.hpp"

#include <utility>

#include "queue/claim_statements.hpp"
#include "queue/settle_statements.hpp"

namespace spotter::queue {
namespace {

constexpr ContentColumn program_columns[] = {
    {"program_details", "x.content"},
    {"program_name", "x.columns ->> 'program_name'"},
    {"total_duration_weeks", "(x.columns ->> 'total_duration_weeks')::integer"},
    {"periodization_model", "x.columns ->> 'periodization_model'"},
    {"volume_landmarks", "x.columns -> 'volume_landmarks'"},
    {"weak_point_analysis", "x.columns -> 'weak_point_analysis'"},
    {"ai_model_version", "x.model"},
    {"generated_at", "now()"},
};

constexpr ContentColumn request_columns[] = {
    {"result", "x.content"},
    {"updated_at", "now()"},
};

constexpr std::string_view open_program = "(p.program_details = '{}'::jsonb or p.generation_retries > 0)";

std::string plain_name(const Table& table) {
    return std::string(table.name.substr(table.name.find('.') + 1));
}

/// Of prepared statements: "claim_exercise_request". An app's own table has the kind's name to itself.
std::string suffix(const Table& table, const std::string& kind) {
    return &table == &generation_requests ? kind + "_request" : kind;
}

}  // namespace

const Table training_programs{
    .name = "public.training_programs",
    .asked = "p.onboarding_data_snapshot",
    .refresh = "false",
    .whose_content = open_program,
    .any_content = open_program,
    .content = program_columns,
};

const Table generation_requests{
    .name = "public.generation_requests",
    .asked = "p.input",
    .refresh = "p.generation_purpose = 'refresh'",
    .whose_content = "p.kind = '{kind}'",
    .any_content = "true",
    .content = request_columns,
};

std::string Table::open(const std::string& kind) const {
    constexpr std::string_view placeholder = "{kind}";
    std::string condition(whose_content);
    if (auto at = condition.find(placeholder); at != condition.npos)
        condition.replace(at, placeholder.size(), kind);
    return condition;
}

Lane::Lane(const Table& of, std::string of_kind, std::string of_versions)
    : table(&of),
      kind(std::move(of_kind)),
      versions(std::move(of_versions)),
      bell(&of == &generation_requests ? kind : plain_name(of)),
      claim{"claim_" + suffix(of, kind), claim_text(of, kind, Cache::asked)},
      claim_uncached{"claim_uncached_" + suffix(of, kind), claim_text(of, kind, Cache::left_out)},
      claim_one{"claim_one_" + suffix(of, kind), claim_one_text(of, kind, Cache::asked)},
      claim_one_uncached{"claim_one_uncached_" + suffix(of, kind), claim_one_text(of, kind, Cache::left_out)},
      ready_ids{"ready_ids_" + suffix(of, kind), ready_ids_text(of, kind)},
      probe_cache{"probe_cache_" + suffix(of, kind), probe_cache_text(kind)},
      settle{"settle_" + suffix(of, kind), settle_text(of, kind)} {}

}  // namespace spotter::queue
