-- Document 4's cache of personality analyses: one a user, fresh for 7 days, and served stale while it is renewed.

insert into spotter.kind (name, about, users_own, most_input)
values ('personality', 'a personality analysis of a user''s posts', true, 5242880);

-- What is an analysis, and when another one says something new ------------------------------------------------------

-- What an app or a hand wrote into the cache need not be one that can be compared.
create function spotter.is_analysis(analysis jsonb) returns boolean
    language sql immutable parallel safe
    return coalesce(jsonb_typeof(analysis -> 'traits') = 'array' and jsonb_typeof(analysis -> 'summary') = 'string',
                    false);

-- Nor one that may be served. This is what those who read it rely on; what a model is asked for has more, and is checked by
-- the daemon.
create function spotter.is_whole_analysis(analysis jsonb) returns boolean
    language sql immutable parallel safe
    return coalesce(
        analysis ->> 'summary' ~ '\S' and jsonb_typeof(analysis -> 'summary') = 'string'
        and jsonb_typeof(analysis -> 'traits') = 'array' and analysis -> 'traits' <> '[]'
        and not analysis @? '$.traits[*] ? (!(@.name.type() == "string") || !(@.score.type() == "number")
                                            || @.score < 1 || @.score > 10)'
        and not analysis @? '$.communicationStyle.* ? (@.type() == "number" && (@ < 0 || @ > 100))', false);

create function spotter.analysis_is_stale(marked boolean, renewed timestamptz, life interval) returns boolean
    language sql stable parallel safe
    return (marked or not isfinite(renewed) or renewed <= now() - least(life, interval '7 days')) is not false;

create function spotter.trait_scores(analysis jsonb) returns table (name text, score numeric)
    language sql immutable parallel safe
    begin atomic
        select lower(t ->> 'name'),
               max(case when jsonb_typeof(t -> 'score') = 'number' then (t -> 'score')::numeric end)
          from jsonb_path_query(analysis, '$.traits[*]') t
         where t ->> 'name' is not null
         group by lower(t ->> 'name');
    end;

-- Whatever is yes or no, and the tone.
create function spotter.analysis_flags(analysis jsonb) returns table (name text, flag jsonb)
    language sql immutable parallel safe
    begin atomic
        select f.key, f.value from jsonb_each(analysis) f
         where jsonb_typeof(f.value) = 'boolean' or f.key = 'emotionalTone';
    end;

-- Whether a new analysis differs enough to be worth a version: a trait moved by 2 of 10 or more, or came or went; a
-- flag did, or turned over. What is no analysis is compared as it stands.
create function spotter.personality_changed(old jsonb, new jsonb) returns boolean
    language sql immutable parallel safe
    return case
        when spotter.is_analysis(old) and spotter.is_analysis(new) then
            exists (select from spotter.trait_scores(old) o
                      full join spotter.trait_scores(new) n on n.name = o.name
                     where o.name is null or n.name is null
                        or (o.score is distinct from n.score and (abs(o.score - n.score) < 2) is not true))
            or exists (select from spotter.analysis_flags(old) o
                         full join spotter.analysis_flags(new) n on n.name = o.name
                        where o.flag is distinct from n.flag)
        else old is distinct from new
    end;

-- The table -----------------------------------------------------------------------------------------------------

create function spotter.check_analysis() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        if jsonb_typeof(new.analysis_data) <> 'object' then
            raise invalid_parameter_value using
                message = format('analysis_data is to be a JSON object, and is of type %s',
                                 jsonb_typeof(new.analysis_data));
        end if;
        if octet_length(new.analysis_data::text) > 5 * 1024 * 1024 then
            raise program_limit_exceeded using
                message = format('the analysis takes %s bytes; 5 MB are the most, 5242880 bytes',
                                 octet_length(new.analysis_data::text));
        end if;
        return new;
    end
    $$;

create function spotter.keep_age() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        new.updated_at := old.updated_at;
        return new;
    end
    $$;

