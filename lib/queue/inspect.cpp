#include "queue/inspect.hpp"

namespace spotter::queue {
namespace {

const db::Statement insert_program{"insert_program", R"sql(
insert into public.training_programs (user_id, onboarding_data_snapshot)
values ($1::uuid, $2::jsonb)
returning id::text)sql"};

const db::Statement request_generation{"request_generation", R"sql(
select public.request_generation($1, coalesce($2::jsonb, '{}'), $3, $4::uuid)::text)sql"};

// What the view leaves out is for operators.
const db::Statement standing_statement{"standing", R"sql(
select (jsonb_strip_nulls(to_jsonb(r)) || jsonb_strip_nulls(jsonb_build_object(
           'source', j.generation_metadata -> 'source',
           'model', coalesce(to_jsonb(p.ai_model_version), j.generation_metadata -> 'model'),
           'cost', j.generation_metadata -> 'cost',
           'program_name', p.program_name,
           'paused_by', (select x.by from spotter.pause x
                          where x.since = r.paused_since and x.kind in ('*', r.kind) limit 1),
           'paused_seconds', round(extract(epoch from now() - r.paused_since)::numeric, 1),
           'leads_meaning', (select m.meaning from spotter.reason m where m.code = r.leads_reason),
           'leads_starts_in_seconds', round(extract(epoch from r.leads_run_after - now())::numeric, 1))))::text
  from public.generation_reasons r
  join spotter.job j on j.id = r.id
  left join public.training_programs p on p.id = r.id
 where r.id = $1::uuid)sql"};

const db::Statement retry_statement{"retry", "select spotter.retry($1::uuid)"};
const db::Statement cancel_statement{"cancel", "select spotter.cancel($1::uuid, $2)"};
const db::Statement pause_statement{"pause", "select spotter.pause($1, $2)"};
const db::Statement resume_statement{"resume", "select spotter.resume($1)"};

const std::string pauses_as_json = R"sql(
(select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'kind', x.kind, 'since', x.since,
            'seconds', round(extract(epoch from now() - x.since)::numeric, 1),
            'by', x.by, 'reason', x.reason)) order by x.since), '[]') from spotter.pause x))sql";

const db::Statement pauses_statement{"pauses", "select" + pauses_as_json + "::text"};

const db::Statement overview_statement{"overview", R"sql(
with everything as (
      select j.generation_run_after, j.generation_reason, j.generation_waiting,
             exists (select from spotter.pause x where x.kind in ('*', j.kind)) as is_held
        from spotter.job j
       where j.generation_status = 'pending' and not j.generation_waiting
         and j.is_open and j.generation_priority > 0
       union all
      select j.generation_run_after, j.generation_reason, true, false
        from spotter.job j
       where j.generation_status = 'pending' and j.generation_waiting),
ready_or_not as (select * from everything where not generation_waiting),
put_off as (
      select generation_reason as reason from ready_or_not
       where generation_run_after > now() and generation_reason is not null)
select jsonb_build_object(
           'pending', (select count(*) from everything),
           'waiting', (select count(*) from everything where generation_waiting),
           'ready', (select count(*) from ready_or_not where generation_run_after <= now() and not is_held),
           'held', (select count(*) from ready_or_not where generation_run_after <= now() and is_held),
           'deferred', (select count(*) from ready_or_not where generation_run_after > now()),
           'oldest_ready_seconds', (select coalesce(round(extract(epoch from now() - min(generation_run_after))::numeric, 1), 0)
                                      from ready_or_not where generation_run_after <= now() and not is_held),
           'reasons', (select coalesce(jsonb_object_agg(reason, number), '{}')
                         from (select reason, count(*) as number from put_off group by 1) x),
           'meanings', (select coalesce(jsonb_object_agg(m.code, m.meaning), '{}')
                          from spotter.reason m
                         where m.code in (select reason from put_off)),
           'paused', )sql" + pauses_as_json + R"sql(,
           'processing', (select count(*) from spotter.job j
                           where j.generation_status = 'processing' and j.generation_priority > 0),
           'completed', (select count(*) from spotter.job j
                          where j.generation_status = 'completed'
                            and j.generation_finished_at > now() - interval '24 hours'),
           'failed', (select count(*) from spotter.job j
                       where j.generation_status = 'failed'
                         and j.generation_finished_at > now() - interval '24 hours'),
           'workers', (select coalesce(jsonb_agg(jsonb_build_object(
                              'id', w.id, 'host', w.host, 'pid', w.pid, 'version', w.version, 'slots', w.slots,
                              'silent_seconds', round(extract(epoch from now() - w.beat_at)::numeric, 1)) order by w.id), '[]')
                         from spotter.worker w))::text)sql"};

const db::Statement content_statement{"content", R"sql(
select p.program_details::text from public.training_programs p
 where p.id = $1::uuid and p.generation_status = 'completed'
 union all
select r.result::text from public.generation_requests r
 where r.id = $1::uuid and r.generation_status = 'completed')sql"};

const char* null_if_empty(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

}  // namespace

std::string enqueue(db::Session& session, const Wish& wish) {
    if (wish.kind == "training_program")
        return session.run(insert_program, wish.user, wish.input).front()[0].c_str();
    return session.run(request_generation, wish.kind, wish.input, wish.idempotency_key, wish.user)
        .front()[0]
        .c_str();
}

std::optional<std::string> standing(db::Session& session, const std::string& id) {
    auto rows = session.run(standing_statement, id);
    if (rows.empty()) return std::nullopt;
    return rows.front()[0].c_str();
}

Retried retry(db::Session& session, const std::string& id) {
    std::string did = session.run(retry_statement, id).front()[0].c_str();
    if (did == "queued") return Retried::queued;
    return did == "hurried" ? Retried::hurried : Retried::waiting;
}

void cancel(db::Session& session, const std::string& id, const std::string& why) {
    session.run(cancel_statement, id, null_if_empty(why));
}

bool pause(db::Session& session, const std::string& kind, const std::string& why) {
    return session.run(pause_statement, kind, null_if_empty(why)).front()[0].as<bool>();
}

bool resume(db::Session& session, const std::string& kind) {
    return session.run(resume_statement, kind).front()[0].as<bool>();
}

std::string pauses(db::Session& session) {
    return session.run(pauses_statement).front()[0].c_str();
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
