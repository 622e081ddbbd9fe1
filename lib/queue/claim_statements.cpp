#include "queue/statements.hpp"

#include <fmt/format.h>

namespace spotter::queue::statements {
namespace {

// What makes a row ready, and the words by which each partial index is chosen and no other
// (schema/0007_turns.sql).
#define SPOTTER_READY                                                \
    "p.generation_status = 'pending' and not p.generation_waiting\n" \
    "           and (p.program_details = '{}'::jsonb or p.generation_retries > 0)\n"
#define SPOTTER_READY_BY_AGE SPOTTER_READY "           and p.generation_priority > 0\n"
#define SPOTTER_READY_BY_USER SPOTTER_READY "           and p.generation_run_after > '-infinity'\n"

#define SPOTTER_SELECTED                                                                            \
    "p.ctid as at, p.id, p.generation_priority as priority, p.generation_run_after as run_after,\n" \
    "               p.user_id, p.onboarding_data_snapshot as snapshot\n"

#define SPOTTER_DUE                                                                                          \
    "           and p.generation_run_after <= now()\n"                                                       \
    "           and p.generation_run_after > coalesce(now() - make_interval(secs => $2::double precision), " \
    "'-infinity')\n"

// Which rows a claim looks at. Half of them are the most urgent of all: of each priority the oldest, where a
// step of priority is worth so many seconds of waiting. When there are more, the other half is taken by
// turns: from a random user on, each user's most urgent rows, whoever else has how many. Both are probes of
// an index, whose number does not depend on how much is waiting.
const char* const ready_in_turn = R"sql(
with recursive heads as materialized (
      select l.level, head.run_after
        from generate_series(1, 9) l(level)
       cross join lateral (
             select p.generation_run_after as run_after
               from public.training_programs p
              where )sql" SPOTTER_READY_BY_AGE SPOTTER_DUE R"sql(
                and p.generation_priority = l.level
              order by p.generation_run_after
              limit 1) head
       where not exists (select from spotter.pause where kind in ('*', 'training_program'))),
first as materialized (
      select r.*
        from (select h.level from heads h
               order by extract(epoch from h.run_after) + h.level * $3::double precision) levels
       cross join lateral (
             select )sql" SPOTTER_SELECTED R"sql(
               from public.training_programs p
              where )sql" SPOTTER_READY_BY_AGE SPOTTER_DUE R"sql(
                and p.generation_priority = levels.level
              order by p.generation_run_after
              limit ($1::integer + 1) / 2
                for no key update of p skip locked) r
       limit ($1::integer + 1) / 2),
lap(user_id, number, last, start) as (
      select s.start, 0, decode(repeat('ff', 16), 'hex'), s.start
        from (select uuid_send(gen_random_uuid()) as start) s
       where (select count(*) from first) >= ($1::integer + 1) / 2
       union all
      select n.user_id, l.number + 1, n.last, l.start
        from lap l
       cross join lateral (
             (select uuid_send(p.user_id) as user_id, l.last
                from public.training_programs p
               where )sql" SPOTTER_READY_BY_USER SPOTTER_DUE R"sql(
                 and uuid_send(p.user_id) > l.user_id and uuid_send(p.user_id) <= l.last
               order by uuid_send(p.user_id) limit 1)
              union all
             (select uuid_send(p.user_id), l.start
                from public.training_programs p
               where )sql" SPOTTER_READY_BY_USER SPOTTER_DUE R"sql(
                 and uuid_send(p.user_id) <= l.start and l.last <> l.start
               order by uuid_send(p.user_id) limit 1)
              limit 1) n
       where l.number < $1::integer / 2),
turns as materialized (
      select r.*
        from lap l
       cross join lateral (
             select )sql" SPOTTER_SELECTED R"sql(
               from public.training_programs p
              where )sql" SPOTTER_READY_BY_USER SPOTTER_DUE R"sql(
                and uuid_send(p.user_id) = l.user_id
                and p.ctid not in (select f.at from first f)
              order by p.generation_priority, p.generation_run_after
              limit (select ($1::integer / 2 + max(x.number) - 1) / greatest(max(x.number), 1) from lap x)
                for no key update of p skip locked) r
       where l.number > 0),
ready as materialized (
      select * from first union all select * from turns))sql";

const char* const ready_this = R"sql(
with ready as materialized (
      select )sql" SPOTTER_SELECTED R"sql(
        from public.training_programs p
       where )sql" SPOTTER_READY SPOTTER_DUE R"sql(
         and p.id = $9::uuid
         and not exists (select from spotter.pause where kind in ('*', 'training_program'))
       limit $1::integer
         for no key update of p skip locked),
heads as (select null::timestamptz as run_after where false))sql";