-- Makes the table, or adopts one that an app made by the document; as often as one likes. After the document's DROP
-- TABLE it brings the cache back.
--
-- The document's user_id is text and refers to users(id), which is the app's: there such a reference stays. Where there
-- is none, entries go with their users through `owner`, the same id as a uuid; null where it is no uuid, and then
-- nobody's. What we look up we look up by that, whichever type an app gave its user_id.
create function spotter.personality_table() returns void
    language plpgsql set client_min_messages = warning
    as $body$
    begin
        create table if not exists public.personality_cache (
            id            serial primary key,
            user_id       varchar(255) not null,
            analysis_data jsonb not null,
            created_at    timestamp with time zone default current_timestamp,
            updated_at    timestamp with time zone default current_timestamp,
            version       integer default 1,
            is_stale      boolean default false,
            unique (user_id)
        );
        alter table public.personality_cache
            add column if not exists id           serial,
            add column if not exists created_at   timestamptz default current_timestamp,
            add column if not exists updated_at   timestamptz default current_timestamp,
            add column if not exists version      integer default 1,
            add column if not exists is_stale     boolean default false,
            add column if not exists life         interval,  -- it is stale when older; null, and at most, 7 days
            add column if not exists hits         bigint not null default 0,
            add column if not exists misses       bigint not null default 0,
            add column if not exists last_used_at timestamptz not null default now(),
            add column if not exists validated_hash text,    -- of what we wrote; null where an app wrote it
            add column if not exists owner        uuid generated always as (
                case when user_id::text ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then user_id::text::uuid end
            ) stored;

        create index if not exists idx_personality_cache_user    on public.personality_cache (user_id);
        create index if not exists idx_personality_cache_updated on public.personality_cache (updated_at desc);
        create index if not exists idx_personality_cache_version on public.personality_cache (version);
        create index if not exists idx_personality_cache_stale   on public.personality_cache (is_stale);
        if not exists (
            select from pg_index i
             where i.indrelid = 'public.personality_cache'::regclass and i.indisunique and i.indpred is null
               and i.indnkeyatts = 1
               and i.indkey[0] = (select a.attnum from pg_attribute a
                                   where a.attrelid = i.indrelid and a.attname = 'user_id')) then
            delete from public.personality_cache c  -- of a user's entries the newest is the one
             using public.personality_cache newer
             where newer.user_id = c.user_id
               and (coalesce(newer.updated_at, '-infinity'), newer.ctid)
                   > (coalesce(c.updated_at, '-infinity'), c.ctid);
            alter table public.personality_cache add unique (user_id);
        end if;
        create unique index if not exists personality_cache_owner on public.personality_cache (owner);

        if not exists (select from pg_constraint c
                        where c.conrelid = 'public.personality_cache'::regclass and c.contype = 'f') then
            execute 'alter table public.personality_cache
                         add foreign key (owner) references auth.users (id) on delete cascade'
                    || case when exists (select from public.personality_cache) then ' not valid' else '' end;
        end if;

        create or replace trigger spotter_check before insert or update of analysis_data on public.personality_cache
            for each row execute function spotter.check_analysis();
        -- To count its use renews no entry, whatever an app's triggers make of an update: they go by name, and it is
        -- last.
        create or replace trigger zz_spotter_keep_age
            before update of hits, misses on public.personality_cache
            for each row execute function spotter.keep_age();
        alter table public.personality_cache set (fillfactor = 80);
        begin
            alter table public.personality_cache alter column analysis_data set compression lz4;
        exception
            when feature_not_supported then null;  -- a server built without it
        end;

        -- A user sees their own and may have it renewed or taken away. Nobody sees another's, whatever an app's own
        -- policies allow, and what is served as an analysis was validated before.
        alter table public.personality_cache enable row level security;
        drop policy if exists "owners read their analysis" on public.personality_cache;
        drop policy if exists "owners mark their analysis stale" on public.personality_cache;
        drop policy if exists "owners delete their analysis" on public.personality_cache;
        drop policy if exists "an analysis is its owner's" on public.personality_cache;
        drop policy if exists "the service sees every analysis" on public.personality_cache;
        drop policy if exists "spotter keeps every analysis" on public.personality_cache;
        create policy "owners read their analysis" on public.personality_cache
            for select to authenticated using (owner = auth.uid());
        create policy "owners mark their analysis stale" on public.personality_cache
            for update to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
        create policy "owners delete their analysis" on public.personality_cache
            for delete to authenticated using (owner = auth.uid());
        create policy "an analysis is its owner's" on public.personality_cache as restrictive
            for all to anon, authenticated using (owner = auth.uid()) with check (owner = auth.uid() and is_stale);
        create policy "the service sees every analysis" on public.personality_cache
            for all to service_role using (true) with check (true);
        create policy "spotter keeps every analysis" on public.personality_cache
            for all to spotter_worker using (true) with check (true);

        revoke all on public.personality_cache from public, anon, authenticated;
        grant select, delete, update (is_stale) on public.personality_cache to authenticated;
        grant select, insert, update, delete on public.personality_cache to service_role, spotter_worker;
        if pg_get_serial_sequence('public.personality_cache', 'id') is not null then
            execute format('revoke all on sequence %1$s from public, anon, authenticated;
                            grant usage on sequence %1$s to service_role, spotter_worker',
                           pg_get_serial_sequence('public.personality_cache', 'id'));
        end if;
    end
    $body$;

