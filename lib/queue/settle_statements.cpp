#include "queue/statements.hpp"

namespace spotter::queue::statements {
namespace {

// The flight is the licence to write the cache entry and to complete those that wait: where it was taken
// away, the row alone is completed. Several daemons write the cache in the order of its keys, so that they
// cannot wait for each other in a ring.
const char* const settle_rows = R"sql(
with settled as materialized (
      select s.*, s.status = 'completed' as done, case when s.status = 'completed' then s.columns end as shown
        from jsonb_to_recordset($1::jsonb) as s(
          id uuid, token bigint, status text, calls integer, content jsonb, columns jsonb, metadata jsonb,
          model text, cache_key text, error_code text, error text, reason text, wait double precision,
          spends_attempt boolean, alone boolean)),
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
       where p.id = s.id
         and p.generation_token = s.token
         and p.generation_status = 'processing'
      returning p.id, p.user_id, p.generation_cache_key as key, p.generation_worker as worker, s.token, s.status,
                s.content, s.columns, s.metadata, s.model,
                s.content is not null and s.cache_key is not null as cacheable, s.alone),
landed as (
      delete from spotter.flight f
       using written w
       where w.status = 'completed' and f.key = w.key and f.leader = w.id and f.token = w.token
      returning f.parked, w.*),
followers as materialized (
      select f.at, l.*
        from landed l
       cross join lateral (
             select p.ctid as at
               from public.training_programs p
              where p.generation_status = 'pending' and p.generation_waiting
                and p.generation_cache_key = l.key and l.parked > 0 and not l.alone
              order by p.generation_queued_at
              limit 10000
                for update of p skip locked) f),
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
      select w.key, w.user_id, w.content, substring(w.key from ':d(.*)$'),
             w.columns || jsonb_build_object('model', w.model,
                 'finalComplexity', w.metadata -> 'finalComplexity',
                 'validationNotes', w.metadata -> 'validationNotes',
                 'enhancedUserProfile', w.metadata -> 'enhancedUserProfile'),
             now(), now() + make_interval(secs => $2)
        from written w
        join spotter.flight f on f.key = w.key and f.leader = w.id and f.token = w.token
       where w.cacheable
       order by w.key
          on conflict (cache_key) do update
         set recommendation = excluded.recommendation, summary = excluded.summary,
             hashed_data_input = excluded.hashed_data_input,
             created_at = excluded.created_at, expires_at = excluded.expires_at))sql";

// With the ids come the keys for which somebody was told to wait whom this statement's snapshot does not
// show.
const char* const settle_tail = R"sql(
select w.id::text,
       (select l.key from landed l
         where l.id = w.id and l.parked > (select count(*) from shared x where x.key = l.key)),
       (select count(*) from shared x where x.key = w.key)
  from written w)sql";

}  // namespace

const db::Statement settle{"settle", std::string(settle_rows) + settle_cache + settle_tail};

// $2 is named so that both take the same parameters.
const db::Statement settle_uncached{
    "settle_uncached", std::string(settle_rows) + settle_tail + " where $2::double precision is not null"};

const db::Statement free_stranded{"free_stranded", R"sql(
with stranded as materialized (
      select p.ctid as at
        from public.training_programs p
       where p.generation_status = 'pending' and p.generation_waiting
         and p.generation_cache_key in (select jsonb_array_elements_text($1::jsonb))
         and not exists (select from spotter.flight f where f.key = p.generation_cache_key)
         for update skip locked)
update public.training_programs p
   set generation_waiting = false, generation_reason = null
  from stranded s
 where p.ctid = s.at)sql"};

const db::Statement mend_flights{"mend_flights", R"sql(
with broken as materialized (
      select f.key
        from spotter.flight f
        left join public.training_programs p on p.id = f.leader
       where p.id is null
          or p.generation_cache_key is distinct from f.key
          or (f.token is null and (p.generation_status <> 'pending' or p.generation_waiting))
          or (f.token is not null and (p.generation_status <> 'processing'
                                       or p.generation_token is distinct from f.token))
         for update of f skip locked),
ended as (
      delete from spotter.flight f using broken b where f.key = b.key returning f.key),
stranded as materialized (
      select p.ctid as at
        from public.training_programs p
       where p.generation_status = 'pending' and p.generation_waiting
         and (p.generation_cache_key in (select key from ended)
              or not exists (select from spotter.flight f where f.key = p.generation_cache_key))
         for update skip locked),
freed as (
      update public.training_programs p
         set generation_waiting = false, generation_reason = null
        from stranded s
       where p.ctid = s.at
      returning 1)
select (select count(*) from ended), (select count(*) from freed))sql"};

}  // namespace spotter::queue::statements
