#include "queue/inspect.hpp"

namespace spotter::queue {
namespace {

const db::Statement enqueue_program_statement{"enqueue_program", R"sql(
insert into public.training_programs (user_id, onboarding_data_snapshot)
values ($1::uuid, $2::jsonb)
returning id::text)sql"};

const db::Statement standing_statement{"standing", R"sql(
select jsonb_strip_nulls(jsonb_build_object(
           'id', p.id, 'status', p.generation_status, 'stage', p.generation_stage,
           'progress', p.generation_progress, 'reason', p.generation_reason,
           'error_code', p.generation_error_code, 'error', p.generation_error,
           'attempts', p.generation_attempts, 'crashes', p.generation_crashes, 'calls', p.generation_calls,
           'source', p.generation_metadata -> 'source', 'model', p.ai_model_version,
           'program_name', p.program_name,
           'workers', (select count(*) from spotter.worker),
           'waited_seconds', round(extract(epoch from
               coalesce(p.generation_finished_at, now()) - p.generation_queued_at)::numeric, 1),
           'starts_in_seconds', case
               when p.generation_status = 'pending' and p.generation_run_after > now()
               then round(extract(epoch from p.generation_run_after - now())::numeric, 1) end,
           'ahead', case when p.generation_status = 'pending'
                          and (p.program_details = '{}'::jsonb or p.generation_retries > 0) then (
               select count(*) from (
                   select 1 from public.training_programs q
                    where q.generation_status = 'pending'
                      and (q.program_details = '{}'::jsonb or q.generation_retries > 0)
                      and (q.generation_priority, q.generation_run_after)
                          < (p.generation_priority, p.generation_run_after)
                    limit 10000) x) end))::text
  from public.training_programs p
 where p.id = $1::uuid)sql"};

const db::Statement overview_statement{"overview", R"sql(
with ready_or_not as (
      select p.generation_run_after, p.generation_reason
        from public.training_programs p
       where p.generation_status = 'pending'
         and (p.program_details = '{}'::jsonb or p.generation_retries > 0))
select jsonb_build_object(
           'pending', (select count(*) from ready_or_not),
           'ready', (select count(*) from ready_or_not where generation_run_after <= now()),
           'deferred', (select count(*) from ready_or_not where generation_run_after > now()),
           'oldest_ready_seconds', (select coalesce(round(extract(epoch from now() - min(generation_run_after))::numeric, 1), 0)
                                      from ready_or_not where generation_run_after <= now()),
           'reasons', (select coalesce(jsonb_object_agg(reason, number), '{}')
                         from (select generation_reason as reason, count(*) as number from ready_or_not
                                where generation_reason is not null group by 1) x),
           'processing', (select count(*) from public.training_programs where generation_status = 'processing'),
           'completed', (select count(*) from public.training_programs
                          where generation_status = 'completed'
                            and generation_finished_at > now() - interval '24 hours'),
           'failed', (select count(*) from public.training_programs
                       where generation_status = 'failed'
                         and generation_finished_at > now() - interval '24 hours'),
           'workers', (select coalesce(jsonb_agg(jsonb_build_object(
                              'id', w.id, 'host', w.host, 'pid', w.pid, 'version', w.version, 'slots', w.slots,
                              'silent_seconds', round(extract(epoch from now() - w.beat_at)::numeric, 1)) order by w.id), '[]')
                         from spotter.worker w))::text)sql"};

const db::Statement content_statement{"content", R"sql(
select p.program_details::text from public.training_programs p
 where p.id = $1::uuid and p.generation_status = 'completed')sql"};

}  // namespace

std::string enqueue_program(db::Session& session, const std::string& user,
                            const std::optional<std::string>& onboarding) {
    const char* snapshot = onboarding ? onboarding->c_str() : nullptr;
    return session.run(enqueue_program_statement, user, snapshot).front()[0].c_str();
}

std::optional<std::string> standing(db::Session& session, const std::string& id) {
    auto rows = session.run(standing_statement, id);
    if (rows.empty()) return std::nullopt;
    return rows.front()[0].c_str();
}

std::string overview(db::Session& session) {
    return session.run(overview_statement).front()[0].c_str();
}

std::optional<std::string> content(db::Session& session, const std::string& id) {
    auto rows = session.run(content_statement, id);
    if (rows.empty()) return std::nullopt;
    return rows.front()[0].c_str();
}

}  // namespace spotter::queue