select spotter.personality_table();

-- The key and the input -------------------------------------------------------------------------------------------

-- The answer is the user's: whoever asks again while there is one, with new posts or old ones, is given that. Who asks
-- without a user is answered by what they ask, and shares no more than what is in the air.
create function spotter.personality_key(user_id uuid, asked jsonb, asker spotter.asker, versions text) returns text
    language plpgsql stable parallel safe
    as $$
    begin
        if user_id is not null then return 'personality:u' || user_id; end if;
        return 'personality:d' || encode(sha256(convert_to(concat(asked, versions), 'UTF8')), 'base64');
    end
    $$;

create function spotter.personality_input(user_id uuid, asked jsonb, asker spotter.asker) returns jsonb
    language sql immutable parallel safe
    return asked;

-- Null for what is no user's key.
create function spotter.personality_user(key text) returns uuid
    language sql immutable parallel safe
    return substring(key from '^personality:u([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$')::uuid;

-- The cache -------------------------------------------------------------------------------------------------------

-- A stale entry is an entry: it answers at once, with its age, and the claim queues a refresh, which asks what the row
-- asked that found it stale; so it is analysed anew from the newest posts that are known. What we wrote and somebody
-- changed by hand answers nobody.
create function spotter.personality_entry(user_id uuid, key text)
    returns table (content jsonb, columns jsonb, metadata jsonb, model text, is_stale boolean)
    language sql stable
    as $$
        select c.analysis_data, null::jsonb,
               jsonb_build_object('model', c.analysis_data -> 'model', 'version', c.version, 'cachedAt', c.updated_at,
                                  'age', case when isfinite(c.updated_at) then greatest(0, round(extract(epoch from now() - c.updated_at))) end,
                                  'isStale', s.is_stale),
               c.analysis_data ->> 'model', s.is_stale
          from public.personality_cache c
         cross join lateral (
               select spotter.analysis_is_stale(c.is_stale, c.updated_at, c.life) as is_stale) s
         where c.owner = personality_entry.user_id and spotter.is_whole_analysis(c.analysis_data)
           and c.validated_hash = spotter.checked_hash(c.analysis_data::text) is not false
         limit 1
    $$;

