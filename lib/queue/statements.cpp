#include "queue/statements.hpp"

#include <fmt/format.h>

namespace spotter::queue::statements {
namespace {

// What makes a row ready; the partial index training_programs_ready carries the same words.
#define SPOTTER_READY                                                              \
    "       where p.generation_status = 'pending'\n"                               \
    "         and (p.program_details = '{}'::jsonb or p.generation_retries > 0)\n" \
    "         and p.generation_run_after <= now()\n"

#define SPOTTER_READY_IN_TURN                                         \
    SPOTTER_READY                                                     \
    "       order by p.generation_priority, p.generation_run_after\n" \
    "       limit $1\n"

#define SPOTTER_READY_THIS           \
    SPOTTER_READY                    \
    "         and p.id = $5::uuid\n" \
    "       limit $1\n"

// Rows are locked and found again by their ctid within one statement, which saves a look-up by id each. A row
// that somebody changed while we waited for nothing (skip locked) is simply not found, and claimed the next
// time.
const char* const claim_head = R"sql(
with ready as materialized (
      select p.ctid as at, p.generation_priority as priority, p.generation_run_after as run_after,
             p.user_id, p.onboarding_data_snapshot as snapshot
        from public.training_programs p
)sql";

const char* const claim_look_up = R"sql(
         for update of p skip locked),
inputs as materialized (
      select r.at, r.priority, r.run_after, r.user_id, x.paid,
             spotter.program_input(r.snapshot, f.onboarding_responses, f.name::text, f.age::text,
                                   f.experience_level::text, f.weight_unit::text, x.paid) as input
        from ready r
        left join public.profiles f on f.id = r.user_id
       cross join lateral (
             select coalesce(f.is_premium, false) or coalesce(f.trial_ends_at > now(), false)) as x(paid)),
keyed as materialized (
      select i.at, i.priority, i.run_after, i.user_id, i.input,
             spotter.program_cache_key(i.user_id, i.paid, spotter.program_cache_hash(i.input, $3)) as key
        from inputs i),
looked_up as materialized (
      select k.at, k.input, h.hit, c.recommendation, c.summary, c.created_at as cached_at,
             k.key,
             row_number() over (partition by h.hit order by k.priority, k.run_after) as place
        from keyed k
        left join )sql";

const char* const claim_tail = R"sql( c
          on c.cache_key = k.key
       cross join lateral (select coalesce(c.user_id = k.user_id and c.expires_at > now(), false)) as h(hit)),
hits as (
      update public.training_programs p
         set generation_status = 'completed',
             program_details = l.recommendation,
             program_name = l.summary ->> 'program_name',
             total_duration_weeks = (l.summary ->> 'total_duration_weeks')::integer,
             periodization_model = l.summary ->> 'periodization_model',
             volume_landmarks = l.summary -> 'volume_landmarks',
             weak_point_analysis = l.summary -> 'weak_point_analysis',
             ai_model_version = l.summary ->> 'model',
             generated_at = now(),
             generation_metadata = jsonb_build_object(
                 'source', 'cache', 'attempts', 0, 'calls', 0, 'cachedAt', l.cached_at,
                 'processingTimestamp', now(), 'model', l.summary -> 'model',
                 'finalComplexity', l.summary -> 'finalComplexity', 'validationNotes', l.summary -> 'validationNotes',
                 'enhancedUserProfile', l.summary -> 'enhancedUserProfile'),
             generation_error = null, generation_error_code = null, generation_reason = null,
             generation_stage = null, generation_progress = 100,
             generation_started_at = now(), generation_finished_at = now(),
             generation_worker = $4, generation_cache_key = l.key
        from looked_up l
       where l.hit and p.ctid = l.at
      returning 1),
misses as (
      update public.training_programs p
         set generation_status = 'processing',
             generation_worker = $4,
             generation_token = nextval('spotter.token'),
             generation_attempts = least(p.generation_attempts + 1, 32000),
             generation_started_at = coalesce(p.generation_started_at, now()),
             generation_stage = 'generating', generation_progress = 10,
             generation_reason = null, generation_cache_key = l.key
        from looked_up l
       where not l.hit and l.place <= $2 and p.ctid = l.at
      returning p.id, p.generation_token, l.input, l.key, p.generation_attempts,
                extract(epoch from now() - p.generation_started_at)::double precision as waited)
select m.id, m.generation_token, m.input, m.key, m.generation_attempts, m.waited, to_jsonb(now()) #>> '{}',
       0::bigint, 0::bigint
  from misses m
union all
select null, null, null, null, null, null, null,
       (select count(*) from hits), (select count(*) from looked_up))sql";

