-- Document 3: exercises, and their cache, which all users share: 24 hours, the 10,000 used last. Run by psql, this file
-- brings back what the document's rollback dropped.

insert into spotter.kind (name, about) values ('exercise', 'an exercise on the words of nature, in Spanish and English')
    on conflict (name) do update set about = excluded.about;

-- What may be asked ---------------------------------------------------------------------------------------------

-- What is wrong with an input, and what to write instead; null where it is right. The limits are those of
-- lib/work/exercise/input.cpp, but that the host of an imageUrl is a name or an IPv4 address. Never raises.
create or replace function spotter.exercise_problem(asked jsonb) returns text[]
    language plpgsql stable parallel safe
    as $$
    declare
        types constant text[] := array['contextual_fill', 'term_matching', 'visual_discrimination',
                                       'visual_identification', 'image_labeling'];
        blanks constant text := E' \t\r\n\x0b\x0c';
        rest   constant text := '[-A-Za-z0-9._~!$&''()*+,;=:@%/?]*';  -- of a URL, behind its first / or ? or #
        topic  text;
        url    text;
    begin
        if jsonb_typeof(asked) is distinct from 'object' then
            return array['the input is no JSON object',
                         'Write one such as {"type": "contextual_fill", "difficulty": 3, "topics": ["colors"]}.'];
        end if;
        if asked - array['type', 'difficulty', 'topics', 'imageUrl', 'context'] <> '{}' then
            return array[format('the input has a member "%s", which is not known', left((
                             select min(m) from jsonb_object_keys(
                                 asked - array['type', 'difficulty', 'topics', 'imageUrl', 'context']) m), 60)),
                         'Take it out; known are type, difficulty, topics, imageUrl, context.'];
        end if;

        if not coalesce(asked ->> 'type' = any (types), false) then
            return array[coalesce('type is ' || left(nullif(asked -> 'type', 'null')::text, 60)
                                  || ', which is not known', 'type is missing'),
                         'Write one of ' || array_to_string(types, ', ') || '.'];
        end if;

        if not coalesce(asked -> 'difficulty' in ('1', '2', '3', '4', '5'), false) then  -- 3.0 is 3
            return array[coalesce('difficulty is ' || left(nullif(asked -> 'difficulty', 'null')::text, 60),
                                  'difficulty is missing'),
                         'Write a whole number from 1 (first words) to 5, without quotation marks.'];
        end if;

        if jsonb_typeof(asked -> 'topics') = 'array' then
            if jsonb_array_length(asked -> 'topics') > 20 then
                return array[format('topics lists %s topics', jsonb_array_length(asked -> 'topics')),
                             'Write 20 at most.'];
            end if;
            for i in 0 .. jsonb_array_length(asked -> 'topics') - 1 loop
                topic := btrim(asked -> 'topics' ->> i, blanks);
                if jsonb_typeof(asked -> 'topics' -> i) <> 'string' then
                    return array[format('topics[%s] is %s, no text', i, left((asked -> 'topics' -> i)::text, 60)),
                                 'Write the name of a topic, such as "colors", or take it out.'];
                elsif topic = '' then
                    return array[format('topics[%s] is blank', i),
                                 'Write the name of a topic, such as "colors", or take it out.'];
                elsif length(topic) > 100 then
                    return array[format('topics[%s] is longer than 100 characters', i), 'Shorten it.'];
                end if;
            end loop;
        elsif jsonb_typeof(asked -> 'topics') <> 'null' then
            return array[format('topics is %s, no array', left((asked -> 'topics')::text, 60)),
                         'Write an array of texts, such as ["colors", "birds"].'];
        end if;

        if jsonb_typeof(asked -> 'imageUrl') <> 'null' then
            url := asked ->> 'imageUrl';
            if jsonb_typeof(asked -> 'imageUrl') <> 'string' or length(url) > 2048 or url ~ '%(?![0-9A-Fa-f]{2})'
               or (url !~ ('^/(?!/)' || rest || '$')
                   and url !~ ('^[Hh][Tt][Tt][Pp][Ss]://[-A-Za-z0-9._~!$&''()*+,;=%]+(:[0-9]*)?([/?]' || rest
                               || ')?(#' || rest || ')?$')) then
                return array['imageUrl is ' || left((asked -> 'imageUrl')::text, 60),
                             'Write an https URL, or a path from the root of your site such as "/images/bird.svg", '
                             'of 2048 bytes at most and without a user name, or leave it out.'];
            end if;
        end if;

        if jsonb_typeof(asked -> 'context') not in ('object', 'null') then
            return array[format('context is %s, no object', left((asked -> 'context')::text, 60)),
                         'Write an object, or leave it out.'];
        end if;
        return null;
    end
    $$;