-- An analysis that says nothing new renews the age of the old one, and no more, unless a hand has changed that.
create function spotter.personality_cache(entries spotter.cache_entry[]) returns void
    language plpgsql
    as $$
    begin
        insert into public.personality_cache as c
               (user_id, analysis_data, validated_hash, life, created_at, updated_at, version, is_stale)
        select e.user_id, e.content, spotter.checked_hash(e.content::text), make_interval(secs => e.life), now(), now(), 1, false
          from unnest(entries) e
         where e.user_id is not null
         order by e.key
            on conflict (user_id) do update
           set (analysis_data, validated_hash, version) = (
                   select case when x.changed then excluded.analysis_data else c.analysis_data end,
                          case when x.changed then excluded.validated_hash else c.validated_hash end,
                          coalesce(c.version, 0) + x.changed::integer
                     from (select spotter.personality_changed(c.analysis_data, excluded.analysis_data)
                                  or not spotter.is_whole_analysis(c.analysis_data)
                                  or c.validated_hash <> spotter.checked_hash(c.analysis_data::text) is true) x(changed)),
               life = excluded.life, updated_at = excluded.updated_at, is_stale = false;
    end
    $$;

-- Saves an analysis that came by another way, and gives its version. Who says which version they read is told when
-- there is another by now: SQLSTATE PT409, which PostgREST answers as 409.
create function spotter.personality_save(of_user uuid, analysis jsonb, read_version integer default null)
    returns integer
    language plpgsql
    as $$
    declare
        present integer;
    begin
        if not spotter.is_whole_analysis(analysis) then
            raise invalid_parameter_value using
                message = 'that is no analysis',
                hint = 'It needs a summary, and traits with a name and a score from 1 to 10; what '
                       'communicationStyle has of numbers goes from 0 to 100.';
        end if;
        select c.version into present from public.personality_cache c where c.owner = of_user for update;
        if read_version is not null and read_version is distinct from present then
            raise sqlstate 'PT409' using
                message = case
                    when present is null then format('there is no analysis, and version %s was read', read_version)
                    else format('the analysis is of version %s, and version %s was read', present, read_version) end,
                hint = 'Read it again.';
        end if;
        perform spotter.personality_cache(array[
            row('personality:u' || of_user, of_user, null, analysis, null, null, null, null)::spotter.cache_entry]);
        return (select c.version from public.personality_cache c where c.owner = of_user);
    end
    $$;

create function spotter.personality_used(keys text[], hits bigint[], misses bigint[], last_used timestamptz[])
    returns void
    language plpgsql
    as $$
    begin
        update public.personality_cache c
           set hits = c.hits + used.hits, misses = c.misses + used.misses,
               last_used_at = greatest(c.last_used_at, used.last_used)
          from (select locked.at, u.hits, u.misses, u.last_used
                  from (select * from unnest(keys, hits, misses, last_used) as u(key, hits, misses, last_used)
                         order by u.key) u
                 cross join lateral (
                       select c.ctid as at from public.personality_cache c
                        where c.owner = spotter.personality_user(u.key)
                          for no key update skip locked) locked) used
         where c.ctid = used.at;
    end
    $$;

-- An entry has had its time when nobody used or renewed it for 90 days. Bytes are those of the analyses as they are
-- stored, which is what a deletion lessens at once: the table's files keep their size. They are added up only when
-- those files are beyond the limit, since the analyses cannot be otherwise; at 10,000 entries a call that looks no
-- further takes a millisecond.
create function spotter.personality_trim(most_entries bigint, most_bytes bigint, batch integer) returns bigint
    language plpgsql
    as $$
    declare
        trimmed bigint;
    begin
        delete from public.personality_cache c
         where c.ctid = any (array(
               select c.ctid from public.personality_cache c
                where c.updated_at < now() - interval '90 days' and c.last_used_at < now() - interval '90 days'
                order by c.updated_at limit batch
                  for update skip locked));
        get diagnostics trimmed = row_count;
        if trimmed > 0
           or ((select count(*) <= most_entries from public.personality_cache) is not false
               and (pg_total_relation_size('public.personality_cache') <= most_bytes) is not false) then
            return trimmed;
        end if;

        delete from public.personality_cache c
         where c.ctid = any (array(
               select c.ctid
                 from (select p.ctid as at, row_number() over latest_first as place,
                              sum(pg_column_size(p.analysis_data)) over latest_first as bytes
                         from public.personality_cache p
                       window latest_first as (order by p.last_used_at desc, p.ctid)) ranked
                 join public.personality_cache c on c.ctid = ranked.at
                where ranked.place > most_entries or ranked.bytes > most_bytes
                order by ranked.place desc limit batch
                  for update of c skip locked));
        get diagnostics trimmed = row_count;
        return trimmed;
    end
    $$;

