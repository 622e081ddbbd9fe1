#include "queue/statements.hpp"

namespace spotter::queue::statements {
namespace {

// A row that somebody else has locked is left for later, and keeps no other waiting. The flight is the
// licence to write the cache entry and to complete those that wait: where it was taken away, the row alone is
// completed. Flights are locked, and entries written, in the order of their keys, so that daemons cannot wait
// for each other in a ring.
//
// Answers are large, and without hash joins what is looked through once a row is looked through many times:
// that must be ids and keys alone, never the answers. Rows are looked up by laterals that cannot be turned
// around: planned on a small table Postgres would walk all of it instead, and go on when it has grown.
const char* const settle_rows = R"sql(
with settled as materialized (
      select s.*, s.status = 'completed' as done, case when s.status = 'completed' then s.columns end as shown
        from jsonb_to_recordset($1::jsonb) as s(
          id uuid, token bigint, status text, calls integer, content jsonb, columns jsonb, metadata jsonb,
          model text, cache_key text, error_code text, error text, reason text, wait double precision,
          spends_attempt boolean, alone boolean)),
mine as materialized (
      select locked.id
        from (select s.id, s.token from settled s order by s.id) s
       cross join lateral (
             select p.id
               from public.training_programs p
              where p.id = s.id and p.generation_token = s.token and p.generation_status = 'processing'
                for no key update skip locked) locked),
written as (
      update public.training_programs p
         set generation_status = s.status,
             program_details = case when s.done then s.content else p.program_details end,
             program_name = coalesce(s.shown ->> 'program_name', p.program_name),
             total_duration_weeks = coalesce((s.shown ->> 'total_duration_weeks')::integer, p.total_duration_weeks),
             periodization_model = coalesce(s.shown ->> 'periodization_model', p.periodization_model),
             volume_landmarks = coalesce(s.shown -> 'volume_landmarks', p.volume_landmarks),
             weak_point_analysis = coalesce(s.shown -> 'weak_point_analysis', p.weak_point_analysis),
             ai_model_version = case when s.done then s.model else p.ai_model_version end,
             generated_at = case when s.done then now() else p.generated_at end,
             generation_metadata = case
                 when not s.done then p.generation_metadata
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
       where p.id = s.id and s.id = any (array(select m.id from mine m))
         and p.generation_token = s.token
         and p.generation_status = 'processing'
      returning p.id, p.user_id, p.generation_cache_key as key, p.generation_worker as worker, s.token, s.status,
                s.content, s.columns, s.metadata, s.model,
                s.content is not null and s.cache_key is not null as cacheable, s.alone),
licence as materialized (
      select w.*, f.parked
        from spotter.flight f
        join written w on w.key = f.key and w.id = f.leader and w.token = f.token
       order by f.key
         for update of f),
landed as (
      delete from spotter.flight f
       using licence l
       where l.status = 'completed' and f.key = l.key
      returning l.*),
waited_for as materialized (
      select l.id, l.key, l.parked from landed l where l.parked > 0),
followers as materialized (
      select f.at, l.*
        from landed l
       cross join lateral (
             select p.ctid as at
               from public.training_programs p
              where p.generation_status = 'pending' and p.generation_waiting
                and p.generation_cache_key = l.key and not l.alone
              order by p.generation_queued_at
              limit 10000
                for no key update of p skip locked) f),
shared as (
      update public.training_programs p
         set generation_status = 'completed',
             program_details = f.content,
             program_name = f.columns ->> 'program_name',
             total_duration_weeks = (f.columns ->> 'total_duration_weeks')::integer,
             periodization_model = f.columns ->> 'periodization_model',
             volume_landmarks = f.columns -> 'volume_landmarks',
             weak_point_analysis = f.columns -> 'weak_point_analysis',
             ai_model_version = f.model,
             generated_at = now(),
             generation_metadata = f.metadata || jsonb_build_object(
                 'source', 'flight', 'processingTimestamp', now(), 'attempts', 0, 'calls', 0),
             generation_error = null, generation_error_code = null, generation_reason = null,
             generation_waiting = false, generation_stage = null, generation_progress = 100,
             generation_started_at = now(), generation_finished_at = now(), generation_worker = f.worker
        from followers f
       where p.ctid = f.at
      returning f.key))sql";

const char* const settle_cache = R"sql(,
cached as (
      insert into public.ai_coach_cache as c
             (cache_key, user_id, recommendation, hashed_data_input, summary, created_at, expires_at)
      select l.key, l.user_id, l.content, substring(l.key from ':d(.*)$'),
             l.columns || jsonb_build_object('model', l.model,
                 'finalComplexity', l.metadata -> 'finalComplexity',
                 'validationNotes', l.metadata -> 'validationNotes',
                 'enhancedUserProfile', l.metadata -> 'enhancedUserProfile'),
             now(), now() + make_interval(secs => $2)
        from licence l
       where l.cacheable
       order by l.key
          on conflict (cache_key) do update
         set recommendation = excluded.recommendation, summary = excluded.summary,
             hashed_data_input = excluded.hashed_data_input,
             created_at = excluded.created_at, expires_at = excluded.expires_at))sql";

// With each id comes the key if somebody was told to wait for it whom this statement's snapshot does not
// show, how many rows were completed with it, and whether it was left because somebody has it locked.
const char* const settle_tail = R"sql(
select w.id::text,
       (select l.key from waited_for l
         where l.id = w.id and l.parked > (select count(*) from shared x where x.key = l.key)),
       (select count(*) from shared x where x.key = w.key), false
  from written w
union all
select s.id::text, null, 0, true
  from settled s
 cross join lateral (
       select from public.training_programs p
        where p.id = s.id and p.generation_token = s.token and p.generation_status = 'processing'
        limit 1) left_alone
 where s.id not in (select m.id from mine m))sql";

}  // namespace

const db::Statement settle{"settle", std::string(settle_rows) + settle_cache + settle_tail};

// $2 is named so that both take the same parameters.
const db::Statement settle_uncached{
    "settle_uncached", std::string(settle_rows) + settle_tail + " and $2::double precision is not null"};

const db::Statement probe_cache{"probe_cache", R"sql(
do $$ begin lock table public.ai_coach_cache in row exclusive mode nowait; end $$)sql"};

const db::Statement free_stranded{"free_stranded", R"sql(
select spotter.free_waiting(array(select jsonb_array_elements_text($1::jsonb))))sql"};

const db::Statement mend_flights{"mend_flights", R"sql(
with alone as materialized (
      select pg_try_advisory_xact_lock(hashtextextended('spotter.mend_flights', 0)) as yes),
broken as materialized (
      select f.key
        from spotter.flight f
        left join public.training_programs p on p.id = f.leader
       where (select yes from alone)
         and (p.id is null
              or p.generation_cache_key is distinct from f.key
              or (f.token is null and (p.generation_status <> 'pending' or p.generation_waiting))
              or (f.token is not null and (p.generation_status <> 'processing'
                                           or p.generation_token is distinct from f.token)))
         for update of f skip locked)
delete from spotter.flight f using broken b where f.key = b.key
returning f.key)sql"};

const db::Statement forsaken_keys{"forsaken_keys", R"sql(
select distinct p.generation_cache_key
  from public.training_programs p
 where p.generation_status = 'pending' and p.generation_waiting
   and not exists (select from spotter.flight f where f.key = p.generation_cache_key))sql"};

}  // namespace spotter::queue::statements
