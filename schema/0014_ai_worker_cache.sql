-- The kind sql_query: a question in plain language becomes one SQL query that only reads. Document 5's cache of them,
-- shared by all who ask, one hour; and the database's own schema, as the role sees it that such queries are made for.

insert into spotter.kind (name, about) values ('sql_query', 'an SQL query that answers a question in plain language');

insert into spotter.reason values
    ('cannot_answer', 'The question cannot be answered from the tables that may be read; the error says why.',
     'Ask it differently, or ask something else.'),
    ('schema_unavailable', 'The database''s schema cannot be read as those who ask may see it, or no query be proven.',
     'Nothing: it is tried again. An operator looks at the daemon''s log.');

-- The table -------------------------------------------------------------------------------------------------------

-- Makes the cache where there is none, as the document's worker does at its start. A table that an app has made by the
-- document is kept with its entries. In a function, so that whoever dropped the cache can have it back.
create function spotter.create_ai_worker_cache() returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $create$
    declare
        col text;
    begin
        create table if not exists public.ai_worker_cache (
            cache_key        varchar(64) primary key,
            prompt_text      text         not null,
            model            varchar(100) not null,
            schema_version   varchar(20)  not null,
            generated_sql    text         not null,
            validated        boolean      not null default true,
            tokens_used      integer      not null default 0,
            created_at       timestamptz  not null default now(),
            expires_at       timestamptz  not null,
            last_accessed_at timestamptz  not null default now(),
            hit_count        integer      not null default 0
        );

        -- The document's TIMESTAMP makes the end of an entry depend on the time zone of whoever looks.
        foreach col in array array['created_at', 'expires_at', 'last_accessed_at'] loop
            if exists (select from pg_attribute a
                        where a.attrelid = 'public.ai_worker_cache'::regclass and a.attname = col
                          and a.atttypid = 'timestamp'::regtype) then
                drop view if exists public.ai_worker_cache_stats;
                execute format('alter table public.ai_worker_cache alter column %I type timestamptz', col);
            end if;
        end loop;

        alter table public.ai_worker_cache
            -- Of the SQL that was validated. What somebody has changed since is served to nobody; nor is what another
            -- worker has stored, whose validation is not ours.
            add column if not exists validated_hash text,
            add column if not exists explanation    text,
            add column if not exists asked_version  varchar(20),
            add column if not exists metadata       jsonb   not null default '{}',
            add column if not exists miss_count     integer not null default 0;

        create index if not exists idx_ai_cache_expires on public.ai_worker_cache (expires_at);
        create index if not exists idx_ai_cache_hits on public.ai_worker_cache (hit_count desc);
        create index if not exists idx_ai_cache_schema on public.ai_worker_cache (schema_version);
        create index if not exists idx_ai_cache_lru on public.ai_worker_cache (last_accessed_at);

        drop view if exists public.ai_worker_cache_stats;
        create view public.ai_worker_cache_stats with (security_invoker = true) as
        select count(*) as total_entries,
               count(*) filter (where c.expires_at > now()) as valid_entries,
               count(*) filter (where c.expires_at <= now()) as expired_entries,
               coalesce(sum(greatest(c.hit_count, 0)), 0)::bigint as total_hits,
               coalesce(round(avg(greatest(c.hit_count, 0)), 2), 0) as avg_hits_per_entry,
               least(coalesce(sum(greatest(c.tokens_used, 0)::numeric * greatest(c.hit_count, 0)), 0),
                     9223372036854775807)::bigint as total_tokens_saved,
               coalesce(max(greatest(c.hit_count, 0)), 0) as max_hits,
               min(c.created_at) as oldest_entry,
               max(c.created_at) as newest_entry
          from public.ai_worker_cache c;

        -- Prompts are somebody's, and the entries everybody's: users have no business here, nor has what is made for
        -- them, whatever an app grants on all tables. For anybody else the document's GRANT is enough.
        alter table public.ai_worker_cache enable row level security;
        drop policy if exists "spotter keeps the cache" on public.ai_worker_cache;
        drop policy if exists "the service sees every entry" on public.ai_worker_cache;
        drop policy if exists "who was granted it, users aside" on public.ai_worker_cache;
        create policy "spotter keeps the cache" on public.ai_worker_cache
            for all to spotter_worker using (true) with check (true);
        create policy "the service sees every entry" on public.ai_worker_cache
            for all to service_role using (true) with check (true);
        create policy "who was granted it, users aside" on public.ai_worker_cache
            for all to public
            using (not exists (select from pg_roles r
                                where r.rolname in ('anon', 'authenticated', 'spotter_reader')
                                  and pg_has_role(r.oid, 'usage')));

        revoke all on public.ai_worker_cache, public.ai_worker_cache_stats from public, anon, authenticated;
        grant all on public.ai_worker_cache to service_role;
        grant select, insert, update, delete on public.ai_worker_cache to spotter_worker;
        grant select on public.ai_worker_cache_stats to service_role, spotter_worker;
    end
    $create$;