create or replace function spotter.check_exercise() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        problem constant text[] := spotter.exercise_problem(new.input);
    begin
        if problem is not null then
            raise invalid_parameter_value using message = problem[1], hint = problem[2];
        end if;
        return new;
    end
    $$;

-- What refreshes the cache was asked before.
create or replace trigger spotter_0_request_exercise
    before insert or update of kind, input on public.generation_requests
    for each row when (new.kind = 'exercise' and new.generation_purpose <> 'refresh')
    execute function spotter.check_exercise();

-- The key -------------------------------------------------------------------------------------------------------

create or replace function spotter.exercise_topics(topics jsonb) returns text[]
    language plpgsql stable parallel safe
    as $$
    begin
        if jsonb_typeof(topics) is distinct from 'array' then return '{}'; end if;
        return array(select distinct lower(btrim(topic, E' \t\r\n\x0b\x0c') collate "C")
                       from jsonb_array_elements_text(topics) topic
                      order by 1);
    end
    $$;

-- What is asked for, in the one form that all inputs have which ask for it (lib/work/exercise/input.hpp); null where
-- the input is refused.
create or replace function spotter.exercise_request(asked jsonb) returns jsonb
    language plpgsql stable parallel safe
    as $$
    declare
        -- It may be large, and shapes nothing: each look at what stands beside it would unpack it again.
        bare constant jsonb := case when jsonb_typeof(asked -> 'context') = 'object' then asked - 'context' else asked end;
    begin
        if spotter.exercise_problem(bare) is not null then return null; end if;
        return jsonb_build_object(
            'type', bare -> 'type',
            'difficulty', (bare ->> 'difficulty')::numeric::integer,
            'topics', spotter.exercise_topics(bare -> 'topics'),
            'imageUrl', case when bare ->> 'type' not in ('contextual_fill', 'term_matching')
                             then bare -> 'imageUrl' end);
    end
    $$;

create or replace function spotter.exercise_input(user_id uuid, asked jsonb, asker spotter.asker) returns jsonb
    language plpgsql stable parallel safe
    as $$
    begin
        return coalesce(spotter.exercise_request(asked), asked);
    end
    $$;

-- An input that is refused has a key to itself, so that no entry answers it and it fails alone.
create or replace function spotter.exercise_key(user_id uuid, asked jsonb, asker spotter.asker, versions text)
    returns text
    language plpgsql stable parallel safe
    as $$
    declare
        request constant text := coalesce(spotter.exercise_request(asked), jsonb_build_object('refused', asked))::text;
    begin
        return encode(sha256(convert_to(concat(octet_length(request), ':', request, versions), 'UTF8')), 'hex');
    end
    $$;

-- The cache -----------------------------------------------------------------------------------------------------

-- An app's own table is adopted: what is missing is added, no entry is changed. Whom the app let in by a grant goes on
-- as before; users have no business here, since what one wrote would answer all.
do $$
declare
    was_open boolean := coalesce((select not relrowsecurity from pg_class
                                   where oid = to_regclass('public.exercise_cache')), false);
    let_in   record;
