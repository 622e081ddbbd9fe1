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

}  // namespace

const Table training_programs{
    .name = "public.training_programs",
    .asked = "p.onboarding_data_snapshot",
    .open = "(p.program_details = '{}'::jsonb or p.generation_retries > 0)",
    .content = program_columns,
};

Lane::Lane(const Table& of, std::string of_kind, std::string of_versions)
    : table(of),
      kind(std::move(of_kind)),
      versions(std::move(of_versions)),
      claim{"claim_" + kind, claim_text(table, kind, Cache::asked)},
      claim_uncached{"claim_uncached_" + kind, claim_text(table, kind, Cache::left_out)},
      claim_one{"claim_one_" + kind, claim_one_text(table, kind, Cache::asked)},
      claim_one_uncached{"claim_one_uncached_" + kind, claim_one_text(table, kind, Cache::left_out)},
      ready_ids{"ready_ids_" + kind, ready_ids_text(table, kind)},
      settle{"settle_" + kind, settle_text(table, kind, Cache::asked)},
      settle_uncached{"settle_uncached_" + kind, settle_text(table, kind, Cache::left_out)} {}

}  // namespace spotter::queue
