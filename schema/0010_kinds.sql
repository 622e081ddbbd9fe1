-- What every kind of content has: a key, an input, a cache. A kind named k brings (in a migration of its own)
--
--   spotter.k_key(user_id, asked, asker, versions)    what its answer is known by, in the cache and in the air
--   spotter.k_input(user_id, asked, asker)            what the daemon makes it from: JSON, all that a prompt may show
--   spotter.k_entry(user_id, key)                     the cache's entry, if there is one that has not expired; with a
--                                                     LIMIT, which is what keeps it a look-up (see below)
--   spotter.k_cache(entries)                          writes entries
--   spotter.k_used(keys, hits, misses, last_used)     adds to what entries say of their use
--   spotter.k_trim(most_entries, most_bytes, batch)   deletes a batch of what has expired or is too much, and counts it
--   spotter.k_forget(of_user, of_key)                 invalidates; null is everybody's, or every key
--   spotter.k_expiring(within, batch)                 popular entries that expire soon: user_id, asked, key
--   spotter.k_figures()                               how full the cache is
--   spotter.k_report()                                optional: brings up to date what its reports read, hourly
--
-- and its line in spotter.kind. `asked` is what its row asks for; `versions` names prompt, rules and models, and the daemon
-- logs them at start. Those about the cache are no views, and name its table in strings alone: whoever drops that table, as
-- its document says, drops it.

-- Who asks, as far as it shapes an answer.
create type spotter.asker as (
    paid             boolean,
    name             text,
    age              text,
    experience_level text,
    weight_unit      text,
    onboarding       jsonb
);

-- What is known of an answer when it is cached. `columns` is what the row's table keeps beside the content, `life` is in
-- seconds.
create type spotter.cache_entry as (
    key      text,
    user_id  uuid,
    asked    jsonb,
    content  jsonb,
    columns  jsonb,
    metadata jsonb,
    model    text,
    life     double precision
);

create type spotter.cache_figures as (
    entries bigint,
    expired bigint,  -- of the entries
    bytes   bigint,
    oldest  timestamptz
);

-- Writes entries to their kind's cache. What goes wrong with a cache is said, and keeps no row from being settled; nor does
-- one entry keep the others out.
create function spotter.try_cache(kind text, entries spotter.cache_entry[]) returns text
    language plpgsql set lock_timeout = '200ms'
    as $$
    declare
        problem text;
    begin
        if entries is null then return null; end if;
        execute format('select spotter.%I($1)', kind || '_cache') using entries;
        return null;
    exception
        when others then
            problem := sqlerrm;
            if cardinality(entries) > 1 and sqlstate not in ('42P01', '55P03') then
                for i in 1 .. cardinality(entries) loop
                    problem := coalesce(spotter.try_cache(kind, array[entries[i]]), problem);
                end loop;
            end if;
            return problem;
    end
    $$;

create function spotter.json_string(value text) returns text
    language sql stable parallel safe
    return coalesce(to_json(value)::text, 'null');

-- Training programs -----------------------------------------------------------------------------------------------

-- All that a program is made from, as canonical JSON text: what the prompt may show, and what the key is the hash of.
-- Onboarding comes in two forms: raw (with experienceLevel and weightUnit, one-repetition maxima in that unit) and stored
-- (both missing, to be had from the profile; maxima in kilograms). Here it takes one. Never raises, whatever the JSON
-- holds. It is put together as text, and maxima are left as they are where they are whole kilograms, because this is most
-- of what a cached row costs.
create function spotter.training_program_text(asked jsonb, asker spotter.asker) returns text
    language plpgsql stable parallel safe
    as $$
    declare
        onboarding jsonb   := case when asked is null or asked in ('{}', 'null') then asker.onboarding else asked end;
        level      text    := asker.experience_level;
        unit       text    := asker.weight_unit;
        pounds     boolean := false;
    begin
        if jsonb_typeof(onboarding) = 'object' then
            if onboarding ?| array['experienceLevel', 'weightUnit'] then
                pounds := coalesce(onboarding ->> 'weightUnit' ~* '^[^a-z]*(lbs?|pounds)[^a-z]*$', false);
                level := coalesce(onboarding ->> 'experienceLevel', level);
                unit := coalesce(onboarding ->> 'weightUnit', unit);
                onboarding := onboarding - array['experienceLevel', 'weightUnit'];
            end if;
            if pounds or translate(concat(onboarding -> 'squat1RMEstimate', onboarding -> 'benchPress1RMEstimate',
                                          onboarding -> 'deadlift1RMEstimate', onboarding -> 'overheadPress1RMEstimate'),
                                   '0123456789', '') <> '' then
                onboarding := onboarding || jsonb_strip_nulls(jsonb_build_object(
                    'squat1RMEstimate', spotter.kilograms(onboarding -> 'squat1RMEstimate', pounds),
                    'benchPress1RMEstimate', spotter.kilograms(onboarding -> 'benchPress1RMEstimate', pounds),
                    'deadlift1RMEstimate', spotter.kilograms(onboarding -> 'deadlift1RMEstimate', pounds),
                    'overheadPress1RMEstimate', spotter.kilograms(onboarding -> 'overheadPress1RMEstimate', pounds)));
            end if;
        end if;
        return concat('{"paid": ', asker.paid::text,
                      ', "profile": {"age": ', spotter.json_string(asker.age),
                      ', "name": ', spotter.json_string(asker.name),
                      ', "weight_unit": ', spotter.json_string(unit),
                      ', "experience_level": ', spotter.json_string(level),
                      '}, "onboarding": ', coalesce(onboarding::text, 'null'), '}');
    end
    $$;