begin
    create table if not exists public.exercise_cache (
        id                 uuid primary key default gen_random_uuid(),
        cache_key          varchar(255) not null,
        exercise_type      varchar(50) not null,
        exercise_data      jsonb not null,
        user_context_hash  varchar(64) not null,
        difficulty         integer not null check (difficulty between 1 and 5),
        topics             text[] default '{}',
        usage_count        integer default 0,
        last_used_at       timestamptz default now(),
        created_at         timestamptz default now(),
        expires_at         timestamptz not null default now() + interval '24 hours',
        generation_cost    numeric(10, 6) default 0.003,  -- in dollars, as document 3 reckons; null: not known
        generation_time_ms integer,
        constraint check_expires_at check (expires_at > created_at)
    );
    alter table public.exercise_cache
        add column if not exists topics             text[] default '{}',
        add column if not exists usage_count        integer default 0,
        add column if not exists last_used_at       timestamptz default now(),
        add column if not exists created_at         timestamptz default now(),
        add column if not exists generation_cost    numeric(10, 6) default 0.003,
        add column if not exists generation_time_ms integer,
        -- What is known of an exercise that came from us: asked, model, metadata; and what it was when it was checked.
        add column if not exists summary            jsonb,
        add column if not exists validated_hash     text;
    alter table public.exercise_cache
        alter column expires_at set default now() + interval '24 hours';
    alter table public.exercise_cache set (
        autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500,
        autovacuum_analyze_scale_factor = 0.1);

    if was_open then
        for let_in in
            select distinct r.rolname as role
              from pg_class c
             cross join aclexplode(c.relacl) a
              join pg_roles r on r.oid = a.grantee
             where c.oid = 'public.exercise_cache'::regclass and a.grantee <> c.relowner
               and r.rolname not in ('anon', 'authenticated', 'service_role', 'spotter_worker')
        loop
            execute format('create policy %I on public.exercise_cache for all to %I using (true) with check (true)',
                           let_in.role || ' goes on', let_in.role);
        end loop;
    end if;
    alter table public.exercise_cache enable row level security;
    drop policy if exists "the service sees every entry" on public.exercise_cache;
    create policy "the service sees every entry" on public.exercise_cache
        for all to service_role using (true) with check (true);
    drop policy if exists "spotter keeps the cache" on public.exercise_cache;
    create policy "spotter keeps the cache" on public.exercise_cache
        for all to spotter_worker using (true) with check (true);
end
$$;

do $$
begin
    alter table public.exercise_cache alter column exercise_data set compression lz4;
exception
    when feature_not_supported then null;  -- a server built without it
end
$$;

-- What an app wrote there itself, under keys of its own, is its own to change.
create or replace trigger spotter_expire_edited before update of exercise_data on public.exercise_cache
    for each row when (new.created_at is not distinct from old.created_at and old.summary is not null
                       and new.exercise_data is distinct from old.exercise_data)
    execute function spotter.expire_edited();

create unique index if not exists idx_exercise_cache_key on public.exercise_cache (cache_key);
create index if not exists idx_exercise_type_difficulty on public.exercise_cache (exercise_type, difficulty);
create index if not exists idx_exercise_expires_at on public.exercise_cache (expires_at);
create index if not exists idx_exercise_last_used on public.exercise_cache (last_used_at, usage_count);
create index if not exists idx_exercise_usage_count on public.exercise_cache (usage_count desc);
create index if not exists idx_exercise_lookup on public.exercise_cache (cache_key, expires_at);
create index if not exists idx_exercise_active on public.exercise_cache (created_at desc, expires_at);
create index if not exists idx_exercise_topics on public.exercise_cache using gin (topics);
create index if not exists idx_exercise_context_hash on public.exercise_cache (user_context_hash);

-- What an app's own migration made of these is replaced: its hit rates were wrong, and its refresh failed.
drop materialized view if exists public.exercise_cache_daily_metrics;
drop view if exists public.exercise_cache_stats, public.exercise_cache_overview, public.expired_exercises;
drop function if exists public.cleanup_expired_exercises(), public.evict_lru_exercises(integer),
    public.get_exercise_cache_stats(), public.get_overall_cache_stats(), public.get_popular_exercises(integer),
    public.get_lru_exercises(integer), public.refresh_exercise_cache_metrics();

