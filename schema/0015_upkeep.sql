-- Caches are counted, trimmed, refreshed, warmed and invalidated: by whichever daemon comes first, by the functions below
-- from cron, or by hand.

-- Who does a chore is elected anew each time it is due: the first that comes moves it on. There is no leader to lose, and
-- it works through a pooler.
create table spotter.chore (
    name   text primary key,
    due_at timestamptz not null,
    worker bigint
);
grant select, insert, update on spotter.chore to spotter_worker;
grant select on spotter.chore to service_role;

-- Use --------------------------------------------------------------------------------------------------------------

create table spotter.cache_day (
    kind   text   not null,
    day    date   not null,  -- in UTC
    hits   bigint not null default 0,  -- rows answered from the cache
    shared bigint not null default 0,  -- rows answered with another that was in the air
    misses bigint not null default 0,  -- rows that had to be generated
    trimmed     bigint not null default 0,  -- entries deleted because they had expired or were too many
    invalidated bigint not null default 0,  -- entries
    primary key (kind, day)
);
create view spotter.cache_days with (security_invoker = true) as
    select d.day, d.kind, d.hits, d.shared, d.misses,
           round(100.0 * (d.hits + d.shared) / nullif(d.hits + d.shared + d.misses, 0), 1) as hit_rate,
           d.trimmed, d.invalidated
      from spotter.cache_day d;
grant select, insert, update, delete on spotter.cache_day to spotter_worker;
grant select on spotter.cache_day to service_role;
grant select on spotter.cache_days to spotter_worker, service_role;

-- Adds up what has been noted of the caches' use, and gives how many notes that were. An entry's own count takes a row that
-- shared an answer in the air for a hit: it cost no call.
create function spotter.count_cache_use(batch integer default 10000) returns bigint
    language plpgsql
    as $$
    declare
        used    record;
        counted bigint := 0;
    begin
        for used in
            with noted as (
                  delete from spotter.cache_use u
                   where u.ctid = any (array(select x.ctid from spotter.cache_use x limit batch for update skip locked))
                  returning u.*),
            by_key as (
                  select n.kind, (n.at at time zone 'UTC')::date as day, n.key, count(*) as notes, sum(n.hits) as hits,
                         sum(n.shared) as shared, sum(n.misses) as misses, max(n.at) as last_used,
                         sum(n.trimmed) as trimmed, sum(n.invalidated) as invalidated
                    from noted n group by 1, 2, 3)
            select b.kind, b.day, sum(b.notes) as notes, sum(b.hits) as hits, sum(b.shared) as shared, sum(b.misses) as misses,
                   sum(b.trimmed) as trimmed, sum(b.invalidated) as invalidated,
                   array_agg(b.key order by b.key) as keys,
                   array_agg((b.hits + b.shared)::bigint order by b.key) as key_hits,
                   array_agg(b.misses::bigint order by b.key) as key_misses,
                   array_agg(b.last_used order by b.key) as key_last_used
              from by_key b group by b.kind, b.day order by b.kind, b.day
        loop
            counted := counted + used.notes;
            insert into spotter.cache_day as d (kind, day, hits, shared, misses, trimmed, invalidated)
            values (used.kind, used.day, used.hits, used.shared, used.misses, used.trimmed, used.invalidated)
                on conflict (kind, day) do update
               set hits = d.hits + excluded.hits, shared = d.shared + excluded.shared, misses = d.misses + excluded.misses,
                   trimmed = d.trimmed + excluded.trimmed, invalidated = d.invalidated + excluded.invalidated;
            begin
                execute format('select spotter.%I($1, $2, $3, $4)', used.kind || '_used')
                  using used.keys, used.key_hits, used.key_misses, used.key_last_used;
            exception
                when undefined_table or undefined_function then null;  -- its cache was dropped, as its document says
                when others then raise warning 'the use of % entries of kind % was not noted: %',
                                               cardinality(used.keys), used.kind, sqlerrm;
            end;
        end loop;
        return counted;
    end
    $$;

