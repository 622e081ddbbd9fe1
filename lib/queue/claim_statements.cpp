#include "queue/claim_statements.hpp"

#include <fmt/format.h>

namespace spotter::queue {
namespace {

// Which rows a claim looks at. Some are the most urgent of all: of each priority the oldest, where a step of
// priority is worth so many seconds of waiting. When there are more, the others are taken by turns: from a
// random user on, each user's most urgent rows, whoever else has how many. Both are probes of an index, whose
// number does not depend on how much is waiting.
//
// A partial index is chosen by the words that it has and no other ({by_age}, {by_user}):
// schema/0007_turns.sql.
constexpr std::string_view ready_in_turn = R"sql(
with recursive heads as materialized (
      select l.level, head.run_after
        from generate_series(1, 9) l(level)
       cross join lateral (
             select p.generation_run_after as run_after
               from {table} p
              where {by_age} and {due}
                and p.generation_priority = l.level
              order by p.generation_run_after
              limit 1) head
       where not exists (select from spotter.pause where kind in ('*', '{kind}'))),
first as materialized (
      select r.*
        from (select h.level from heads h
               order by extract(epoch from h.run_after) + h.level * $3::double precision) levels
       cross join lateral (
             select {selected}
               from {table} p
              where {by_age} and {due}
                and p.generation_priority = levels.level
              order by p.generation_run_after
              limit $1::integer - $4::integer
                for no key update of p skip locked) r
       limit $1::integer - $4::integer),
lap(user_id, number, last, start) as (
      select s.start, 0, decode(repeat('ff', 16), 'hex'), s.start
        from (select uuid_send(gen_random_uuid()) as start) s
       where (select count(*) from first) >= $1::integer - $4::integer
       union all
      select n.user_id, l.number + 1, n.last, l.start
        from lap l
       cross join lateral (
             (select {whose} as user_id, l.last
                from {table} p
               where {by_user} and {due}
                 and {whose} > l.user_id and {whose} <= l.last
               order by {whose} limit 1)
              union all
             (select {whose}, l.start
                from {table} p
               where {by_user} and {due}
                 and {whose} <= l.start and l.last <> l.start
               order by {whose} limit 1)
              limit 1) n
       where l.number < $4::integer),
turns as materialized (
      select r.*
        from lap l
       cross join lateral (
             select {selected}
               from {table} p
              where {by_user} and {due}
                and {whose} = l.user_id
                and p.ctid not in (select f.at from first f)
              order by p.generation_priority, p.generation_run_after
              limit (select ($4::integer + max(x.number) - 1) / greatest(max(x.number), 1) from lap x)
                for no key update of p skip locked) r
       where l.number > 0),
ready as materialized (
      select * from first union all select * from turns))sql";

constexpr std::string_view ready_this = R"sql(
with ready as materialized (
      select {selected}
        from {table} p
       where {ready} and {due}
         and p.id = $10::uuid
         and not exists (select from spotter.pause where kind in ('*', '{kind}'))
       limit $1::integer - $4::integer
         for no key update of p skip locked),
heads as (select null::timestamptz as run_after where false))sql";

// Rows are locked and found again by their ctid within one statement, which saves a look-up by id each; a row
// that was changed between the statement's beginning and its lock has another by then, and is left for the
// next look. What is looked up by a key is looked up by a lateral with a limit or a lock, which cannot be
// turned around: planned while profiles, the cache or the flights are few, Postgres would walk all of them
// once a claim, and go on when they are many.
//
// A miss whose key is in the air waits for that; of the others one a key may lead. What flights there are is
// locked first, without waiting: a key whose flight somebody else holds is left. A flight is inserted by
// whoever comes first, over all daemons.
//
// A token is drawn by lot, from 2^53: a sequence would give one a second time after a crash of the server,
// which undoes claims that it had not written to the disk, and with them the sequence's own steps.
//
// A profile is the app's own, of any size, and a user may have many rows that would each read and hash it:
// one that is too large is not read at all.
//
// What a CTE gives is looked up by position or in an array: the planner takes a CTE for one row, and joins
// two of 200 by going through all pairs.
//
// Slots go by share: a user's rows under way and the place among their own. Where shares are equal a row's
// age counts from when its user was last served, and a step of priority is worth some seconds of it.
constexpr std::string_view claim_ready = R"sql(,
keyed as materialized (
      select r.*, a.asker, spotter.{kind}_key(r.user_id, r.asked, a.asker, $6) as key
        from ready r
        left join lateral (select * from public.profiles f where f.id = r.user_id limit 1) f on true
       cross join lateral (
             select row(coalesce(f.is_premium, false) or coalesce(f.trial_ends_at > now(), false), f.name::text,
                        f.age::text, f.experience_level::text, f.weight_unit::text,
                        case when pg_column_size(f.onboarding_responses) > 131072
                             then to_jsonb('more than 128 KB'::text) else f.onboarding_responses end)::spotter.asker)
                    as a(asker)),