// What each row is to be answered with, and by what key that is known.
const char* const claim_look_up = R"sql(,
inputs as materialized (
      select r.*, x.paid,
             spotter.program_input(r.snapshot, f.onboarding_responses, f.name::text, f.age::text,
                                   f.experience_level::text, f.weight_unit::text, x.paid) as input
        from ready r
        left join public.profiles f on f.id = r.user_id
       cross join lateral (
             select coalesce(f.is_premium, false) or coalesce(f.trial_ends_at > now(), false)) as x(paid)),
keyed as materialized (
      select i.*,
             spotter.program_cache_key(i.user_id, i.paid, spotter.program_cache_hash(i.input, $5)) as key
        from inputs i),
looked_up as materialized (
      select k.at, k.id, k.user_id, k.paid, k.priority, k.run_after, k.input, k.key, h.hit,
             c.recommendation, c.summary, c.created_at as cached_at
        from keyed k
        left join )sql";

// Rows are locked and found again by their ctid within one statement, which saves a look-up by id each; a row
// that was changed between the statement's beginning and its lock has another by then, and is left for the
// next look.
//
// A miss whose key is in the air waits for that; of the others one a key may lead. What flights there are is
// locked first, without waiting: a key whose flight somebody else holds is left. A flight is inserted by
// whoever comes first, over all daemons.
//
// Slots go by share: a user's rows under way and the place among their own. Where shares are equal a row's
// age counts from when its user was last served, and a step of priority is worth some seconds of it.
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
             generation_worker = $6, generation_cache_key = l.key
        from looked_up l
       where l.hit and p.ctid = l.at
      returning 1),
missed as materialized (
      select l.at, l.id, l.user_id, l.paid, l.priority, l.run_after, l.input, l.key,
             row_number() over (partition by l.key order by l.priority, l.run_after) as nth_of_key,
             count(*) over (partition by l.key) as of_key
        from looked_up l
       where not l.hit and l.key is not null),
held as materialized (
      select f.key, f.token
        from spotter.flight f
       where f.key in (select m.key from missed m)
       order by f.key
         for no key update skip locked),
leaders as materialized (
      select m.*, row_number() over (partition by m.user_id order by m.priority, m.run_after) as nth_of_user
        from missed m
       where m.nth_of_key = 1
         and not exists (select from spotter.flight f
                          where f.key = m.key and f.key not in (select h.key from held h where h.token is null))),
shares as materialized (
      select l.*, max(r.running) over (partition by l.user_id) + l.nth_of_user as share,
             max(r.served_at) over (partition by l.user_id) as served_at
        from leaders l
        left join lateral (
             select case when $7::bigint is null
                         then (select count(*)
                                 from (select from public.training_programs p
                                        where uuid_send(p.user_id) = uuid_send(l.user_id)
                                          and p.generation_status = 'processing'
                                          and p.generation_run_after > '-infinity'
                                        limit 1000) x)
                         else spotter.running_alone(l.user_id) end as running,
                    (select s.at from spotter.served s where s.user_id = l.user_id) as served_at) r
                on l.nth_of_user = 1),