// Several daemons write the cache in the order of its keys, so that they cannot wait for each other in a
// ring.
const char* const settle_rows = R"sql(
with settled as materialized (
      select * from jsonb_to_recordset($1::jsonb) as s(
          id uuid, token bigint, status text, calls integer, content jsonb, columns jsonb, metadata jsonb,
          model text, cache_key text, error_code text, error text, reason text, wait double precision,
          spends_attempt boolean)),
written as (
      update public.training_programs p
         set generation_status = s.status,
             program_details = case when s.status = 'completed' then s.content else p.program_details end,
             program_name = coalesce(s.columns ->> 'program_name', p.program_name),
             total_duration_weeks = coalesce((s.columns ->> 'total_duration_weeks')::integer, p.total_duration_weeks),
             periodization_model = coalesce(s.columns ->> 'periodization_model', p.periodization_model),
             volume_landmarks = coalesce(s.columns -> 'volume_landmarks', p.volume_landmarks),
             weak_point_analysis = coalesce(s.columns -> 'weak_point_analysis', p.weak_point_analysis),
             ai_model_version = coalesce(s.model, p.ai_model_version),
             generated_at = case when s.status = 'completed' then now() else p.generated_at end,
             generation_metadata = case
                 when s.metadata is null then p.generation_metadata
                 else s.metadata || jsonb_build_object(
                     'processingTimestamp', now(), 'attempts', p.generation_attempts,
                     'calls', p.generation_calls + s.calls) end,
             generation_error = s.error, generation_error_code = s.error_code, generation_reason = s.reason,
             generation_stage = null,
             generation_progress = case s.status when 'completed' then 100 else 0 end,
             generation_run_after = case s.status
                 when 'pending' then now() + make_interval(secs => s.wait) else p.generation_run_after end,
             generation_finished_at = case s.status when 'pending' then null else now() end,
             generation_attempts = p.generation_attempts
                 - case when s.status = 'pending' and not s.spends_attempt then 1 else 0 end,
             generation_calls = p.generation_calls + s.calls,
             generation_worker = case s.status when 'pending' then null else p.generation_worker end,
             generation_token = null
        from settled s
       where p.id = s.id
         and p.generation_token = s.token
         and p.generation_status = 'processing'
      returning p.id, p.user_id, s.status, s.content, s.columns, s.metadata, s.model, s.cache_key))sql";

const char* const settle_cache = R"sql(,
cached as (
      insert into public.ai_coach_cache as c
             (cache_key, user_id, recommendation, hashed_data_input, summary, created_at, expires_at)
      select distinct on (w.cache_key)
             w.cache_key, w.user_id, w.content, substring(w.cache_key from ':d(.*)$'),
             w.columns || jsonb_build_object('model', w.model,
                 'finalComplexity', w.metadata -> 'finalComplexity',
                 'validationNotes', w.metadata -> 'validationNotes',
                 'enhancedUserProfile', w.metadata -> 'enhancedUserProfile'),
             now(), now() + make_interval(secs => $2)
        from written w
       where w.status = 'completed' and w.cache_key is not null
       order by w.cache_key
          on conflict (cache_key) do update
         set recommendation = excluded.recommendation, summary = excluded.summary,
             hashed_data_input = excluded.hashed_data_input,
             created_at = excluded.created_at, expires_at = excluded.expires_at))sql";

const char* const settle_tail = R"sql(
select id::text from written)sql";

constexpr std::string_view cache_table = "public.ai_coach_cache";

// In the cache's place when that is out of order: a table without rows.
constexpr std::string_view no_cache =
    "(select null::text as cache_key, null::uuid as user_id, null::jsonb as recommendation, null::jsonb as "
    "summary, "
    "null::timestamptz as created_at, null::timestamptz as expires_at where false)";

std::string claim_text(std::string_view rows, std::string_view cache) {
    return fmt::format("{}{}{}{}{}", claim_head, rows, claim_look_up, cache, claim_tail);
}

}  // namespace

const db::Statement claim{"claim", claim_text(SPOTTER_READY_IN_TURN, cache_table)};

const db::Statement claim_uncached{"claim_uncached", claim_text(SPOTTER_READY_IN_TURN, no_cache)};

const db::Statement claim_one{"claim_one", claim_text(SPOTTER_READY_THIS, cache_table)};

const db::Statement claim_one_uncached{"claim_one_uncached", claim_text(SPOTTER_READY_THIS, no_cache)};

const db::Statement ready_ids{
    "ready_ids", "select p.id::text\n        from public.training_programs p\n" SPOTTER_READY_IN_TURN};