looked_up as materialized (
      select k.at, k.id, k.user_id, k.priority, k.run_after, k.asked, k.asker, k.key, c.*
        from keyed k
        left join lateral {entry} c on not k.refresh),
used as (
      insert into spotter.cache_use (kind, key, hits)
      select '{kind}', x.key, count(*) from looked_up x where x.content is not null group by x.key),
refreshed as materialized (
      select spotter.ask_refresh('{kind}', x.user_id, x.asked, x.key)
        from (select distinct on (x.key) * from looked_up x where x.content is not null and x.is_stale) x),
hits as (
      update {table} p
         set generation_status = 'completed', {content},
             generation_metadata = x.metadata || (
                 select jsonb_build_object('source', 'cache', 'attempts', 0, 'calls', 0, 'processingTimestamp', now())),
             generation_error = null, generation_error_code = null, generation_reason = null,
             generation_stage = null, generation_progress = 100,
             generation_started_at = now(), generation_finished_at = now(),
             generation_worker = $7, generation_cache_key = x.key
        from looked_up x
       where x.content is not null and p.ctid = x.at
      returning 1),
missed as materialized (
      select l.at, l.id, l.user_id, l.asked, l.asker, l.priority, l.run_after, l.key,
             row_number() over (partition by l.key order by l.priority, l.run_after) as nth_of_key,
             count(*) over (partition by l.key) as of_key
        from looked_up l
       where l.content is null and l.key is not null),
held as materialized (
      select f.*
        from (select m.key from missed m where m.nth_of_key = 1 order by m.key) m
       cross join lateral (
             select f.ctid as at, f.key, f.token
               from spotter.flight f
              where f.key = m.key
                for no key update skip locked) f),
leaders as materialized (
      select m.*, row_number() over (partition by m.user_id order by m.priority, m.run_after) as nth_of_user,
             dense_rank() over (order by m.user_id) as nth_user
        from missed m
        left join lateral (select true as yes from spotter.flight f where f.key = m.key limit 1) in_the_air on true
       where m.nth_of_key = 1
         and (in_the_air.yes is null or m.key in (select h.key from held h where h.token is null))),
running as materialized (
      select case when $8::bigint is null then spotter.running(u.users, 1000)
                  else spotter.running_alone(u.users) end as of_users
        from (select array(select distinct l.user_id from leaders l order by l.user_id) as users) u),
shares as materialized (
      select l.*, (select r.of_users from running r)[l.nth_user] + l.nth_of_user as share,
             max(s.at) over (partition by l.user_id) as served_at
        from leaders l
        left join lateral (
             select s.at from spotter.served s where s.user_id = l.user_id limit 1) s on l.nth_of_user = 1),
chosen as materialized (
      select s.at, s.id, s.user_id, s.asked, s.asker, s.key, s.of_key - 1 as others, 1 + floor(random() * 9007199254740991)::bigint as token
        from shares s
       where s.share <= coalesce($8::bigint, s.share)
         and exists (select from {table} v where v.ctid = s.at)
       order by s.share / case when (s.asker).paid then $9::double precision else 1 end,
                extract(epoch from greatest(s.run_after, s.served_at)) + s.priority * $3::double precision
       limit $5::integer),
led as (
      insert into spotter.flight as f (key, leader, token, parked)
      select c.key, c.id, c.token, c.others from chosen c order by c.key
          on conflict (key) do update
         set leader = excluded.leader, token = excluded.token, parked = f.parked + excluded.parked
       where f.token is null
      returning f.key, f.token),