revoke all on function spotter.create_ai_worker_cache from public;
grant execute on function spotter.create_ai_worker_cache to service_role, spotter_worker;

do $$
begin
    perform spotter.create_ai_worker_cache();
    if (select p.prorettype <> 'integer'::regtype
          from pg_proc p where p.oid = to_regprocedure('public.ai_worker_cleanup_cache()')) then
        drop function public.ai_worker_cleanup_cache();
    end if;
end
$$;

-- Deletes what has expired, and gives how many entries those were. What somebody has locked is left.
create or replace function public.ai_worker_cleanup_cache() returns integer
    language plpgsql
    as $$
    declare
        deleted integer;
    begin
        delete from public.ai_worker_cache c
         where c.ctid = any (array(select e.ctid from public.ai_worker_cache e
                                    where e.expires_at <= now() for update skip locked));
        get diagnostics deleted = row_count;
        return deleted;
    end
    $$;
revoke all on function public.ai_worker_cleanup_cache from public, anon, authenticated;
grant execute on function public.ai_worker_cleanup_cache to service_role, spotter_worker;

-- The kind ----------------------------------------------------------------------------------------------------------

-- SHA-256 of prompt|versions|schema_version; `versions` holds the model, the schema version that is configured and the
-- fingerprint of the schema. Each part comes after its length, so that a | in a prompt is only a character.
create function spotter.sql_query_key(user_id uuid, asked jsonb, asker spotter.asker, versions text) returns text
    language plpgsql stable parallel safe
    as $$
    declare
        prompt  constant text := asked ->> 'prompt';
        version constant text := asked ->> 'schema_version';
    begin
        return encode(sha256(convert_to(concat(
            octet_length(prompt), ':', prompt, '|', octet_length(versions), ':', versions, '|',
            octet_length(version), ':', version), 'UTF8')), 'hex');
    end
    $$;

-- "schema" is the daemon's to add.
create function spotter.sql_query_input(user_id uuid, asked jsonb, asker spotter.asker) returns jsonb
    language plpgsql stable parallel safe
    as $$
    begin
        return case when jsonb_typeof(asked) = 'object' then asked - 'schema' else '{}' end;
    end
    $$;

create function spotter.sql_query_entry(user_id uuid, key text)
    returns table (content jsonb, columns jsonb, metadata jsonb, model text, is_stale boolean)
    language sql stable
    as $$
        select jsonb_build_object('sql', c.generated_sql, 'validated', c.validated, 'explanation', c.explanation,
                                  'schema_version', nullif(c.schema_version, '')),
               '{}'::jsonb, c.metadata, c.model::text, false
          from public.ai_worker_cache c
         where c.cache_key = key and c.expires_at > now() and c.validated
           and c.validated_hash = spotter.checked_hash(concat_ws(E'\n', c.generated_sql, c.explanation))
         limit 1
    $$;

