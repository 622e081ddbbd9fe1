#include "queue/settle_statements.hpp"

#include <fmt/format.h>

namespace spotter::queue {
namespace {

// A row that somebody else has locked is left for later, and keeps no other waiting; so is one that somebody
// has changed since the statement began, whose ctid is another by now. The flight is the licence to write the
// cache entry and to complete those that wait: where it was taken away, the row alone is completed. Flights
// are locked, and entries written, in the order of their keys, so that daemons cannot wait for each other in
// a ring.
//
// Answers are large, and without hash joins what is looked through once a row is looked through many times:
// that must be ids and keys alone, never the answers. Rows are looked up by laterals that cannot be turned
// around (see claim_statements.cpp), and written by their ctid.
constexpr std::string_view settle = R"sql(
with settled as materialized (
      select s.*, s.status = 'completed' as done
        from jsonb_to_recordset($1::jsonb) as s(
          id uuid, token bigint, status text, calls integer, content jsonb, columns jsonb, metadata jsonb,
          model text, cache_key text, cached_asked jsonb, error_code text, error text, reason text, wait double precision,
          spends_attempt boolean, alone boolean)),
mine as materialized (
      select locked.*
        from (select s.id, s.token from settled s order by s.id) s
       cross join lateral (
             select p.id, p.ctid as at
               from {table} p
              where p.id = s.id and p.generation_token = s.token and p.generation_status = 'processing'
                for no key update skip locked) locked),
written as (
      update {table} p
         set generation_status = x.status, {content_if_done},
             generation_metadata = case
                 when not x.done then p.generation_metadata
                 else x.metadata || jsonb_build_object(
                     'processingTimestamp', now(), 'attempts', p.generation_attempts,
                     'calls', p.generation_calls + x.calls) end,
             generation_error = x.error, generation_error_code = x.error_code, generation_reason = x.reason,
             generation_stage = null,
             generation_progress = case x.status when 'completed' then 100 else 0 end,
             generation_run_after = case x.status
                 when 'pending' then now() + make_interval(secs => x.wait) else p.generation_run_after end,
             generation_finished_at = case x.status when 'pending' then null else now() end,
             generation_attempts = p.generation_attempts
                 - case when x.status = 'pending' and not x.spends_attempt then 1 else 0 end,
             generation_calls = p.generation_calls + x.calls,
             generation_worker = case x.status when 'pending' then null else p.generation_worker end,
             generation_token = null
        from settled x
       cross join lateral (select m.at from mine m where m.id = x.id limit 1) m
       where p.ctid = m.at
      returning p.id, p.user_id, coalesce(x.cached_asked, {asked}) as asked, p.generation_cache_key as key, p.generation_worker as worker,
                x.token, x.status, x.content, x.columns, x.metadata, x.model,
                x.content is not null and x.cache_key is not null as cacheable, x.alone),
accepted as materialized (select w.id from written w),
licence as materialized (
      select w.*, f.parked
        from (select * from written order by key) w
       cross join lateral (
             select f.parked
               from spotter.flight f
              where f.key = w.key and f.leader = w.id and f.token = w.token
                for update) f),
landed as (
      delete from spotter.flight f
       where f.key = any (array(select l.key from licence l where l.status = 'completed'))
      returning f.key),
waited_for as materialized (
      select l.id, l.key, l.parked from licence l where l.status = 'completed' and l.parked > 0),
followers as materialized (
      select f.at, l.*
        from licence l
       cross join lateral (
             select p.ctid as at
               from {table} p
              where p.generation_status = 'pending' and p.generation_waiting
                and p.generation_cache_key = l.key and not l.alone
              order by p.generation_queued_at
              limit 10000
                for no key update of p skip locked) f
       where l.key = any (array(select key from landed))),
shared as (
      update {table} p
         set generation_status = 'completed', {content},
             generation_metadata = x.metadata || jsonb_build_object(
                 'source', 'flight', 'processingTimestamp', now(), 'attempts', 0, 'calls', 0),
             generation_error = null, generation_error_code = null, generation_reason = null,
             generation_waiting = false, generation_stage = null, generation_progress = 100,
             generation_started_at = now(), generation_finished_at = now(), generation_worker = x.worker
        from followers x
       where p.ctid = x.at
      returning x.key),
cached as materialized (
      select spotter.try_cache('{kind}', array_agg(row(
                 l.key, l.user_id, l.asked, l.content, l.columns, l.metadata, l.model,
                 $2::double precision * case when f.paid then $3::double precision else 1 end)::spotter.cache_entry
             order by l.key)) as problem
        from licence l
        left join lateral (
             select coalesce(f.is_premium, false) or coalesce(f.trial_ends_at > now(), false) as paid
               from public.profiles f
              where f.id = l.user_id
              limit 1) f on true
       where l.cacheable),
used as (
      insert into spotter.cache_use (kind, key, misses, shared)
      select '{kind}', w.key, 1, (select count(*) from shared s where s.key = w.key)
        from written w
       where w.status = 'completed' and w.key is not null)
select w.id::text,
       (select l.key from waited_for l
         where l.id = w.id and l.parked > (select count(*) from shared s where s.key = l.key)),
       (select count(*) from shared s where s.key = w.key), false, (select c.problem from cached c)
  from written w
union all
select s.id::text, null, 0, true, null
  from settled s
 cross join lateral (
       select from {table} p
        where p.id = s.id and p.generation_token = s.token and p.generation_status = 'processing'
        limit 1) left_alone
 where s.id not in (select a.id from accepted a))sql";

}  // namespace

std::string settle_text(const Table& table, const std::string& kind) {
    return fmt::format(
        fmt::runtime(settle), fmt::arg("table", table.name), fmt::arg("kind", kind),
        fmt::arg("asked", table.asked), fmt::arg("content", assignments(table)),
        fmt::arg("content_if_done", assignments(table, "case when x.done then {value} else p.{column} end")));
}

}  // namespace spotter::queue