create function spotter.training_program_input(user_id uuid, asked jsonb, asker spotter.asker) returns jsonb
    language sql stable parallel safe
    return spotter.training_program_text(asked, asker)::jsonb;

create function spotter.training_program_key(user_id uuid, asked jsonb, asker spotter.asker, versions text) returns text
    language plpgsql stable parallel safe
    as $$
    begin
        return concat('program:u', user_id, ':paid', asker.paid::text, ':d', encode(sha256(convert_to(
            spotter.training_program_text(asked, asker) || versions, 'UTF8')), 'base64'));
    end
    $$;

-- With the limit it is a subquery that is run once a row, by the index. Without, it would be a join, and a daemon that
-- plans it while the cache is empty would read the whole cache at each claim when it has filled.
create function spotter.training_program_entry(user_id uuid, key text)
    returns table (content jsonb, columns jsonb, metadata jsonb, model text, is_stale boolean)
    language sql stable
    as $$
        select c.recommendation, c.summary, coalesce(c.summary -> 'metadata', '{}'), c.summary ->> 'model', false
          from public.ai_coach_cache c
         where c.cache_key = key and c.user_id = training_program_entry.user_id and c.expires_at > now()
         limit 1
    $$;

create function spotter.training_program_cache(entries spotter.cache_entry[]) returns void
    language plpgsql
    as $$
    begin
        insert into public.ai_coach_cache as c
               (cache_key, user_id, recommendation, hashed_data_input, summary, created_at, expires_at)
        select e.key, e.user_id, e.content, substring(e.key from ':d(.*)$'),
               coalesce(e.columns, '{}') || jsonb_build_object('model', e.model, 'metadata', jsonb_build_object(
                   'model', e.model, 'cachedAt', now(),
                   'finalComplexity', e.metadata -> 'finalComplexity',
                   'validationNotes', e.metadata -> 'validationNotes',
                   'enhancedUserProfile', e.metadata -> 'enhancedUserProfile')),
               now(), now() + make_interval(secs => e.life)
          from unnest(entries) e
         where e.user_id is not null  -- the table has none of the app itself
            on conflict (cache_key) do update
           set recommendation = excluded.recommendation, summary = excluded.summary,
               hashed_data_input = excluded.hashed_data_input,
               created_at = excluded.created_at, expires_at = excluded.expires_at;
    end
    $$;

-- An entry that somebody has changed by hand answers nobody, for it was checked as it was. Whoever writes an answer anew
-- dates it.
create function spotter.expire_edited() returns trigger
    language plpgsql
    as $$
    begin
        new.expires_at := least(new.expires_at, greatest(now(), new.created_at + interval '1 microsecond'));
        return new;
    end
    $$;

create trigger spotter_expire_edited before update of recommendation on public.ai_coach_cache
    for each row when (new.created_at is not distinct from old.created_at and old.cache_key like 'program:%'
                       and new.recommendation is distinct from old.recommendation)
    execute function spotter.expire_edited();

-- Compression ------------------------------------------------------------------------------------------------------

-- An answer is compressed twice, for its row and for the cache, and was half of what settling it cost.
do $$
begin
    alter table public.training_programs alter column program_details set compression lz4;
    alter table public.ai_coach_cache alter column recommendation set compression lz4;
exception
    when feature_not_supported then null;  -- a server built without it
end
$$;

-- Use ----------------------------------------------------------------------------------------------------------------

-- What a cache has of something that was checked before it was written: who changes it by hand does not change this.
create function spotter.checked_hash(content text) returns text
    language sql stable parallel safe
    return encode(sha256(convert_to(content, 'UTF8')), 'hex');

-- How entries are used, as it happens: only ever appended to, so that who answers rows waits for nobody, and added up
-- every few seconds. Unlogged: a crash costs a few seconds of counting.
create unlogged table spotter.cache_use (
    kind   text        not null,
    key    text        not null,
    hits   integer     not null default 0,  -- rows answered from the entry
    shared integer     not null default 0,  -- rows answered with another that was in the air
    misses integer     not null default 0,  -- rows that had to be generated
    trimmed     integer not null default 0, -- entries deleted because they had expired or were too many; key is ''
    invalidated integer not null default 0, -- entries; key is ''
    at     timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
grant select, insert, update, delete on spotter.cache_use to spotter_worker;