create function spotter.sql_query_cache(entries spotter.cache_entry[]) returns void
    language plpgsql
    as $$
    begin
        insert into public.ai_worker_cache as c
               (cache_key, prompt_text, model, schema_version, asked_version, generated_sql, validated_hash,
                explanation, tokens_used, metadata, created_at, expires_at, last_accessed_at)
        select e.key, e.asked ->> 'prompt', left(e.model, 100), left(coalesce(e.content ->> 'schema_version', ''), 20),
               left(e.asked ->> 'schema_version', 20), e.content ->> 'sql',
               spotter.checked_hash(concat_ws(E'\n', e.content ->> 'sql', e.content ->> 'explanation')),
               e.content ->> 'explanation',
               least(coalesce((e.metadata #>> '{tokens,input}')::numeric, 0)
                     + coalesce((e.metadata #>> '{tokens,output}')::numeric, 0), 2147483647),
               jsonb_build_object('model', e.model, 'cachedAt', now(),
                                  'finalComplexity', e.metadata -> 'finalComplexity', 'tokens', e.metadata -> 'tokens'),
               now(), now() + make_interval(secs => e.life), now()
          from unnest(entries) e
         order by e.key
            on conflict (cache_key) do update
           set prompt_text = excluded.prompt_text, model = excluded.model, schema_version = excluded.schema_version,
               asked_version = excluded.asked_version, generated_sql = excluded.generated_sql,
               validated = true, validated_hash = excluded.validated_hash, explanation = excluded.explanation,
               tokens_used = excluded.tokens_used, metadata = excluded.metadata,
               created_at = excluded.created_at, expires_at = excluded.expires_at,
               last_accessed_at = excluded.last_accessed_at;
    end
    $$;

create function spotter.sql_query_used(keys text[], hits bigint[], misses bigint[], last_used timestamptz[])
    returns void
    language plpgsql
    as $$
    begin
        with used as materialized (
              select locked.at, u.hits, u.misses, u.last_used
                from (select * from unnest(keys, hits, misses, last_used) as u(key, hits, misses, last_used)
                       order by u.key) u
               cross join lateral (
                     select c.ctid as at from public.ai_worker_cache c
                      where c.cache_key = u.key for no key update skip locked) locked)
        update public.ai_worker_cache c
           set hit_count = least(c.hit_count + coalesce(u.hits, 0), 2147483647),
               miss_count = least(c.miss_count + coalesce(u.misses, 0), 2147483647),
               last_accessed_at = greatest(c.last_accessed_at, u.last_used)
          from used u
         where c.ctid = u.at;
    end
    $$;

-- Bytes are those of the rows that are there, without indexes and without the space of deleted rows: a table does not
-- shrink when rows are deleted, and by its size all would be deleted in the end. But they can be no more than its size,
-- and are added up only where that is beyond the limit. One at a time, so that two do not each delete what is too much.
create function spotter.sql_query_trim(most_entries bigint, most_bytes bigint, batch integer) returns bigint
    language plpgsql
    as $$
    declare
        deleted          bigint;
        too_many_entries bigint := 0;
        too_many_bytes   bigint := 0;
    begin
        if not pg_try_advisory_xact_lock(hashtextextended('spotter.sql_query_trim', 0)) then return 0; end if;
        delete from public.ai_worker_cache c
         where c.ctid = any (array(select e.ctid from public.ai_worker_cache e
                                    where e.expires_at <= now()
                                    order by e.expires_at limit batch for update skip locked));
        get diagnostics deleted = row_count;
        if deleted > 0 then return deleted; end if;

        if most_entries is not null then
            too_many_entries := (select count(*) from public.ai_worker_cache) - most_entries;
        end if;
        if pg_table_size('public.ai_worker_cache'::regclass) > most_bytes then
            too_many_bytes := (select sum(pg_column_size(c)) from public.ai_worker_cache c) - most_bytes;
        end if;
        if too_many_entries <= 0 and too_many_bytes <= 0 then return 0; end if;

        delete from public.ai_worker_cache c
         where c.ctid = any (array(
               select o.at
                 from (select l.at, row_number() over older as nth, sum(l.bytes) over older - l.bytes as bytes_before
                         from (select e.ctid as at, pg_column_size(e) as bytes, e.last_accessed_at
                                 from public.ai_worker_cache e
                                order by e.last_accessed_at
                                limit case when too_many_bytes > 0 then batch else least(batch, too_many_entries) end
                                  for update skip locked) l
                       window older as (order by l.last_accessed_at rows unbounded preceding)) o
                where o.nth <= too_many_entries or o.bytes_before < too_many_bytes));
        get diagnostics deleted = row_count;
        return deleted;
    end
    $$;

-- The entries are everybody's: nothing is forgotten for the sake of one user.
create function spotter.sql_query_forget(of_user uuid, of_key text) returns bigint
    language plpgsql
    as $$
    declare
        deleted bigint;
    begin
        if of_user is not null then return 0; end if;
        if of_key is null then
            delete from public.ai_worker_cache;
        else
            delete from public.ai_worker_cache c where c.cache_key = of_key;
        end if;
        get diagnostics deleted = row_count;
        return deleted;
    end
    $$;

-- What was asked of another schema or model has another key when it is asked again. A prompt that is stored encrypted
-- cannot be asked again.
create function spotter.sql_query_expiring(within interval, batch integer)
    returns table (user_id uuid, asked jsonb, key text)
    language sql stable
    as $$
        select null::uuid,
               jsonb_strip_nulls(jsonb_build_object('prompt', c.prompt_text, 'schema_version', c.asked_version)),
               c.cache_key::text
          from public.ai_worker_cache c
         where c.expires_at > now() and c.expires_at <= now() + within
           and c.last_accessed_at > c.created_at  -- used since it was made
           and not starts_with(c.prompt_text, 'sealed:')
         order by c.hit_count desc, c.cache_key
         limit batch
    $$;

create function spotter.sql_query_figures() returns spotter.cache_figures
    language plpgsql stable
    as $$
    declare
        figures spotter.cache_figures;
    begin
        select count(*), count(*) filter (where c.expires_at <= now()),
               coalesce(sum(pg_column_size(c)), 0), min(c.created_at)
          into figures.entries, figures.expired, figures.bytes, figures.oldest
          from public.ai_worker_cache c;
        return figures;
    end
    $$;

-- What may be asked -------------------------------------------------------------------------------------------------

create function spotter.check_sql_query() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    declare
        prompt  constant jsonb := nullif(new.input -> 'prompt', 'null');
        mode    constant jsonb := nullif(new.input -> 'mode', 'null');
        version constant jsonb := nullif(new.input -> 'schema_version', 'null');
        letters constant integer := length(btrim(prompt #>> '{}', e' \t\r\n\x0b\f'));
        problem text;
        remedy  text;
    begin
        if prompt is null or jsonb_typeof(prompt) <> 'string' or letters = 0 then
            problem := case when prompt is null then 'the input has no prompt'
                            when letters = 0 then 'the prompt is empty'
                            else format('the prompt is to be a text, and is of type %s', jsonb_typeof(prompt)) end;
            remedy := 'Write your question in the input: {"prompt": "How many orders were placed last week?"}.';
        elsif letters > 4000 then
            problem := format('the prompt has %s characters; 4000 are the most', letters);
            remedy := 'Shorten it.';
        elsif mode <> '"sql_only"' then
            problem := 'the mode is unknown';
            remedy := 'Write "sql_only" as the mode, or leave it out.';
        elsif jsonb_typeof(version) <> 'string' or length(version #>> '{}') > 20 then
            problem := 'the schema_version is to be a text of at most 20 characters';
            remedy := 'Write it as "v1", or leave it out.';
        else
            return new;
        end if;
        raise invalid_parameter_value using message = problem, hint = remedy;
    end
    $$;

create trigger spotter_0_request_sql_query before insert or update of kind, input on public.generation_requests
    for each row when (new.kind = 'sql_query' and new.generation_purpose <> 'refresh')
    execute function spotter.check_sql_query();

-- Whose view of the database it is ------------------------------------------------------------------------------------

-- Queries are written for what this role may read, and are planned as this role: it owns nothing, and may nothing but
-- what the app grants it. The daemon can become this role, and has none of its rights while it is itself.
do $$
begin
    if not exists (select from pg_roles where rolname = 'spotter_reader') then
        begin
            create role spotter_reader nologin noinherit;
        exception
            when duplicate_object or unique_violation then null;  -- another database's migration was quicker
        end;
    end if;
    if not exists (select from pg_auth_members m
                    where m.roleid = 'spotter_reader'::regrole and m.member = 'spotter_worker'::regrole) then
        if current_setting('server_version_num')::integer >= 160000 then
            execute 'grant spotter_reader to spotter_worker with inherit false, set true';
        else
            if (select r.rolinherit from pg_roles r where r.rolname = 'spotter_worker') then
                alter role spotter_worker noinherit;
            end if;
            grant spotter_reader to spotter_worker;
        end if;
    end if;
exception
    when insufficient_privilege then
        raise warning 'SQL for questions cannot be generated yet: % may not make or grant the role spotter_reader',
                      current_user
            using hint = 'Let an administrator run: create role spotter_reader nologin noinherit; '
                         'grant spotter_reader to spotter_worker;';
    when unique_violation then null;
    when others then
        if sqlerrm not like '%concurrently updated%' then raise; end if;
end
$$;

-- What ALTER ROLE or ALTER DATABASE has set for sessions of `role` here; of anybody's, where that is null.
create function spotter.kept_setting(role name, setting text) returns text
    language sql stable
    as $$
        select substr(kept.line, length(setting) + 2)
          from pg_db_role_setting s
         cross join unnest(s.setconfig) as kept(line)
         where s.setrole in (0, (select r.oid from pg_roles r where r.rolname = role))
           and s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
           and starts_with(kept.line, setting || '=')
         order by s.setrole <> 0 desc, s.setdatabase <> 0 desc
         limit 1
    $$;

-- What `role` may read, as JSON (see docs/sql-queries.md), and a hash of all of it but the estimates of rows. Whoever
-- calls it must be able to become `role`: all is seen with that role's eyes, and along the search_path that is set for
-- it. Neither the system's catalogues nor what extensions brought, and nothing of ours.
create function spotter.visible_schema(role name, out schema jsonb, out fingerprint text)
    language plpgsql
    as $$
    declare
        own_role constant text := current_setting('role');
        own_path constant text := current_setting('search_path');
    begin
        perform set_config('search_path', coalesce(spotter.kept_setting(role, 'search_path'), '"$user", public'), true),
                set_config('role', role, true);
        with visible as materialized (
              select n.nspname as namespace, c.relname as name,
                     case when c.relkind = 'v' then -1 else c.reltuples end as rows,
                     jsonb_build_object(
                         'schema', n.nspname, 'name', c.relname, 'comment', d.description,
                         'kind', case c.relkind when 'r' then 'table' when 'p' then 'partitioned_table'
                                                when 'v' then 'view' when 'm' then 'materialized_view'
                                                else 'foreign_table' end,
                         'columns', columns.list, 'primary_key', coalesce(keys.primary_key, '[]'),
                         'foreign_keys', coalesce(keys.foreign_keys, '[]'))
                     || case when columns.partial then '{"partial": true}' else '{}' end::jsonb as structure
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
               cross join lateral (
                     select count(*) as number from pg_attribute a
                      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) c_all
               cross join lateral (
                     select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                                'nullable', not (a.attnotnull or t.typnotnull), 'comment', ad.description,
                                'labels', case when t.typtype in ('e', 'd') then (
                                    select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e
                                     where e.enumtypid in (t.oid, t.typbasetype)) end)) order by a.attnum) as list,
                            array_agg(a.attnum) as numbers,
                            count(*) < c_all.number as partial
                       from pg_attribute a
                       join pg_type t on t.oid = a.atttypid
                       left join pg_description ad
                              on ad.objoid = c.oid and ad.classoid = 'pg_class'::regclass and ad.objsubid = a.attnum
                      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                        and has_column_privilege(c.oid, a.attnum, 'select')) columns
               cross join lateral (
                     select (jsonb_agg(own.names) filter (where k.contype = 'p')) -> 0 as primary_key,
                            jsonb_agg(jsonb_build_object('columns', own.names, 'schema', fn.nspname,
                                                         'table', f.relname, 'references', other.names)
                                      order by k.conkey, k.conname) filter (where k.contype = 'f') as foreign_keys
                       from pg_constraint k
                       left join pg_class f on f.oid = k.confrelid
                       left join pg_namespace fn on fn.oid = f.relnamespace
                      cross join lateral (
                            select jsonb_agg(a.attname order by u.place) as names
                              from unnest(k.conkey) with ordinality as u(number, place)
                              join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) own
                      cross join lateral (
                            select jsonb_agg(a.attname order by u.place) as names,
                                   bool_and(has_schema_privilege(fn.oid, 'usage')
                                            and has_column_privilege(f.oid, a.attnum, 'select')) as visible
                              from unnest(k.confkey) with ordinality as u(number, place)
                              join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number) other
                      where k.conrelid = c.oid and k.conparentid = 0 and k.conkey <@ columns.numbers
                        and (k.contype = 'p' or (k.contype = 'f' and other.visible))) keys
               where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
                 and n.nspname not in ('information_schema', 'spotter') and n.nspname !~ '^pg_'
                 and has_schema_privilege(n.oid, 'usage') and columns.numbers is not null
                 and not exists (select from pg_depend x
                                  where x.classid = 'pg_class'::regclass and x.objid = c.oid and x.objsubid = 0
                                    and x.deptype = 'e')),
        -- The app's own, that a name without a schema may call: operators, and functions with the name of one
        -- that Postgres has, if only in a later version.
        overloads as materialized (
              select jsonb_agg(own.name order by own.name collate "C") as names
                from (select p.proname::text as name
                        from pg_proc p
                        join pg_namespace n on n.oid = p.pronamespace
                       where n.nspname = any (current_schemas(false)) and n.nspname <> 'pg_catalog'
                         and (p.proname in ('any_value', 'regexp_count', 'regexp_instr', 'regexp_like', 'regexp_substr')
                              or exists (select from pg_proc b
                                          where b.proname = p.proname and b.pronamespace = 'pg_catalog'::regnamespace))
                         and not exists (select from pg_depend x
                                          where x.classid = 'pg_proc'::regclass and x.objid = p.oid and x.deptype = 'e')
                       union
                      select o.oprname::text
                        from pg_operator o
                        join pg_namespace n on n.oid = o.oprnamespace
                       where n.nspname = any (current_schemas(false)) and n.nspname <> 'pg_catalog'
                         and not exists (select from pg_depend x
                                          where x.classid = 'pg_operator'::regclass and x.objid = o.oid
                                            and x.deptype = 'e')) own)
        select jsonb_build_object('search_path', current_schemas(false),
                                  'tables', coalesce(jsonb_agg(v.structure || jsonb_build_object('rows', v.rows)
                                                               order by v.namespace, v.name), '[]'))
               || jsonb_strip_nulls(jsonb_build_object('overloads', (select o.names from overloads o))),
               encode(sha256(convert_to(concat(current_schemas(false), string_agg(
                   v.structure::text, ',' order by v.namespace, v.name), (select o.names from overloads o)), 'UTF8')),
                   'hex')
          into schema, fingerprint
          from visible v;
        perform set_config('role', own_role, true), set_config('search_path', own_path, true);
    end
    $$;

-- Who may do what ---------------------------------------------------------------------------------------------------

do $$
declare
    ours regprocedure;
begin
    for ours in
        select p.oid from pg_proc p
         where p.pronamespace = 'spotter'::regnamespace
           and (p.proname like 'sql\_query\_%' or p.proname in ('visible_schema', 'kept_setting'))
    loop
        execute format('revoke all on function %s from public', ours);
        execute format('grant execute on function %s to spotter_worker, service_role', ours);
    end loop;
end
$$;