chosen as materialized (
      select s.at, s.id, s.user_id, s.input, s.key, s.of_key - 1 as others, nextval('spotter.token') as token
        from shares s
       where s.share <= coalesce($7::bigint, s.share)
         and exists (select from public.training_programs v where v.ctid = s.at)
       order by s.share / case when s.paid then $8::double precision else 1 end,
                extract(epoch from greatest(s.run_after, s.served_at)) + s.priority * $3::double precision
       limit $4::integer),
led as (
      insert into spotter.flight as f (key, leader, token, parked)
      select c.key, c.id, c.token, c.others from chosen c order by c.key
          on conflict (key) do update
         set leader = excluded.leader, token = excluded.token, parked = f.parked + excluded.parked
       where f.token is null
      returning f.key, f.token),
misses as (
      update public.training_programs p
         set generation_status = 'processing',
             generation_worker = $6,
             generation_token = c.token,
             generation_attempts = least(p.generation_attempts + 1, 32000),
             generation_started_at = coalesce(p.generation_started_at, now()),
             generation_stage = 'generating', generation_progress = 10,
             generation_reason = null, generation_cache_key = c.key
        from chosen c
       where p.ctid = c.at and c.token in (select token from led)
      returning p.id, p.generation_token, c.input, c.key, p.generation_attempts,
                extract(epoch from now() - p.generation_started_at)::double precision as waited),
served as (
      insert into spotter.served (user_id)
      select distinct c.user_id from chosen c where c.token in (select token from led) order by c.user_id
          on conflict (user_id) do update set at = now()),
joined as (
      update spotter.flight f
         set parked = f.parked + m.of_key
        from held h
        join missed m on m.key = h.key and m.nth_of_key = 1
       where f.key = h.key and h.token is not null
      returning f.key),
parked as (
      update public.training_programs p
         set generation_waiting = true, generation_reason = 'same_in_flight', generation_cache_key = m.key
        from missed m
       where p.ctid = m.at
         and (m.key in (select key from joined)
              or (m.nth_of_key > 1 and m.key in (select key from led)))
      returning 1)
select m.id, m.generation_token, m.input, m.key, m.generation_attempts, m.waited, to_jsonb(now()) #>> '{}',
       0::bigint, 0::bigint, 0::bigint, null
  from misses m
union all
select null, null, null, null, null, null, null,
       (select count(*) from hits), (select count(*) from looked_up), (select count(*) from parked),
       (select extract(epoch from now() - min(run_after))::double precision from heads))sql";

constexpr std::string_view cache_table = "public.ai_coach_cache";

// In the cache's place when that is out of order: a table without rows.
constexpr std::string_view no_cache =
    "(select null::text as cache_key, null::uuid as user_id, null::jsonb as recommendation, null::jsonb as "
    "summary, "
    "null::timestamptz as created_at, null::timestamptz as expires_at where false)";

std::string claim_text(std::string_view rows, std::string_view cache) {
    return fmt::format("{}{}{}{}", rows, claim_look_up, cache, claim_tail);
}

}  // namespace

const db::Statement claim{"claim", claim_text(ready_in_turn, cache_table)};

const db::Statement claim_uncached{"claim_uncached", claim_text(ready_in_turn, no_cache)};

const db::Statement claim_one{"claim_one", claim_text(ready_this, cache_table)};

const db::Statement claim_one_uncached{"claim_one_uncached", claim_text(ready_this, no_cache)};

const db::Statement ready_ids{"ready_ids", std::string(ready_in_turn) + " select id::text from ready"};

const db::Statement refuse{"refuse", R"sql(
update public.training_programs p
   set generation_status = 'failed', generation_error_code = $2, generation_error = $3,
       generation_finished_at = now(), generation_reason = null
 where p.id = $1::uuid and p.generation_status = 'pending')sql"};

}  // namespace spotter::queue::statements
