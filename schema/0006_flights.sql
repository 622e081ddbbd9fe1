-- Identical work is done once. The first row with a cache key that is claimed leads; rows with the same key wait for
-- it, and are completed in the transaction that completes it.

alter table public.training_programs
    -- Waits for another row with the same cache key, and is not claimed meanwhile.
    add column if not exists generation_waiting boolean not null default false;

-- The licence to write a key's cache entry and to complete those that wait for it. Whoever takes it away (an
-- invalidation deletes it) leaves the leader its own row, and frees those that wait.
create table spotter.flight (
    key        text primary key,
    leader     uuid        not null,            -- the row that is worked on for all
    token      bigint,                          -- its lease; null while the leader is back in the queue
    parked     integer     not null default 0,  -- rows that were told to wait; those that went since are counted
    started_at timestamptz not null default now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

grant select, insert, update, delete on spotter.flight to spotter_worker;

create index training_programs_waiting on public.training_programs (generation_cache_key, generation_queued_at)
    where generation_status = 'pending' and generation_waiting;

-- Lets rows that wait for keys that nobody leads be claimed, and tells the daemons of them. Returns how many. A row that
-- somebody has locked is left to a later call, so that nobody waits here.
create function spotter.free_waiting(keys text[]) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '50ms'
    as $$
    declare
        relation regclass;
        freed    bigint := 0;
        more     bigint;
    begin
        foreach relation in array array['public.training_programs', 'public.generation_requests']::regclass[] loop
            begin
                execute format(
                    'with stranded as materialized (
                           select p.ctid as at
                             from %1$s p
                            where p.generation_status = ''pending'' and p.generation_waiting
                              and p.generation_cache_key = any ($1)
                              and (select true from spotter.flight f where f.key = p.generation_cache_key) is null
                              for no key update skip locked)
                     update %1$s p set generation_waiting = false, generation_reason = null
                       from stranded s where p.ctid = s.at', relation) using keys;
                get diagnostics more = row_count;
                freed := freed + more;
            exception
                when lock_not_available then null;  -- whoever waits there is found by mending
            end;
        end loop;
        if freed > 0 then perform pg_notify('spotter', 'leases'); end if;
        return freed;
    end
    $$;

-- Lets the row that has waited longest lead in another's place. What crashed its workers may do so again for the next
-- row that asks for the same: the heir takes the crashes over.
-- Where somebody has one of the tables locked, the flight ends, and who waited is found later (the daemons' mend_flights):
-- what fails in the other table does not wait for that.
create function spotter.pass_on_flight(flight_key text, led_by uuid, crashes integer) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '50ms'
    as $$
    declare
        next record;
        heir uuid;
    begin
        perform from spotter.flight f where f.key = flight_key and f.leader = led_by for update;
        if not found then return; end if;
        for next in
            select j.relation, j.id
              from spotter.job j
             where j.generation_status = 'pending' and j.generation_waiting and j.generation_cache_key = flight_key
             order by j.generation_queued_at limit 100
        loop
            execute format('select p.id from %s p where p.id = $1 and p.generation_status = ''pending''
                               and p.generation_waiting for no key update skip locked', next.relation)
               into heir using next.id;
            exit when heir is not null;
        end loop;
        if heir is null then
            delete from spotter.flight f where f.key = flight_key;
        else
            execute format('update %s p set generation_waiting = false, generation_reason = null,
                                   generation_crashes = greatest(p.generation_crashes, $2) where p.id = $1',
                           next.relation) using heir, crashes;
            perform pg_notify('spotter', 'leases');
            update spotter.flight f set leader = heir, token = null, parked = greatest(f.parked - 1, 0)
             where f.key = flight_key;
        end if;
    exception
        when lock_not_available then
            delete from spotter.flight f where f.key = flight_key and f.leader = led_by;
    end
    $$;

-- A leader that goes without content: back in the queue it keeps its place at the head, failed or gone it is
-- followed. One that was completed from the cache after all has nothing left for the others to wait for. What settles
-- a leader with content does the rest itself.
create function spotter.leave_flight() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    begin
        if tg_op = 'DELETE' then
            perform spotter.pass_on_flight(old.generation_cache_key, old.id, 0);
        elsif new.generation_status = 'failed' then
            perform spotter.pass_on_flight(
                old.generation_cache_key, old.id,
                case when new.generation_error_code = 'quarantined' then new.generation_crashes - 1 else 0 end);
        elsif new.generation_status = 'pending' then
            update spotter.flight f set token = null
             where f.key = old.generation_cache_key and f.leader = old.id;
        else
            delete from spotter.flight f where f.key = old.generation_cache_key and f.leader = old.id;
            if found then perform spotter.free_waiting(array[old.generation_cache_key]); end if;
        end if;
        return null;
    end
    $$;

create trigger spotter_leave_flight after update of generation_status on public.training_programs
    for each row when (old.generation_cache_key is not null
                       and old.generation_status in ('pending', 'processing')
                       and new.generation_status in ('pending', 'failed', 'completed')
                       and old.generation_status <> new.generation_status
                       and not (old.generation_status = 'processing' and new.generation_status = 'completed'))
    execute function spotter.leave_flight();

create trigger spotter_leave_flight_deleted after delete on public.training_programs
    for each row when (old.generation_cache_key is not null
                       and old.generation_status in ('pending', 'processing'))
    execute function spotter.leave_flight();

-- Whoever changes what a waiting row asks for does not want the other row's answer.
create function spotter.ask_anew() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        new.generation_waiting   := false;
        new.generation_reason    := null;
        new.generation_cache_key := null;
        return new;
    end
    $$;

create trigger spotter_3_ask_anew before update of onboarding_data_snapshot, user_id on public.training_programs
    for each row when (old.generation_waiting and new.generation_waiting
                       and (old.onboarding_data_snapshot, old.user_id)
                           is distinct from (new.onboarding_data_snapshot, new.user_id))
    execute function spotter.ask_anew();

revoke all on function spotter.free_waiting, spotter.pass_on_flight, spotter.leave_flight from public;
grant execute on function spotter.free_waiting to spotter_worker;
