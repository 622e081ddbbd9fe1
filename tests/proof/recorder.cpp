#include "proof/recorder.hpp"

#include <algorithm>
#include <set>

namespace spotter::proof {
namespace {

// A row is read as JSON where a column may be missing in older versions of the schema.
constexpr const char* recorder_sql = R"sql(
create schema proof;
create sequence proof.place;
create table proof.row_event (
    place bigint primary key default nextval('proof.place'),
    transaction xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp(),
    by text not null default current_setting('application_name'),
    id uuid not null, was text, became text, token bigint, worker bigint,
    attempts integer, crashes integer, calls integer, retries integer, waiting boolean,
    code text, reason text, key text, marker text, content text, answer text, source text);
create table proof.cache_event (
    place bigint primary key default nextval('proof.place'),
    transaction xid8 not null default pg_current_xact_id(),
    key text not null, content text, answer text);
grant usage on schema proof to public;

create function proof.waits(p public.training_programs) returns boolean language sql as $$
    select coalesce((to_jsonb(p) ->> 'generation_waiting')::boolean, false) $$;

create function proof.record_row() returns trigger language plpgsql security definer as $$
begin
    if tg_op = 'DELETE' then
        insert into proof.row_event (id, was, marker)
        values (old.id, old.generation_status, old.onboarding_data_snapshot -> 'equipment' ->> 1);
        return null;
    end if;
    -- A note of the stage is for watchers only.
    if tg_op = 'UPDATE' and
       (new.generation_status, new.generation_token, new.generation_worker, new.generation_attempts,
        new.generation_crashes, new.generation_calls, new.generation_retries, new.generation_reason,
        new.generation_error_code, new.generation_cache_key, new.onboarding_data_snapshot, new.program_details,
        proof.waits(new))
       is not distinct from
       (old.generation_status, old.generation_token, old.generation_worker, old.generation_attempts,
        old.generation_crashes, old.generation_calls, old.generation_retries, old.generation_reason,
        old.generation_error_code, old.generation_cache_key, old.onboarding_data_snapshot, old.program_details,
        proof.waits(old)) then
        return null;
    end if;
    insert into proof.row_event (id, was, became, token, worker, attempts, crashes, calls, retries, waiting, code,
                                 reason, key, marker, content, answer, source)
    values (new.id, case when tg_op = 'UPDATE' then old.generation_status end, new.generation_status,
            new.generation_token, new.generation_worker, new.generation_attempts, new.generation_crashes,
            new.generation_calls, new.generation_retries, proof.waits(new), new.generation_error_code,
            new.generation_reason, md5(new.generation_cache_key),
            new.onboarding_data_snapshot -> 'equipment' ->> 1,
            case when new.program_details <> '{}' then md5(new.program_details::text) end,
            case when new.program_details <> '{}' then new.program_name end,
            new.generation_metadata ->> 'source');
    return null;
end $$;

create function proof.record_cache() returns trigger language plpgsql security definer as $$
begin
    if tg_op = 'DELETE' then
        insert into proof.cache_event (key) values (md5(old.cache_key));
    else
        insert into proof.cache_event (key, content, answer)
        values (md5(new.cache_key), md5(new.recommendation::text), new.summary ->> 'program_name');
    end if;
    return null;
end $$;

create trigger zz_proof after insert or update or delete on public.training_programs
    for each row execute function proof.record_row();
create trigger zz_proof after insert or update or delete on public.ai_coach_cache
    for each row execute function proof.record_cache();
)sql";

constexpr const char* row_events_sql =
    "select place, transaction::text::bigint, extract(epoch from at)::double precision, by, id::text, "
    "coalesce(was, ''), coalesce(became, ''), token, worker, coalesce(attempts, 0), coalesce(crashes, 0), "
    "coalesce(calls, 0), coalesce(retries, 0), coalesce(waiting, false), coalesce(code, ''), "
    "coalesce(reason, ''), coalesce(key, ''), coalesce(marker, ''), coalesce(content, ''), "
    "coalesce(answer, ''), coalesce(source, '') from proof.row_event";

constexpr const char* cache_events_sql =
    "select place, transaction::text::bigint, key, coalesce(content, ''), coalesce(answer, '') "
    "from proof.cache_event";

std::optional<std::int64_t> number(const pqxx::field& field) {
    return field.is_null() ? std::nullopt : std::optional(field.as<std::int64_t>());
}

RowEvent row_event(const pqxx::row& row) {
    RowEvent event;
    event.place = row[0].as<std::int64_t>();
    event.transaction = row[1].as<std::int64_t>();
    event.at = row[2].as<double>();
    event.by = row[3].c_str();
    event.row = row[4].c_str();
    event.was = status_named(row[5].c_str());
    event.is = status_named(row[6].c_str());
    event.token = number(row[7]);
    event.worker = number(row[8]);
    event.attempts = row[9].as<int>();
    event.crashes = row[10].as<int>();
    event.calls = row[11].as<int>();
    event.retries = row[12].as<int>();
    event.waiting = row[13].as<bool>();
    event.code = row[14].c_str();
    event.reason = row[15].c_str();
    event.key = row[16].c_str();
    event.marker = row[17].c_str();
    event.content = row[18].c_str();
    event.answer = row[19].c_str();
    event.source = row[20].c_str();
    return event;
}

CacheEvent cache_event(const pqxx::row& row) {
    return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].c_str(), row[3].c_str(),
            row[4].c_str()};
}

