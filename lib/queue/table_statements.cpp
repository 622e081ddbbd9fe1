#include <fmt/format.h>

#include "queue/lane.hpp"

namespace spotter::queue {
namespace {

/// Fails a row whose claim the database refuses. $1 id, $2 code, $3 message.
constexpr std::string_view refuse = R"sql(
update {table} p
   set generation_status = 'failed', generation_error_code = $2, generation_error = $3,
       generation_finished_at = now(), generation_reason = null
 where p.id = $1::uuid and p.generation_status = 'pending')sql";

/// Lets others go before a row whose claim takes too long. $1 id.
constexpr std::string_view set_aside = R"sql(
update {table} p
   set generation_run_after = now() + interval '10 minutes', generation_reason = 'claim_too_slow'
 where p.id = $1::uuid and p.generation_status = 'pending')sql";

/// Tells watchers where a row stands; a crash may undo it. $1 id, $2 token, $3 stage, $4 percent.
constexpr std::string_view note_stage = R"sql(
update {table} p
   set generation_stage = $3, generation_progress = $4
 where p.id = $1::uuid and p.generation_token = $2 and p.generation_status = 'processing'
returning set_config('synchronous_commit', 'off', true))sql";

// Rows that are worked on are found by the index …_running, whose word is the priority; no other can serve.

/// The rows of silent workers. $1 our own id, $2 seconds of silence.
constexpr std::string_view lost_ids = R"sql(
select p.id::text
  from {table} p
 where p.generation_status = 'processing' and p.generation_priority > 0
   and p.generation_worker in (select spotter.silent_workers($1, $2))
 limit 1000)sql";

/// Takes rows back from workers that have been silent, or that nobody knows. $1 our own id, $2 seconds of
/// silence, $3 crashes that quarantine a row, $4 one row's id, or null for all of them. Returns id, crashes,
/// status and the silent worker, 0 where the row named none: then a function of the app's own took it, and
/// those have died after 15 minutes.
constexpr std::string_view rescue = R"sql(
with silent as materialized (select spotter.silent_workers($1, $2) as id),
lost as materialized (
      select p.ctid as at, p.generation_worker as worker
        from {table} p
       where p.generation_status = 'processing' and p.generation_priority > 0
         and ($4::uuid is null or p.id = $4::uuid)
         and (p.generation_worker in (select id from silent)
              or (p.generation_worker <> $1
                  and not exists (select from spotter.worker w where w.id = p.generation_worker)
                  and spotter.has_listened($1, $2)
                  and p.generation_started_at < now() - make_interval(secs => $2))
              or (p.generation_worker is null and {open}
                  and p.generation_queued_at < now() - interval '15 minutes'))
         for update skip locked),
freed as (
      update {table} p
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
      returning p.id, p.generation_crashes, p.generation_status, lost.worker)
select id::text, generation_crashes, generation_status, coalesce(worker, 0) from freed)sql";

/// What is leased to us and not in our hands. $1 our id, $2 the tokens we hold, as a JSON array.
constexpr std::string_view orphan_ids = R"sql(
select p.id::text
  from {table} p
 where p.generation_status = 'processing' and p.generation_priority > 0
   and p.generation_worker = $1
   and p.generation_token not in (select value::bigint from jsonb_array_elements_text($2::jsonb))
 limit 1000)sql";

/// Takes that back; of it one row, or, where $3 is null, all.
constexpr std::string_view reclaim_orphans = R"sql(
update {table} p
   set generation_status = 'pending', generation_reason = 'claim_interrupted',
       generation_attempts = greatest(p.generation_attempts - 1, 0),
       generation_stage = null, generation_progress = 0, generation_worker = null, generation_token = null
 where p.generation_status = 'processing' and p.generation_priority > 0
   and p.generation_worker = $1
   and p.generation_token not in (select value::bigint from jsonb_array_elements_text($2::jsonb))
   and ($3::uuid is null or p.id = $3::uuid)
returning p.id::text)sql";

/// Takes the queue's own data out of rows that were finished more than $3 seconds ago, in the $2 pages of the
/// table from page $1 on. Returns how many rows, and whether that was the table's end.
constexpr std::string_view trim = R"sql(
with old as materialized (
      select p.ctid as at
        from {table} p
       where p.ctid >= format('(%s,0)', $1::bigint)::tid and p.ctid < format('(%s,0)', $1::bigint + $2::bigint)::tid
         and p.generation_status in ('completed', 'failed')
         and p.generation_finished_at < now() - make_interval(secs => $3)
         and (p.generation_cache_key, p.generation_worker) is distinct from (null::text, null::bigint)
         for update skip locked),
trimmed as (
      update {table} p
         set generation_cache_key = null, generation_worker = null
        from old
       where p.ctid = old.at
      returning 1)
select (select count(*) from trimmed),
       $1::bigint + $2::bigint >= pg_relation_size('{table}') / current_setting('block_size')::bigint)sql";

db::Statement filled_in(const char* name, std::string_view text, const Table& table) {
    std::string plain(table.name.substr(table.name.find('.') + 1));
    return {fmt::format("{}_{}", name, plain), fmt::format(fmt::runtime(text), fmt::arg("table", table.name),
                                                           fmt::arg("open", table.any_content))};
}

}  // namespace

TableStatements::TableStatements(const Table& table)
    : refuse(filled_in("refuse", queue::refuse, table)),
      set_aside(filled_in("set_aside", queue::set_aside, table)),
      note_stage(filled_in("note_stage", queue::note_stage, table)),
      lost_ids(filled_in("lost_ids", queue::lost_ids, table)),
      rescue(filled_in("rescue", queue::rescue, table)),
      orphan_ids(filled_in("orphan_ids", queue::orphan_ids, table)),
      reclaim_orphans(filled_in("reclaim_orphans", queue::reclaim_orphans, table)),
      trim(filled_in("trim", queue::trim, table)) {}

}  // namespace spotter::queue