-- The document's DELETE: what is invalidated is marked, and still answers until it is renewed.
create function spotter.personality_forget(of_user uuid, of_key text) returns bigint
    language plpgsql
    as $$
    declare
        forgotten bigint;
    begin
        update public.personality_cache c
           set is_stale = true
         where c.ctid = any (array(
               select c.ctid from public.personality_cache c
                where c.is_stale is not true
                  and (of_user is null or c.owner = of_user)
                  and (of_key is null or c.owner = spotter.personality_user(of_key))
                order by c.user_id
                  for no key update));
        get diagnostics forgotten = row_count;
        return forgotten;
    end
    $$;

-- An entry is one user's: it is renewed when they ask, and not before.
create function spotter.personality_expiring(within interval, batch integer)
    returns table (user_id uuid, asked jsonb, key text)
    language sql immutable
    as $$ select null::uuid, null::jsonb, null::text where false $$;

-- `expired` are the stale ones.
create function spotter.personality_figures() returns spotter.cache_figures
    language sql stable
    as $$
        select count(*),
               count(*) filter (
                   where spotter.analysis_is_stale(c.is_stale, c.updated_at, c.life)),
               coalesce(sum(pg_column_size(c.analysis_data)), 0)::bigint, min(c.updated_at)
          from public.personality_cache c
    $$;

-- Tuning ----------------------------------------------------------------------------------------------------------

-- What users make of their analysis. It is theirs and no cache: it outlives the entry, and a new analysis is read with
-- it.
create table public.personality_tuning (
    user_id    uuid primary key references auth.users (id) on delete cascade,
    tuning     jsonb not null default '{}',
    updated_at timestamptz not null default now()
);