-- The daemon's side (0010_kinds.sql) ----------------------------------------------------------------------------

-- What is not as it was checked is no entry, whoever wrote it: see spotter.expire_edited() as well.
create or replace function spotter.exercise_entry(user_id uuid, key text)
    returns table (content jsonb, columns jsonb, metadata jsonb, model text, is_stale boolean)
    language sql stable
    as $$
        select c.exercise_data, '{}'::jsonb, coalesce(c.summary -> 'metadata', '{}'), c.summary ->> 'model', false
          from public.exercise_cache c
         where c.cache_key = key and c.expires_at > now() and c.exercise_data ->> 'type' = c.exercise_type
           and c.validated_hash = spotter.checked_hash(c.exercise_data::text)
         limit 1
    $$;

-- In what surroundings an exercise was first asked for; to find those that are similar.
create or replace function spotter.exercise_context_hash(topics text[], context jsonb) returns text
    language sql stable parallel safe
    as $$
        select encode(sha256(convert_to(jsonb_build_object(
                   'topics', topics, 'context', coalesce(nullif(context, 'null'), '{}'))::text, 'UTF8')), 'hex')
    $$;

-- A key that is written again is a new entry, with a life and a use of its own. So each entry was one miss. Its context
-- stays whose it was: what refreshes it has none.
create or replace function spotter.exercise_cache(entries spotter.cache_entry[]) returns void
    language sql
    as $$
        insert into public.exercise_cache as c
               (cache_key, exercise_type, exercise_data, user_context_hash, difficulty, topics, usage_count,
                last_used_at, created_at, expires_at, generation_cost, generation_time_ms, validated_hash, summary)
        select e.key, r.type, e.content, spotter.exercise_context_hash(r.topics, e.asked -> 'context'),
               r.difficulty, r.topics, 0, now(), now(), now() + make_interval(secs => e.life),
               case when bill.cost < 9999 then bill.cost end,
               case when bill.milliseconds < 2147483647 then bill.milliseconds end,
               spotter.checked_hash(e.content::text),
               jsonb_build_object('asked', asked.request, 'model', e.model, 'metadata', jsonb_build_object(
                   'model', e.model, 'cachedAt', now(),
                   'finalComplexity', e.metadata -> 'finalComplexity',
                   'validationNotes', e.metadata -> 'validationNotes'))
          from unnest(entries) e
         cross join lateral (select spotter.exercise_request(e.asked) as request) asked
         cross join lateral jsonb_to_record(asked.request) as r(type text, difficulty integer, topics text[])
         cross join lateral jsonb_to_record(coalesce(e.metadata, '{}')) as bill(cost numeric, milliseconds bigint)
         where asked.request is not null
         order by e.key
            on conflict (cache_key) do update
           set exercise_type = excluded.exercise_type, exercise_data = excluded.exercise_data,
               difficulty = excluded.difficulty, topics = excluded.topics, usage_count = excluded.usage_count,
               last_used_at = excluded.last_used_at, created_at = excluded.created_at,
               expires_at = excluded.expires_at, generation_cost = excluded.generation_cost,
               generation_time_ms = excluded.generation_time_ms, validated_hash = excluded.validated_hash,
               summary = excluded.summary
    $$;

create or replace function spotter.exercise_used(keys text[], hits bigint[], misses bigint[], last_used timestamptz[])
    returns void
    language sql
    as $$
        update public.exercise_cache c
           set usage_count = least(coalesce(c.usage_count, 0) + used.hits, 2147483647),
               last_used_at = greatest(c.last_used_at, used.last_used)
          from (select locked.at, u.hits, u.last_used
                  from (select u.key, sum(u.hits) as hits, max(u.last_used) as last_used
                          from unnest(keys, hits, last_used) as u(key, hits, last_used)
                         where u.hits > 0
                         group by u.key
                         order by u.key) u
                 cross join lateral (
                       select c.ctid as at
                         from public.exercise_cache c
                        where c.cache_key = u.key
                          for no key update skip locked) locked) used
         where c.ctid = used.at
    $$;

