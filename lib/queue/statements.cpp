#include "queue/statements.hpp"

namespace spotter::queue::statements {

const db::Statement free_stranded{"free_stranded", R"sql(
select spotter.free_waiting(array(select jsonb_array_elements_text($1::jsonb))))sql"};

const db::Statement mend_flights{"mend_flights", R"sql(
with alone as materialized (
      select pg_try_advisory_xact_lock(hashtextextended('spotter.mend_flights', 0)) as yes),
broken as materialized (
      select f.key
        from spotter.flight f
        left join lateral (
             select * from spotter.job j where j.id = f.leader and j.generation_cache_key = f.key limit 1) j on true
       where (select yes from alone)
         and (j.id is null
              or (f.token is null and (j.generation_status <> 'pending' or j.generation_waiting))
              or (f.token is not null and (j.generation_status <> 'processing'
                                           or j.generation_token is distinct from f.token)))
         for update of f skip locked)
delete from spotter.flight f using broken b where f.key = b.key
returning f.key)sql"};

const db::Statement forsaken_keys{"forsaken_keys", R"sql(
select distinct j.generation_cache_key
  from spotter.job j
 where j.generation_status = 'pending' and j.generation_waiting
   and (select true from spotter.flight f where f.key = j.generation_cache_key) is null)sql"};

const db::Statement standing_leases{"standing_leases", R"sql(
select j.generation_token
  from spotter.job j
 where j.generation_status = 'processing' and j.generation_priority > 0
   and j.generation_worker = $1 and j.generation_token is not null)sql"};

const db::Statement bury{"bury", R"sql(
with buried as (
      delete from spotter.worker w
       where w.id in (select spotter.silent_workers($1, $2))
         and not exists (select from spotter.job j
                          where j.generation_status = 'processing' and j.generation_priority > 0
                            and j.generation_worker = w.id)
      returning w.id)
delete from spotter.bell b where b.worker in (select id from buried))sql"};

const db::Statement started{"started", "select spotter.started()"};

const db::Statement register_worker{"register_worker", R"sql(
insert into spotter.worker (host, pid, version, slots, user_slots) values ($1, $2, $3, $4, $5) returning id)sql"};

const db::Statement beat{"beat", R"sql(
insert into spotter.worker as w (id, host, pid, version, slots, user_slots, rate, awake_since)
overriding system value
values ($1, $2, $3, $4, $5, $6, $7, now())
    on conflict (id) do update
   set beat_at = now(), rate = excluded.rate,
       awake_since = case when w.beat_at < now() - make_interval(secs => $9) then now()
                          when w.beat_at < now() - make_interval(secs => $8)
                               and w.awake_since < w.beat_at - make_interval(secs => $9) then now()
                          else w.awake_since end)sql"};

const db::Statement unregister_worker{"unregister_worker", R"sql(
with disarmed as (delete from spotter.bell b where b.worker = $1)
delete from spotter.worker where id = $1)sql"};

const db::Statement arm_bell{"arm_bell", R"sql(
insert into spotter.bell (worker, lane) values ($1, $2) on conflict do nothing)sql"};

const db::Statement disarm_bell{"disarm_bell", R"sql(
delete from spotter.bell b where b.worker = $1 and b.lane = $2)sql"};

const db::Statement paused{"paused", R"sql(
select p.kind, extract(epoch from now() - p.since)::double precision, p.by, coalesce(p.reason, '')
  from spotter.pause p
 order by p.since)sql"};

const db::Statement put_off{"put_off", R"sql(
select x.generation_reason, count(*)::integer
  from (select j.generation_reason
          from spotter.kind k
         cross join generate_series(1, 9) l(level)
         cross join lateral (
               select j.generation_reason
                 from spotter.job j
                where j.kind = k.name
                  and j.generation_status = 'pending' and not j.generation_waiting and j.is_open
                  and j.generation_priority > 0 and j.generation_priority = l.level
                  and j.generation_run_after > now()) j
         limit 10000) x
 where x.generation_reason is not null
 group by 1)sql"};

const db::Statement depth{"depth", R"sql(
select (select count(*) from spotter.job j
         where j.generation_status = 'pending' and not j.generation_waiting and j.is_open
           and j.generation_priority > 0)
       + (select count(*) from spotter.job j
           where j.generation_status = 'pending' and j.generation_waiting) as pending,
       (select count(*) from spotter.job j
         where j.generation_status = 'processing' and j.generation_priority > 0) as processing,
       (select coalesce(extract(epoch from now() - min(j.generation_run_after)), 0)::double precision
          from spotter.job j
         where j.generation_status = 'pending' and not j.generation_waiting and j.is_open
           and j.generation_priority > 0 and j.generation_run_after <= now()) as oldest_seconds)sql"};

}  // namespace spotter::queue::statements