-- Whether a kind's cache is there; it may have been dropped.
create function spotter.has_cache(kind text) returns boolean
    language plpgsql stable
    as $$
    begin
        execute format('select from spotter.%I(null, '''')', kind || '_entry');
        return true;
    exception
        when undefined_table or undefined_function then return false;
    end
    $$;

-- What the caches hold, and how they served in the last so many days. `megabytes` are those of the entries as they are
-- stored, for exercises those of the table with its indexes. Figures of a cache that was dropped are null.
create function spotter.cache_stats(days integer default 30)
    returns table (kind text, entries bigint, expired bigint, megabytes numeric, oldest timestamptz,
                   hits bigint, shared bigint, misses bigint, hit_rate numeric, trimmed bigint, invalidated bigint)
    language plpgsql stable
    as $$
    declare
        figures spotter.cache_figures;
    begin
        for kind in select k.name from spotter.kind k order by k.name loop
            begin
                execute format('select * from spotter.%I()', kind || '_figures') into figures;
            exception
                when undefined_table or undefined_function then figures := null;
            end;
            entries := figures.entries;
            expired := figures.expired;
            megabytes := round(figures.bytes / 1048576.0, 1);
            oldest := figures.oldest;
            select coalesce(sum(d.hits), 0), coalesce(sum(d.shared), 0), coalesce(sum(d.misses), 0),
                   coalesce(sum(d.trimmed), 0), coalesce(sum(d.invalidated), 0)
              into hits, shared, misses, trimmed, invalidated
              from spotter.cache_day d
             where d.kind = cache_stats.kind and d.day > (now() at time zone 'UTC')::date - days;
            hit_rate := round(100.0 * (hits + shared) / nullif(hits + shared + misses, 0), 1);
            return next;
        end loop;
    end
    $$;

-- Limits -----------------------------------------------------------------------------------------------------------

-- Deletes a batch of a kind's entries that have expired or, the least recently used first, are too many; null is no limit.
-- Gives how many went: call it until that is 0.
create function spotter.trim_cache(kind text, most_entries bigint default null, most_bytes bigint default null,
                                   batch integer default 500) returns bigint
    language plpgsql
    as $$
    declare
        gone bigint;
    begin
        perform spotter.check_kind(kind);
        execute format('select spotter.%I($1, $2, $3)', kind || '_trim') into gone using most_entries, most_bytes, batch;
        if gone > 0 then insert into spotter.cache_use (kind, key, trimmed) values (trim_cache.kind, '', gone); end if;
        return gone;
    exception
        when undefined_table then return 0;
    end
    $$;

-- Brings up to date what is read of the caches and costs too much to be always so.
create function spotter.refresh_reports() returns void
    language plpgsql
    as $$
    declare
        report text;
    begin
        for report in select k.name || '_report' from spotter.kind k order by 1 loop
            if to_regproc('spotter.' || quote_ident(report)) is not null then
                execute format('select spotter.%I()', report);
            end if;
        end loop;
    exception
        when undefined_table or undefined_function then null;
    end
    $$;

-- Rows that nobody reads --------------------------------------------------------------------------------------------

-- Makes popular entries anew that expire soon; gives how many it asked for. Where `versions` are given, which daemons log
-- at their start, entries that were made for others are left to expire.
create function spotter.refresh_ahead(kind text, within interval, batch integer default 20, versions text default null)
    returns bigint
    language plpgsql
    as $$
    declare
        asked_for bigint;
    begin
        perform spotter.check_kind(kind);
        execute format(
            'select count(*) filter (where spotter.ask_refresh($1, e.user_id, e.asked, e.key))
               from (select * from spotter.%I($2, 10 * $3) e
                      where $4 is null or e.key = spotter.%I(e.user_id, e.asked, null, $4)
                      limit $3) e', kind || '_expiring', kind || '_key')
           into asked_for using kind, within, batch, versions;
        return asked_for;
    exception
        when undefined_table then return 0;
    end
    $$;

-- Fills the cache for users, or for inputs: one of each pair may be null ('{}' then, or the app itself). What is there
-- already costs no call.
create function spotter.warm_cache(kind text, users uuid[], inputs jsonb[]) returns bigint
    language plpgsql
    as $$
    declare
        asked_for bigint;
    begin
        perform spotter.check_kind(kind);
        if exists (select from spotter.kind k where k.name = warm_cache.kind and k.users_own)
           and exists (select from unnest(users, inputs) x(user_id, input) where x.user_id is null) then
            raise invalid_parameter_value using
                message = format('an answer of kind %s is cached for its user alone', kind),
                hint = 'Name a user for each.';
        end if;
        insert into public.generation_requests (user_id, kind, input, generation_priority, generation_purpose)
        select x.user_id, warm_cache.kind, coalesce(x.input, '{}'), 9, 'warm' from unnest(users, inputs) x(user_id, input);
        get diagnostics asked_for = row_count;
        return asked_for;
    end
    $$;

-- Deletes a batch of finished rows of which nothing is to be had: those nobody reads, and those that apps asked for longer
-- than `keep` ago; null keeps these. What failed to warm a cache stays for a day, to tell why.
create function spotter.clear_requests(keep interval default null, batch integer default 500) returns bigint
    language plpgsql
    as $$
    declare
        gone bigint;
    begin
        delete from public.generation_requests r
         where r.ctid = any (array(
               select x.ctid from public.generation_requests x
                where x.generation_finished_at < now() - interval '10 minutes' and x.generation_purpose <> 'answer'
                  and (x.generation_purpose <> 'warm' or x.generation_status <> 'failed'
                       or x.generation_finished_at < now() - interval '1 day')
                limit batch for update skip locked));
        get diagnostics gone = row_count;
        if keep is null or gone >= batch then return gone; end if;
        delete from public.generation_requests r
         where r.ctid = any (array(
               select x.ctid from public.generation_requests x
                where x.generation_finished_at < now() - keep
                order by x.generation_finished_at limit batch - gone for update skip locked));
        get diagnostics batch = row_count;
        return gone + batch;
    end
    $$;
create index generation_requests_unread on public.generation_requests (generation_finished_at)
    where generation_finished_at is not null and generation_purpose <> 'answer';
create index generation_requests_finished on public.generation_requests (generation_finished_at)
    where generation_finished_at is not null;

-- Invalidation ------------------------------------------------------------------------------------------------------

-- What is known of a user, or by a key, answers nobody any more; null is every user, or every key. An answer that is in the
-- air completes its row, and is not cached. Gives how many entries it was.
create function spotter.invalidate_cache(kind text, of_user uuid default null, of_key text default null) returns bigint
    language plpgsql
    as $$
    declare
        gone   bigint;
        landed text[];
    begin
        perform spotter.check_kind(kind);
        -- First what is in the air, in the order in which a settling locks.
        with in_the_air as materialized (
              select f.key
                from spotter.flight f
                join spotter.job j on j.id = f.leader
               where j.kind = invalidate_cache.kind
                 and (of_user is null or j.user_id = of_user)
                 and (of_key is null or f.key = of_key)
               order by f.key
                 for update of f),
        taken_down as (
              delete from spotter.flight f using in_the_air a where f.key = a.key returning f.key)
        select array_agg(t.key) into landed from taken_down t;
        begin
            execute format('select spotter.%I($1, $2)', kind || '_forget') into gone using of_user, of_key;
        exception
            when undefined_table then gone := 0;
        end;
        if gone > 0 then
            insert into spotter.cache_use (kind, key, invalidated) values (invalidate_cache.kind, '', gone);
        end if;
        delete from spotter.part p
         where p.kind = invalidate_cache.kind
           and (of_user is null or p.user_id = of_user) and (of_key is null or p.cache_key = of_key);
        if landed is not null then perform spotter.free_waiting(landed); end if;
        return gone;
    end
    $$;

-- A program is made from its user's profile. Old entries would not be found again, their key being another; they hold what
-- the user has taken back, and go. Whatever happens here keeps nobody from changing their profile.
create function spotter.profile_changed() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '1s'
    as $$
    begin
        perform spotter.invalidate_cache('training_program', new.id);
        return null;
    exception
        when others then
            raise warning 'old programs of user % stay in the cache until they expire: %', new.id, sqlerrm;
            return null;
    end
    $$;
create trigger spotter_profile_changed
    after update of name, age, experience_level, weight_unit, onboarding_responses on public.profiles
    for each row when ((old.name, old.age, old.experience_level, old.weight_unit, old.onboarding_responses)
                       is distinct from (new.name, new.age, new.experience_level, new.weight_unit, new.onboarding_responses))
    execute function spotter.profile_changed();

-- Training programs -------------------------------------------------------------------------------------------------

create index if not exists ai_coach_cache_programs on public.ai_coach_cache (expires_at)
    where cache_key like 'program:%';

-- The app's table has no counters; spotter.cache_day has the sums.
create function spotter.training_program_used(keys text[], hits bigint[], misses bigint[], last_used timestamptz[])
    returns void language sql as '';

-- Only what begins with 'program:' is ours. A user has few entries, so the oldest go first. How much they take is added up
-- only when the whole table takes more than that.
create function spotter.training_program_trim(most_entries bigint, most_bytes bigint, batch integer) returns bigint
    language plpgsql
    as $$
    declare
        too_many bigint := 0;
        gone     bigint;
        figures  record;
    begin
        -- Who evicts counts alone: two that see the same excess would both delete it.
        if not pg_try_advisory_xact_lock(hashtextextended('public.ai_coach_cache', 0)) then return 0; end if;
        if most_entries is not null or pg_total_relation_size('public.ai_coach_cache') > most_bytes then
            select count(*) as entries, sum(pg_column_size(c.recommendation) + pg_column_size(c.summary)) as bytes
              into figures
              from public.ai_coach_cache c where c.cache_key like 'program:%';
            too_many := greatest(figures.entries - most_entries,
                                 ceil(figures.entries * (1 - most_bytes / nullif(figures.bytes, 0)::numeric)), 0);
        end if;
        delete from public.ai_coach_cache c
         where c.ctid = any (array(
               select x.ctid from public.ai_coach_cache x
                where x.cache_key like 'program:%'
                order by x.expires_at limit least(batch, too_many) for update skip locked))
            or c.ctid = any (array(
               select x.ctid from public.ai_coach_cache x
                where x.cache_key like 'program:%' and x.expires_at < now()
                limit batch for update skip locked));
        get diagnostics gone = row_count;
        return gone;
    end
    $$;

create function spotter.training_program_forget(of_user uuid, of_key text) returns bigint
    language plpgsql
    as $$
    declare
        gone bigint;
    begin
        delete from public.ai_coach_cache c
         where c.cache_key like 'program:%'
           and (of_user is null or c.user_id = of_user)
           and (of_key is null or c.cache_key = of_key);
        get diagnostics gone = row_count;
        return gone;
    end
    $$;

create function spotter.training_program_expiring(within interval, batch integer)
    returns table (user_id uuid, asked jsonb, key text)
    language sql stable as 'select null::uuid, null::jsonb, null::text where false';

create function spotter.training_program_figures() returns spotter.cache_figures
    language sql stable
    as $$
        select count(*), count(*) filter (where c.expires_at <= now()),
               coalesce(sum(pg_column_size(c.recommendation) + pg_column_size(c.summary)), 0)::bigint,
               min(c.created_at)
          from public.ai_coach_cache c where c.cache_key like 'program:%'
    $$;

-- What a daemon has done when it starts: document 5's worker makes its cache where that was dropped.
create function spotter.started() returns void
    language plpgsql
    as $$
    begin
        if to_regclass('public.ai_worker_cache') is null then perform spotter.create_ai_worker_cache(); end if;
    exception
        when others then raise warning 'document 5''s cache is missing and could not be made: %', sqlerrm;
    end
    $$;

-- Who may do what ----------------------------------------------------------------------------------------------------

grant select, insert, update, delete on spotter.flight, spotter.cache_use, spotter.cache_day to service_role;

revoke all on function spotter.count_cache_use, spotter.cache_stats, spotter.trim_cache, spotter.refresh_reports,
    spotter.refresh_ahead, spotter.warm_cache, spotter.clear_requests, spotter.invalidate_cache, spotter.profile_changed,
    spotter.training_program_used, spotter.training_program_trim, spotter.training_program_forget,
    spotter.training_program_expiring, spotter.training_program_figures, spotter.started,
    spotter.has_cache from public;
grant execute on all functions in schema spotter to spotter_worker, service_role;