const db::Statement refuse{"refuse", R"sql(
update public.training_programs p
   set generation_status = 'failed', generation_error_code = $2, generation_error = $3,
       generation_finished_at = now(), generation_reason = null
 where p.id = $1::uuid and p.generation_status = 'pending')sql"};

const db::Statement settle{"settle", std::string(settle_rows) + settle_cache + settle_tail};

// $2 is named so that both take the same parameters.
const db::Statement settle_uncached{
    "settle_uncached", std::string(settle_rows) + settle_tail + " where $2::double precision is not null"};

const db::Statement note_stage{"note_stage", R"sql(
update public.training_programs p
   set generation_stage = $3, generation_progress = $4
 where p.id = $1::uuid and p.generation_token = $2 and p.generation_status = 'processing')sql"};

// A server that was away has heard nobody: silence counts from its start at the earliest. Where no worker of
// ours is named, a function of the app's own took the row, and those have died after 15 minutes.
const db::Statement rescue{"rescue", R"sql(
with silent as materialized (
      select w.id
        from spotter.worker w
       where w.id <> $1
         and greatest(w.beat_at, pg_postmaster_start_time()) < now() - make_interval(secs => $2)
         for update skip locked),
lost as materialized (
      select p.id, p.generation_worker as worker
        from public.training_programs p
       where p.generation_status = 'processing'
         and (p.generation_worker in (select id from silent)
              or (p.generation_worker <> $1
                  and not exists (select from spotter.worker w where w.id = p.generation_worker)
                  and p.generation_started_at < now() - make_interval(secs => $2))
              or (p.generation_worker is null
                  and (p.program_details = '{}'::jsonb or p.generation_retries > 0)
                  and p.generation_queued_at < now() - interval '15 minutes'))
         for update skip locked),
freed as (
      update public.training_programs p
         set generation_crashes = p.generation_crashes + 1,
             generation_status = case when p.generation_crashes + 1 >= $3 then 'failed' else 'pending' end,
             generation_error_code = case when p.generation_crashes + 1 >= $3 then 'quarantined' end,
             generation_error = case when p.generation_crashes + 1 >= $3 then format(
                 'The generation was interrupted %s times and is not tried again by itself. '
                 'Set generation_status to ''pending'' to try once more.', p.generation_crashes + 1) end,
             generation_reason = case when p.generation_crashes + 1 < $3 then 'worker_lost' end,
             generation_run_after = now() + make_interval(secs => least(p.generation_crashes * 2, 30)),
             generation_finished_at = case when p.generation_crashes + 1 >= $3 then now() end,
             generation_stage = null, generation_progress = 0, generation_worker = null, generation_token = null
        from lost
       where p.id = lost.id and p.generation_status = 'processing'
      returning p.id, p.generation_crashes, p.generation_status, lost.worker),
buried as (
      delete from spotter.worker w using silent where w.id = silent.id)
select id::text, generation_crashes, generation_status, coalesce(worker, 0) from freed)sql"};

const db::Statement reclaim_orphans{"reclaim_orphans", R"sql(
update public.training_programs p
   set generation_status = 'pending', generation_reason = 'claim_interrupted',
       generation_attempts = greatest(p.generation_attempts - 1, 0),
       generation_stage = null, generation_progress = 0, generation_worker = null, generation_token = null
 where p.generation_status = 'processing'
   and p.generation_worker = $1
   and p.generation_token not in (select value::bigint from jsonb_array_elements_text($2::jsonb))
returning p.id::text)sql"};

const db::Statement register_worker{"register_worker", R"sql(
insert into spotter.worker (host, pid, version, slots) values ($1, $2, $3, $4) returning id)sql"};

const db::Statement beat{"beat", R"sql(
insert into spotter.worker as w (id, host, pid, version, slots)
overriding system value
values ($1, $2, $3, $4, $5)
    on conflict (id) do update set beat_at = now())sql"};

const db::Statement unregister_worker{"unregister_worker", R"sql(
delete from spotter.worker where id = $1)sql"};

const db::Statement depth{"depth", R"sql(
select (select count(*) from public.training_programs p
         where p.generation_status = 'pending'
           and (p.program_details = '{}'::jsonb or p.generation_retries > 0)) as pending,
       (select count(*) from public.training_programs p where p.generation_status = 'processing') as processing,
       (select coalesce(extract(epoch from now() - min(p.generation_run_after)), 0)::double precision
          from public.training_programs p
         where p.generation_status = 'pending'
           and (p.program_details = '{}'::jsonb or p.generation_retries > 0)
           and p.generation_run_after <= now()) as oldest_seconds)sql"};

}  // namespace spotter::queue::statements