create or replace function spotter.exercise_trim(most_entries bigint, most_bytes bigint, batch integer) returns bigint
    language plpgsql
    as $$
    declare
        deleted bigint;
        excess  bigint;
    begin
        delete from public.exercise_cache c
         where c.ctid = any (array(select x.ctid from public.exercise_cache x
                                    where x.expires_at <= now()
                                    order by x.expires_at limit batch
                                      for update skip locked));
        get diagnostics deleted = row_count;
        -- Who evicts counts alone: two that see the same excess would both delete it.
        if deleted > 0 or not pg_try_advisory_xact_lock(hashtextextended('public.exercise_cache', 0)) then
            return deleted;
        end if;

        select count(*) - most_entries into excess
          from public.exercise_cache c where c.expires_at > now() and most_entries is not null;
        -- What is deleted leaves the relation as large as it was, which thus only says when to look at the entries
        -- themselves: what they hold, and 900 bytes each for the other columns and the indexes, as measured.
        if pg_total_relation_size('public.exercise_cache') > most_bytes then
            select greatest(excess, count(*) filter (where x.with_all_used_later > most_bytes)) into excess
              from (select sum(pg_column_size(c.exercise_data) + coalesce(pg_column_size(c.summary), 0) + 900)
                               over (order by c.last_used_at desc, c.usage_count desc
                                     rows unbounded preceding) as with_all_used_later
                      from public.exercise_cache c) x;
        end if;
        delete from public.exercise_cache c
         where c.ctid = any (array(select x.ctid from public.exercise_cache x
                                    where excess > 0
                                    order by x.last_used_at, x.usage_count limit least(greatest(excess, 0), batch)
                                      for update skip locked));
        get diagnostics deleted = row_count;
        return deleted;
    end
    $$;

-- Entries are nobody's: there is nothing to forget of one user.
create or replace function spotter.exercise_forget(of_user uuid, of_key text) returns bigint
    language sql
    as $$
        with forgotten as (
            delete from public.exercise_cache c
             where of_user is null and (of_key is null or c.cache_key = of_key)
            returning 1)
        select count(*) from forgotten
    $$;

-- Popular is what somebody got in its present life. What an app wrote there itself has a key of the app's own making.
create or replace function spotter.exercise_expiring(within interval, batch integer)
    returns table (user_id uuid, asked jsonb, key text)
    language sql stable
    as $$
        select null::uuid, c.summary -> 'asked', c.cache_key::text
          from public.exercise_cache c
         where c.expires_at > now() and c.expires_at <= now() + within and c.usage_count > 0 and c.summary ? 'asked'
         order by c.usage_count desc, c.cache_key
         limit batch
    $$;

create or replace function spotter.exercise_figures() returns spotter.cache_figures
    language sql stable
    as $$
        select count(*), count(*) filter (where c.expires_at <= now()), pg_total_relation_size('public.exercise_cache'),
               min(c.created_at)
          from public.exercise_cache c
    $$;

-- What document 3 lists -------------------------------------------------------------------------------------------

create function public.cleanup_expired_exercises() returns integer
    language plpgsql
    as $$
    declare
        deleted integer;
    begin
        delete from public.exercise_cache c
         where c.ctid = any (array(select x.ctid from public.exercise_cache x
                                    where x.expires_at <= now() for update skip locked));
        get diagnostics deleted = row_count;
        return deleted;
    end
    $$;