misses as (
      update {table} p
         set generation_status = 'processing',
             generation_worker = $7,
             generation_token = c.token,
             generation_attempts = least(p.generation_attempts + 1, 32000),
             generation_started_at = coalesce(p.generation_started_at, now()),
             generation_stage = 'generating', generation_progress = 10,
             generation_reason = null, generation_cache_key = c.key
        from chosen c
       where p.ctid = c.at and c.token = any (array(select token from led))
      returning p.id, p.generation_token, spotter.{kind}_input(c.user_id, c.asked, c.asker), c.key,
                p.generation_attempts, extract(epoch from now() - p.generation_started_at)::double precision as waited),
served as (
      insert into spotter.served (user_id)
      select distinct c.user_id from chosen c
       where c.token = any (array(select token from led)) and c.user_id is not null order by c.user_id
          on conflict (user_id) do update set at = now()),
joined as (
      update spotter.flight f
         set parked = f.parked + m.of_key
        from held h
        join missed m on m.key = h.key and m.nth_of_key = 1
       where f.ctid = h.at and h.token is not null
      returning f.key),
parked as (
      update {table} p
         set generation_waiting = true, generation_reason = 'same_in_flight', generation_cache_key = m.key
        from missed m
       where p.ctid = m.at
         and (m.key in (select key from joined)
              or (m.nth_of_key > 1 and m.key in (select key from led)))
      returning 1)
select m.*, to_jsonb(now()) #>> '{{}}', 0::bigint, 0::bigint, 0::bigint, null, null, null
  from misses m
union all
select null, null, null, null, null, null, null,
       (select count(*) from hits), (select count(*) from looked_up), (select count(*) from parked),
       (select extract(epoch from now() - min(run_after))::double precision from heads),
       set_config('synchronous_commit', 'off', true), (select count(*) from refreshed))sql";

// In the cache's place when that is out of order.
constexpr std::string_view no_entry =
    "(select null::jsonb as content, null::jsonb as columns, null::jsonb as metadata, null::text as model, "
    "false as "
    "is_stale)";

std::string filled_in(std::string_view text, const Table& table, const std::string& kind, Cache cache) {
    std::string ready =
        fmt::format("p.generation_status = 'pending' and not p.generation_waiting and {}", table.open(kind));
    return fmt::format(
        fmt::runtime(text), fmt::arg("table", table.name), fmt::arg("kind", kind), fmt::arg("ready", ready),
        fmt::arg("by_age", ready + " and p.generation_priority > 0"),
        fmt::arg("by_user", ready + " and p.generation_run_after > '-infinity'"),
        // The app itself has its turn as a user has, under an id that nobody has.
        fmt::arg("whose", "uuid_send(coalesce(p.user_id, '00000000-0000-0000-0000-000000000000'))"),
        fmt::arg("due",
                 "p.generation_run_after <= now() and p.generation_run_after > "
                 "coalesce(now() - make_interval(secs => $2::double precision), '-infinity')"),
        fmt::arg("selected",
                 fmt::format("p.ctid as at, p.id, p.generation_priority as priority, "
                             "p.generation_run_after as run_after, p.user_id, {} as asked, {} as refresh",
                             table.asked, table.refresh)),
        fmt::arg("entry", cache == Cache::asked ? fmt::format("spotter.{}_entry(k.user_id, k.key)", kind)
                                                : std::string(no_entry)),
        fmt::arg("content", assignments(table)));
}

}  // namespace

std::string assignments(const Table& table, std::string_view value) {
    std::string list;
    for (const ContentColumn& column : table.content) {
        if (!list.empty()) list += ", ";
        list += fmt::format("{} = ", column.name);
        list += fmt::format(fmt::runtime(value), fmt::arg("value", column.value),
                            fmt::arg("column", column.name));
    }
    return list;
}

std::string claim_text(const Table& table, const std::string& kind, Cache cache) {
    return filled_in(std::string(ready_in_turn) + std::string(claim_ready), table, kind, cache);
}

std::string claim_one_text(const Table& table, const std::string& kind, Cache cache) {
    return filled_in(std::string(ready_this) + std::string(claim_ready), table, kind, cache);
}

std::string probe_cache_text(const std::string& kind) {
    return fmt::format(R"sql(
do $$ begin
    set local lock_timeout = '1ms';
    perform from spotter.{}_entry(null, '');
end $$)sql",
                       kind);
}

std::string ready_ids_text(const Table& table, const std::string& kind) {
    return filled_in(std::string(ready_in_turn) + "\nselect id::text from ready", table, kind, Cache::asked);
}

}  // namespace spotter::queue