-- Refuses a member of a tuning that is not an object of numbers within bounds.
create function spotter.check_tuned_figures(tuning jsonb, member text, least_figure integer, most_figure integer,
                                            names text[] default null) returns void
    language plpgsql immutable
    as $$
    declare
        part jsonb := tuning -> member;
        said record;
    begin
        if part is null then return; end if;
        if jsonb_typeof(part) <> 'object' then
            raise invalid_parameter_value using
                message = format('%s is to be an object of numbers, and is of type %s', member, jsonb_typeof(part)),
                hint = format('Write it as {"%s": %s}.', coalesce(names[1], 'a name'), most_figure);
        end if;
        if (select count(*) from jsonb_object_keys(part)) > 100 then
            raise invalid_parameter_value using message = format('%s has more than 100 members', member);
        end if;
        for said in select f.key, f.value from jsonb_each(part) f loop
            if said.key <> all (names) then
                raise invalid_parameter_value using
                    message = format('%s has a member "%s", which is not known', member, left(said.key, 60)),
                    hint = format('There are: %s.', array_to_string(names, ', '));
            end if;
            if length(said.key) not between 1 and 80 then
                raise invalid_parameter_value using
                    message = format('a name in %s has %s characters', member, length(said.key)),
                    hint = 'Names have 1 to 80 characters.';
            end if;
            if jsonb_typeof(said.value) <> 'number'
               or (said.value #>> '{}')::numeric not between least_figure and most_figure then
                raise invalid_parameter_value using
                    message = format('%s of "%s" is %s', member, said.key, left(said.value::text, 60)),
                    hint = format('Write a number from %s to %s.', least_figure, most_figure);
            end if;
        end loop;
    end
    $$;

create function spotter.check_tuning() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        known  constant text[] := array['traitModifiers', 'interestWeights', 'customInterests', 'style'];
        custom jsonb;
        name   text;
    begin
        if jsonb_typeof(new.tuning) <> 'object' then
            raise invalid_parameter_value using
                message = format('a tuning is to be a JSON object, and is of type %s', jsonb_typeof(new.tuning));
        end if;
        select k into name from jsonb_object_keys(new.tuning) k where k <> all (known) limit 1;
        if found then
            raise invalid_parameter_value using
                message = format('a tuning has no member "%s"', left(name, 60)),
                hint = format('There are: %s.', array_to_string(known, ', '));
        end if;
        perform spotter.check_tuned_figures(new.tuning, 'traitModifiers', -2, 2);
        perform spotter.check_tuned_figures(new.tuning, 'interestWeights', 0, 100);
        perform spotter.check_tuned_figures(new.tuning, 'style', 0, 100,
                                            array['formality', 'enthusiasm', 'technicalLevel', 'emojiUsage']);
        custom := new.tuning -> 'customInterests';
        if custom is not null and (
               jsonb_typeof(custom) <> 'array'
               or jsonb_array_length(custom) > 20
               or exists (select from jsonb_array_elements(custom) i
                           where jsonb_typeof(i) <> 'string' or length(trim(i #>> '{}')) not between 1 and 80)) then
            raise invalid_parameter_value using
                message = 'customInterests is no list of interests',
                hint = 'Write at most 20 texts of 1 to 80 characters.';
        end if;
        new.updated_at := now();
        return new;
    end
    $$;

create trigger spotter_check before insert or update on public.personality_tuning
    for each row execute function spotter.check_tuning();

-- An analysis as a tuning has it: scores moved, within 1 to 10; interests by weight, where 50 is the weight of those
-- without, and those of weight 0 left out; the figures of style as they are set. What a tuning says of a trait or an
-- interest that the analysis does not have is left until there is one that has. For previews as well: it writes
-- nothing.
create function public.tune_analysis(analysis jsonb, tuning jsonb) returns jsonb
    language plpgsql stable parallel safe
    as $$
    declare
        tuned     jsonb := analysis;
        modifiers jsonb := tuning -> 'traitModifiers';
        weights   jsonb := tuning -> 'interestWeights';
        custom    jsonb := tuning -> 'customInterests';
    begin
        if tuning is null or tuning = '{}' or jsonb_typeof(analysis) is distinct from 'object' then
            return analysis;
        end if;

        if jsonb_typeof(analysis -> 'traits') = 'array' then
            tuned := tuned || jsonb_build_object('traits', (
                select coalesce(jsonb_agg(case
                           when jsonb_typeof(t -> 'score') = 'number'
                                and jsonb_typeof(modifiers -> (t ->> 'name')) = 'number'
                           then t || jsonb_build_object('score', greatest(1, least(10, round(
                                    (t -> 'score')::numeric + (modifiers -> (t ->> 'name'))::numeric))))
                           else t end order by place), '[]')
                  from jsonb_array_elements(analysis -> 'traits') with ordinality as traits(t, place)));
        end if;

        if weights is not null or custom is not null then
            tuned := tuned || jsonb_build_object('interests', (
                select coalesce(jsonb_agg(i.name order by w.weight desc, i.place), '[]')
                  from (select n #>> '{}' as name, min(place) as place
                          from jsonb_path_query(jsonb_build_array(analysis -> 'interests', custom), '$[*][*]')
                               with ordinality as named(n, place)
                         where jsonb_typeof(n) = 'string' group by 1) i
                 cross join lateral (
                       select case when jsonb_typeof(weights -> i.name) = 'number' then (weights -> i.name)::numeric
                                   else 50 end) as w(weight)
                 where w.weight > 0));
        end if;

        if jsonb_typeof(tuning -> 'style') = 'object' and jsonb_typeof(analysis -> 'communicationStyle') = 'object' then
            tuned := tuned || jsonb_build_object(
                'communicationStyle', (analysis -> 'communicationStyle') || (tuning -> 'style'));
        end if;
        return tuned;
    end
    $$;

-- A user's analysis as it is to be shown, how old it is in seconds, and what it was tuned by.
create function public.tuned_personality(user_id uuid default auth.uid())
    returns table (analysis jsonb, tuning jsonb, version integer, is_stale boolean, age double precision,
                   updated_at timestamptz)
    language sql stable
    as $$
        select public.tune_analysis(c.analysis_data, t.tuning), coalesce(t.tuning, '{}'), c.version,
               (c.is_stale or not isfinite(c.updated_at)
                or c.updated_at <= now() - least(c.life, interval '7 days')) is not false,  -- as spotter.analysis_is_stale
               case when isfinite(c.updated_at) then greatest(0, extract(epoch from now() - c.updated_at)) end::double precision,
               c.updated_at
          from public.personality_cache c
          left join public.personality_tuning t on t.user_id = c.owner
         where c.owner = tuned_personality.user_id
         limit 1
    $$;

-- Tunes, in place of what was tuned before, and gives the analysis as it is now, if there is one. '{}' or null is the
-- analysis as it was made.
create function public.tune_personality(user_id uuid, tuning jsonb) returns jsonb
    language plpgsql
    as $$
    begin
        insert into public.personality_tuning as t (user_id, tuning)
        values (tune_personality.user_id, coalesce(tune_personality.tuning, '{}'))
            on conflict on constraint personality_tuning_pkey do update set tuning = excluded.tuning;
        return (select p.analysis from public.tuned_personality(tune_personality.user_id) p);
    end
    $$;

alter table public.personality_tuning enable row level security;
create policy "owners tune their analysis" on public.personality_tuning
    for all to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
create policy "the service sees every tuning" on public.personality_tuning
    for all to service_role using (true) with check (true);
create policy "spotter sees every tuning" on public.personality_tuning
    for all to spotter_worker using (true) with check (true);
revoke all on public.personality_tuning from anon, authenticated;
grant select, insert, update, delete on public.personality_tuning to authenticated, service_role, spotter_worker;

-- What may be asked -----------------------------------------------------------------------------------------------

-- What is wrong with a post; nulls when it is sound.
create function spotter.check_post(post jsonb, out problem text, out remedy text)
    language plpgsql immutable parallel safe
    as $$
    declare
        stranger text;
        written  text;
    begin
        if jsonb_typeof(post) = 'object' then
            select k into stranger from jsonb_object_keys(post) k where k not in ('text', 'createdAt') limit 1;
            if found then
                problem := format(' has a member "%s", which is not known', left(stranger, 60));
                remedy := 'Leave it out; text and createdAt are what is read.';
                return;
            end if;
            if jsonb_typeof(post -> 'createdAt') <> 'null' then
                written := post ->> 'createdAt';
                if jsonb_typeof(post -> 'createdAt') <> 'string'
                   or written !~ ('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                                  '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)(\.[0-9]*)?)?'
                                  '([Zz]|[+-](0[0-9]|1[0-8])(:?[0-5][0-9])?)?)?$')
                   -- a calendar is the same 400 years on
                   or substr(written, 9, 2)::integer > extract(day from
                          make_date(2000 + substr(written, 1, 4)::integer % 400, substr(written, 6, 2)::integer, 1)
                          + interval '1 month - 1 day') then
                    problem := '.createdAt is no time';
                    remedy := 'Write it like 2026-01-31T10:00:00Z or leave it out.';
                    return;
                end if;
            end if;
            post := post -> 'text';
        end if;
        if jsonb_typeof(post) is distinct from 'string' then
            problem := ' is no text';
            remedy := 'Write each post as a text, or as an object with a text and, if you like, createdAt.';
        end if;
    end
    $$;

-- The limits are those of lib/work/personality/input.cpp. Words are counted there as people count them, in every
-- script; here as many as there can be, so that nothing is refused which the daemon would take.
create function spotter.check_personality() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        posts jsonb := new.input -> 'posts';
        name  text;
        wrong record;
    begin
        select k into name from jsonb_object_keys(new.input) k where k not in ('posts', 'username') limit 1;
        if found then
            raise invalid_parameter_value using
                message = format('input has a member "%s", which is not known', left(name, 60)),
                hint = 'Leave it out; posts and username are what is read.';
        end if;
        if jsonb_typeof(new.input -> 'username') not in ('null', 'string')
           or length(new.input ->> 'username') > 100 then
            raise invalid_parameter_value using
                message = 'username is no text of at most 100 characters',
                hint = 'Correct it or leave it out.';
        end if;
        if coalesce(jsonb_typeof(posts), 'null') = 'null' then
            raise invalid_parameter_value using
                message = 'input has no posts',
                hint = 'Set posts to a list of texts.';
        end if;
        if jsonb_typeof(posts) <> 'array' then
            raise invalid_parameter_value using
                message = format('posts is to be a list, and is of type %s', jsonb_typeof(posts)),
                hint = 'Set posts to a list of texts.';
        end if;
        if jsonb_array_length(posts) not between 1 and 10000 then
            raise invalid_parameter_value using
                message = format('there are %s posts', jsonb_array_length(posts)),
                hint = 'Send 1 to 10000, the newest for instance.';
        end if;
        select p.place - 1 as place, c.problem, c.remedy into wrong
          from jsonb_array_elements(posts) with ordinality as p(post, place)
         cross join lateral spotter.check_post(p.post) c
         where c.problem is not null
         order by p.place limit 1;
        if found then
            raise invalid_parameter_value using
                message = format('posts[%s]%s', wrong.place, wrong.problem), hint = wrong.remedy;
        end if;
        -- A run of Latin letters and digits, or any other character.
        if not exists (
               select from jsonb_array_elements(posts) p
                where regexp_count(left(coalesce(p ->> 'text', p #>> '{}'), 2000),
                                   '[0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]+'
                                   '|[^\u0001-\u007f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]') >= 5) then
            raise invalid_parameter_value using
                message = 'no post has 5 words or more; links, mentions and emoji are no words',
                hint = 'Add longer posts.';
        end if;
        return new;
    end
    $$;

create trigger spotter_0_request_personality before insert or update of kind, input on public.generation_requests
    for each row when (new.kind = 'personality' and new.generation_purpose <> 'refresh')
    execute function spotter.check_personality();

-- Who may call what -----------------------------------------------------------------------------------------------

revoke all on function
    spotter.is_analysis, spotter.trait_scores, spotter.analysis_flags, spotter.personality_changed,
    spotter.check_analysis, spotter.keep_age, spotter.personality_table,
    spotter.personality_key, spotter.personality_input, spotter.personality_user, spotter.personality_entry,
    spotter.personality_cache, spotter.personality_save, spotter.personality_used, spotter.personality_trim,
    spotter.personality_forget, spotter.personality_expiring, spotter.personality_figures,
    spotter.check_tuned_figures, spotter.check_tuning, spotter.check_post, spotter.check_personality,
    public.tune_analysis, public.tuned_personality, public.tune_personality
    from public;
grant execute on function
    spotter.is_analysis, spotter.trait_scores, spotter.analysis_flags, spotter.personality_changed,
    spotter.personality_key, spotter.personality_input, spotter.personality_user, spotter.personality_entry,
    spotter.personality_cache, spotter.personality_save, spotter.personality_used, spotter.personality_trim,
    spotter.personality_forget, spotter.personality_expiring, spotter.personality_figures
    to spotter_worker, service_role;
revoke all on function public.tune_analysis, public.tuned_personality, public.tune_personality from anon;
grant execute on function public.tune_analysis, public.tuned_personality, public.tune_personality
    to authenticated, service_role, spotter_worker;
