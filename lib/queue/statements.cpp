#include "queue/statements.hpp"

namespace spotter::queue::statements {

const db::Statement refuse{"refuse", R"sql(
update public.training_programs p
   set generation_status = 'failed', generation_error_code = $2, generation_error = $3,
       generation_finished_at = now(), generation_reason = null
 where p.id = $1::uuid and p.generation_status = 'pending')sql"};

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
        left join lateral (select * from public.training_programs p where p.id = f.leader limit 1) p on true
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
   and (select true from spotter.flight f where f.key = p.generation_cache_key) is null)sql"};

const db::Statement note_stage{"note_stage", R"sql(
update public.training_programs p
   set generation_stage = $3, generation_progress = $4
 where p.id = $1::uuid and p.generation_token = $2 and p.generation_status = 'processing')sql"};

// Rows that are worked on are found by the index training_programs_running, whose word is the priority; no
// other can serve. A server that was away has heard nobody: silence counts from its start at the earliest.
// Where no worker of ours is named, a function of the app's own took the row, and those have died after 15
// minutes.
const db::Statement lost_ids{"lost_ids", R"sql(
select p.id::text
  from public.training_programs p
  join spotter.worker w on w.id = p.generation_worker
 where p.generation_status = 'processing' and p.generation_priority > 0
   and w.id <> $1
   and greatest(w.beat_at, pg_postmaster_start_time()) < now() - make_interval(secs => $2)
 limit 1000)sql"};

const db::Statement rescue{"rescue", R"sql(
with silent as materialized (
      select w.id
        from spotter.worker w
       where w.id <> $1
         and greatest(w.beat_at, pg_postmaster_start_time()) < now() - make_interval(secs => $2)
         for update skip locked),
lost as materialized (
      select p.ctid as at, p.generation_worker as worker
        from public.training_programs p
       where p.generation_status = 'processing' and p.generation_priority > 0
         and ($4::uuid is null or p.id = $4::uuid)
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
       where p.ctid = lost.at
      returning p.id, p.generation_crashes, p.generation_status, lost.worker),
buried as (
      delete from spotter.worker w using silent where w.id = silent.id and $4::uuid is null),
quieted as (
      delete from spotter.bell b where b.worker in (select id from silent))
select id::text, generation_crashes, generation_status, coalesce(worker, 0) from freed)sql"};

const db::Statement reclaim_orphans{"reclaim_orphans", R"sql(
update public.training_programs p
   set generation_status = 'pending', generation_reason = 'claim_interrupted',
       generation_attempts = greatest(p.generation_attempts - 1, 0),
       generation_stage = null, generation_progress = 0, generation_worker = null, generation_token = null
 where p.generation_status = 'processing' and p.generation_priority > 0
   and p.generation_worker = $1
   and p.generation_token not in (select value::bigint from jsonb_array_elements_text($2::jsonb))
returning p.id::text)sql"};

const db::Statement standing_leases{"standing_leases", R"sql(
select p.generation_token
  from public.training_programs p
 where p.generation_status = 'processing' and p.generation_priority > 0
   and p.generation_worker = $1 and p.generation_token is not null)sql"};

const db::Statement register_worker{"register_worker", R"sql(
insert into spotter.worker (host, pid, version, slots, user_slots) values ($1, $2, $3, $4, $5) returning id)sql"};

const db::Statement beat{"beat", R"sql(
insert into spotter.worker as w (id, host, pid, version, slots, user_slots, rate)
overriding system value
values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (id) do update set beat_at = now(), rate = excluded.rate)sql"};

const db::Statement unregister_worker{"unregister_worker", R"sql(
with disarmed as (delete from spotter.bell b where b.worker = $1)
delete from spotter.worker where id = $1)sql"};

const db::Statement arm_bell{"arm_bell", R"sql(
insert into spotter.bell (worker) values ($1) on conflict do nothing)sql"};

const db::Statement disarm_bell{"disarm_bell", R"sql(
delete from spotter.bell b where b.worker = $1)sql"};

const db::Statement paused{"paused", R"sql(
select p.kind, extract(epoch from now() - p.since)::double precision, p.by, coalesce(p.reason, '')
  from spotter.pause p
 order by p.since)sql"};

const db::Statement put_off{"put_off", R"sql(
select x.generation_reason, count(*)::integer
  from (select p.generation_reason
          from generate_series(1, 9) l(level)
         cross join lateral (
               select p.generation_reason
                 from public.training_programs p
                where p.generation_status = 'pending' and not p.generation_waiting
                  and (p.program_details = '{}'::jsonb or p.generation_retries > 0) and p.generation_priority > 0
                  and p.generation_priority = l.level and p.generation_run_after > now()
                order by p.generation_run_after) p
         limit 10000) x
 where x.generation_reason is not null
 group by 1)sql"};

const db::Statement trim{"trim", R"sql(
with old as materialized (
      select p.ctid as at
        from public.training_programs p
       where p.ctid >= format('(%s,0)', $1::bigint)::tid and p.ctid < format('(%s,0)', $1::bigint + $2::bigint)::tid
         and p.generation_status in ('completed', 'failed')
         and p.generation_finished_at < now() - make_interval(secs => $3)
         and (p.generation_cache_key, p.generation_worker) is distinct from (null::text, null::bigint)
         for update skip locked),
trimmed as (
      update public.training_programs p
         set generation_cache_key = null, generation_worker = null
        from old
       where p.ctid = old.at
      returning 1)
select (select count(*) from trimmed),
       $1::bigint + $2::bigint >= pg_relation_size('public.training_programs') / current_setting('block_size')::bigint)sql"};

const db::Statement depth{"depth", R"sql(
select (select count(*) from public.training_programs p
         where p.generation_status = 'pending' and not p.generation_waiting
           and (p.program_details = '{}'::jsonb or p.generation_retries > 0) and p.generation_priority > 0)
       + (select count(*) from public.training_programs p
           where p.generation_status = 'pending' and p.generation_waiting) as pending,
       (select count(*) from public.training_programs p where p.generation_status = 'processing'
           and p.generation_priority > 0) as processing,
       (select coalesce(extract(epoch from now() - min(p.generation_run_after)), 0)::double precision
          from public.training_programs p
         where p.generation_status = 'pending' and not p.generation_waiting
           and (p.program_details = '{}'::jsonb or p.generation_retries > 0) and p.generation_priority > 0
           and p.generation_run_after <= now()) as oldest_seconds)sql"};

}  // namespace spotter::queue::statements