-- Keeps the entries that were used last, and nothing that has expired. Gives how many it deleted.
create function public.evict_lru_exercises(max_entries integer default 10000) returns integer
    language plpgsql
    as $$
    declare
        expired integer;
        evicted integer;
    begin
        if max_entries is null or max_entries < 0 then
            raise invalid_parameter_value using
                message = format('max_entries is %s', coalesce(max_entries::text, 'null')),
                hint = 'Write how many entries to keep, 0 or more.';
        end if;
        perform pg_advisory_xact_lock(hashtextextended('public.exercise_cache', 0));
        expired := public.cleanup_expired_exercises();
        delete from public.exercise_cache c
         where c.ctid = any (array(select x.ctid from public.exercise_cache x
                                    order by x.last_used_at, x.usage_count
                                    limit (select greatest(count(*) - max_entries, 0) from public.exercise_cache
                                            where expires_at > now())
                                      for update skip locked));
        get diagnostics evicted = row_count;
        return expired + evicted;
    end
    $$;

-- A rate in per cent: of those who asked, how many were answered from the cache. Each entry was one miss.
create function public.get_exercise_cache_stats()
    returns table (exercise_type varchar, total_entries bigint, active_entries bigint, expired_entries bigint,
                   total_usage bigint, avg_usage_per_entry numeric, estimated_cost_saved numeric,
                   cache_hit_rate numeric, oldest_entry timestamptz, newest_entry timestamptz)
    language sql stable
    as $$
        select c.exercise_type, count(*), count(*) filter (where c.expires_at > now()),
               count(*) filter (where c.expires_at <= now()), sum(x.hits), round(avg(x.hits), 2),
               coalesce(trim_scale(sum(x.hits * c.generation_cost)), 0),
               round(100.0 * sum(x.hits) / (sum(x.hits) + count(*)), 2), min(c.created_at), max(c.created_at)
          from public.exercise_cache c
         cross join lateral (select greatest(c.usage_count, 0) as hits) x
         group by c.exercise_type
    $$;

create function public.get_overall_cache_stats()
    returns table (total_entries bigint, active_entries bigint, expired_entries bigint, total_usage bigint,
                   cache_hit_rate numeric, total_cost_saved numeric, avg_generation_time_ms numeric,
                   cache_size_mb numeric)
    language sql stable
    as $$
        select count(*), count(*) filter (where c.expires_at > now()), count(*) filter (where c.expires_at <= now()),
               coalesce(sum(x.hits), 0),
               coalesce(round(100.0 * sum(x.hits) / nullif(sum(x.hits) + count(*), 0), 2), 0),
               coalesce(trim_scale(sum(x.hits * c.generation_cost)), 0), round(avg(c.generation_time_ms), 2),
               round(pg_total_relation_size('public.exercise_cache') / 1048576.0, 2)
          from public.exercise_cache c
         cross join lateral (select greatest(c.usage_count, 0) as hits) x
    $$;

create function public.get_popular_exercises(limit_count integer default 10)
    returns table (exercise_type varchar, difficulty integer, usage_count integer, topics text[],
                   created_at timestamptz, last_used_at timestamptz)
    language sql stable
    as $$
        select c.exercise_type, c.difficulty, c.usage_count, c.topics, c.created_at, c.last_used_at
          from public.exercise_cache c
         where c.expires_at > now()
         order by c.usage_count desc, c.last_used_at desc
         limit limit_count
    $$;

create function public.get_lru_exercises(limit_count integer default 10)
    returns table (id uuid, exercise_type varchar, difficulty integer, usage_count integer,
                   last_used_at timestamptz, age_days integer)
    language sql stable
    as $$
        select c.id, c.exercise_type, c.difficulty, c.usage_count, c.last_used_at,
               case when isfinite(c.created_at) then extract(day from now() - c.created_at)::integer end
          from public.exercise_cache c
         where c.expires_at > now()
         order by c.last_used_at, c.usage_count
         limit limit_count
    $$;