/// Adds what is new and puts it in order. Nothing is deleted before it has been read by a transaction that
/// ended well, and what is read twice because the deletion did not is dropped here.
template <class Event>
void merge(std::vector<Event>& known, std::vector<Event> found) {
    auto earlier = [](const Event& a, const Event& b) { return a.place < b.place; };
    auto same = [](const Event& a, const Event& b) { return a.place == b.place; };
    std::move(found.begin(), found.end(), std::back_inserter(known));
    std::sort(known.begin(), known.end(), earlier);
    known.erase(std::unique(known.begin(), known.end(), same), known.end());
}

template <class Event>
std::vector<Event> read(pqxx::transaction_base& transaction, const char* query,
                        Event (*one)(const pqxx::row&)) {
    std::vector<Event> found;
    for (const auto& row : transaction.exec(query)) found.push_back(one(row));
    return found;
}

template <class Event>
void forget(pqxx::connection& connection, const std::string& table, const std::vector<Event>& events) {
    std::string places;
    for (const Event& event : events) places += (places.empty() ? "{" : ",") + std::to_string(event.place);
    if (places.empty()) return;
    pqxx::nontransaction(connection)
        .exec_params("delete from " + table + " where place = any($1::bigint[])", places + "}");
}

int count(pqxx::connection& connection, const std::string& query) {
    return pqxx::nontransaction(connection).exec(query)[0][0].as<int>();
}

}  // namespace

void install_recorder(pqxx::connection& connection) {
    pqxx::nontransaction(connection).exec(recorder_sql);
}

void collect(pqxx::connection& connection, History& history) {
    std::vector<RowEvent> rows;
    std::vector<CacheEvent> entries;
    {
        // One snapshot, so that no entry is seen without the row that it was committed with.
        pqxx::transaction<pqxx::isolation_level::repeatable_read> transaction(connection);
        rows = read(transaction, row_events_sql, row_event);
        entries = read(transaction, cache_events_sql, cache_event);
        transaction.commit();
    }
    merge(history.rows, rows);
    merge(history.cache, entries);
    forget(connection, "proof.row_event", rows);
    forget(connection, "proof.cache_event", entries);
}

bool has_flights(pqxx::connection& connection) {
    return count(connection, "select count(to_regclass('spotter.flight'))") == 1;
}

int flights_left(pqxx::connection& connection) {
    return has_flights(connection) ? count(connection, "select count(*) from spotter.flight") : 0;
}

}  // namespace spotter::proof