-- What could be shown instead of an exercise that is not there yet: first what was asked for about the same topics in
-- the same context, then what shares most of the topics.
create or replace function public.get_similar_exercises(topics text[], context jsonb default null,
                                                        limit_count integer default 5)
    returns table (id uuid, exercise_type varchar, difficulty integer, topics_shared integer, same_context boolean,
                   exercise_data jsonb)
    language sql stable
    as $$
        with wanted as materialized (
              select w.topics, spotter.exercise_context_hash(w.topics, context) as hash
                from (select spotter.exercise_topics(to_jsonb(get_similar_exercises.topics)) as topics offset 0) w)
        select c.id, c.exercise_type, c.difficulty, shared.topics, c.user_context_hash = w.hash, c.exercise_data
          from wanted w
          join public.exercise_cache c on c.user_context_hash = w.hash or c.topics && w.topics
         cross join lateral (
               select count(*)::integer as topics from unnest(c.topics) t where t = any (w.topics)) shared
         where c.expires_at > now()
         order by c.user_context_hash = w.hash desc, shared.topics desc, c.usage_count desc
         limit limit_count
    $$;

create view public.exercise_cache_stats with (security_invoker = true) as
    select * from public.get_exercise_cache_stats();

create view public.exercise_cache_overview with (security_invoker = true) as
    select * from public.get_overall_cache_stats();

create view public.expired_exercises with (security_invoker = true) as
    select c.id, c.exercise_type, c.difficulty, c.topics, c.cache_key, c.created_at, c.expires_at,
           case when isfinite(c.expires_at) then extract(epoch from now() - c.expires_at)::integer end as expired_seconds_ago,
           c.usage_count, c.generation_cost
      from public.exercise_cache c
     where c.expires_at <= now()
     order by c.expires_at;

-- By the day, in UTC, on which an entry was written.
create materialized view public.exercise_cache_daily_metrics as
    select (c.created_at at time zone 'UTC')::date as date, c.exercise_type, c.difficulty,
           count(*) as entries_created, sum(x.hits) as total_accesses,
           round(avg(x.hits), 2) as avg_accesses_per_entry,
           coalesce(trim_scale(sum(c.generation_cost)), 0) as total_cost,
           coalesce(trim_scale(sum(x.hits * c.generation_cost)), 0) as cost_saved,
           round(avg(c.generation_time_ms), 2) as avg_generation_time_ms
      from public.exercise_cache c
     cross join lateral (select greatest(c.usage_count, 0) as hits) x
     group by 1, 2, 3;
-- Without which it could not be refreshed while it is read.
create unique index exercise_cache_daily_metrics_day
    on public.exercise_cache_daily_metrics (date, exercise_type, difficulty);

-- A materialized view is its owner's alone to refresh.
create function public.refresh_exercise_cache_metrics() returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    begin
        refresh materialized view concurrently public.exercise_cache_daily_metrics;
    end
    $$;

create or replace function spotter.exercise_report() returns void
    language sql
    as 'select public.refresh_exercise_cache_metrics()';

-- Who may do what -----------------------------------------------------------------------------------------------

revoke all on public.exercise_cache, public.exercise_cache_stats, public.exercise_cache_overview,
    public.expired_exercises, public.exercise_cache_daily_metrics from public, anon, authenticated;
grant select, insert, update, delete on public.exercise_cache to service_role, spotter_worker;
grant select on public.exercise_cache_stats, public.exercise_cache_overview, public.expired_exercises,
    public.exercise_cache_daily_metrics to service_role, spotter_worker;

revoke all on function public.cleanup_expired_exercises, public.evict_lru_exercises, public.get_exercise_cache_stats,
    public.get_overall_cache_stats, public.get_popular_exercises, public.get_lru_exercises,
    public.get_similar_exercises, public.refresh_exercise_cache_metrics from public, anon, authenticated;
grant execute on function public.cleanup_expired_exercises, public.evict_lru_exercises, public.get_exercise_cache_stats,
    public.get_overall_cache_stats, public.get_popular_exercises, public.get_lru_exercises,
    public.get_similar_exercises, public.refresh_exercise_cache_metrics to service_role, spotter_worker;
