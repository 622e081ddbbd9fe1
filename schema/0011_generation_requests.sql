-- The table of what has no table of its own: an app inserts a kind and an input, and reads the result.

do $$
begin
    if to_regclass('public.generation_requests') is not null then
        raise exception 'public.generation_requests exists already, and is not Spotter''s'
            using hint = 'Rename that table, then migrate again.';
    end if;
end
$$;

create table public.generation_requests (
    id              uuid primary key default gen_random_uuid(),
    user_id         uuid references auth.users (id) on delete cascade,  -- null: the app itself asks
    kind            text not null,
    input           jsonb not null default '{}',
    result          jsonb,
    idempotency_key text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    generation_status      text not null default 'pending'
        check (generation_status in ('pending', 'processing', 'completed', 'failed')),
    generation_error       text,
    generation_error_code  text,
    -- For those who watch: where the row stands, and why it is not done.
    generation_stage       text,
    generation_progress    smallint not null default 0,
    generation_reason      text,
    generation_metadata    jsonb,
    -- The queue's. Priority 1 goes first.
    generation_priority    smallint not null default 5,
    generation_run_after   timestamptz not null default now(),
    generation_queued_at   timestamptz not null default now(),
    generation_started_at  timestamptz,
    generation_finished_at timestamptz,
    generation_attempts    smallint not null default 0,
    generation_crashes     smallint not null default 0,
    generation_calls       integer not null default 0,
    generation_retries     integer not null default 0,
    generation_worker      bigint,
    generation_token       bigint,
    generation_cache_key   text,
    generation_waiting     boolean not null default false,
    -- An answer is for who asks. What refreshes or warms the cache is for those who ask later: nobody reads it, it is
    -- deleted when it has finished, and a refresh is not answered from the cache.
    generation_purpose     text not null default 'answer' check (generation_purpose in ('answer', 'refresh', 'warm')),

    constraint "idempotency_key has 1 to 200 characters" check (length(idempotency_key) between 1 and 200),
    constraint "generation_priority is 1 to 9" check (generation_priority between 1 and 9),
    constraint "generation_run_after is a finite time" check (isfinite(generation_run_after))
) with (
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0
);

-- Each partial index has a word that no other has, and each query names one (see 0007_turns.sql).
create index generation_requests_ready
    on public.generation_requests (kind, generation_priority, generation_run_after)
    where generation_status = 'pending' and not generation_waiting and generation_priority > 0;
create index generation_requests_turns
    on public.generation_requests (kind, uuid_send(coalesce(user_id, '00000000-0000-0000-0000-000000000000')),
                                   generation_priority, generation_run_after)
    where generation_status = 'pending' and not generation_waiting and generation_run_after > '-infinity';
create index generation_requests_running on public.generation_requests (generation_worker)
    where generation_status = 'processing' and generation_priority > 0;
create index generation_requests_running_of on public.generation_requests (uuid_send(user_id))
    where generation_status = 'processing' and generation_run_after > '-infinity';
create index generation_requests_waiting on public.generation_requests (generation_cache_key, generation_queued_at)
    where generation_status = 'pending' and generation_waiting;
create index generation_requests_user on public.generation_requests (user_id, created_at desc);
create unique index generation_requests_idempotency
    on public.generation_requests (user_id, idempotency_key) nulls not distinct
    where idempotency_key is not null;

do $$
begin
    alter table public.generation_requests alter column result set compression lz4;
exception
    when feature_not_supported then null;
end
$$;

-- What may be asked ---------------------------------------------------------------------------------------------

create function spotter.check_request() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        size constant integer := octet_length(new.input::text);
        most integer;
    begin
        select k.most_input into most from spotter.kind k where k.name = new.kind;
        if not found then
            raise invalid_parameter_value using
                message = format('there is no kind "%s"', new.kind),
                hint = format('There are: %s.', (select string_agg(k.name, ', ' order by k.name) from spotter.kind k));
        end if;
        if jsonb_typeof(new.input) <> 'object' then
            raise invalid_parameter_value using
                message = format('input is to be a JSON object, and is of type %s', jsonb_typeof(new.input));
        end if;
        if size > most then
            raise invalid_parameter_value using
                message = format('input takes %s KB; %s KB are the most', size / 1024, most / 1024),
                hint = 'Shorten its texts.';
        end if;
        if tg_op = 'INSERT' and new.generation_purpose = 'answer'  -- others' ids are ours
           and exists (select from public.training_programs p where p.id = new.id) then
            raise invalid_parameter_value using
                message = 'id is that of a training program', hint = 'Leave id out of the INSERT.';
        end if;
        if tg_op = 'INSERT' and new.result is not null then
            raise invalid_parameter_value using
                message = 'a new request has no result yet',
                hint = 'Leave result out of the INSERT.';
        end if;
        return new;
    end
    $$;

create trigger spotter_0_request before insert or update of kind, input on public.generation_requests
    for each row execute function spotter.check_request();

-- What cannot be right whatever else is known; the rest is for who reads the input (lib/work/training_program/profile.cpp).
-- No input, {}, is the onboarding of the user's profile.
create function spotter.check_training_program() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    declare
        days  constant jsonb  := new.input -> 'trainingFrequencyDays';
        goal  constant jsonb  := new.input -> 'primaryGoal';
        goals constant text[] := array[
            'Muscle Gain: General', 'Muscle Gain: Hypertrophy Focus', 'Strength Gain: Powerlifting Peak',
            'Strength Gain: General', 'Endurance Improvement: Gym Cardio', 'Sport-Specific S&C: Explosive Power',
            'General Fitness: Foundational Strength', 'Weight Loss: Gym Based', 'Bodyweight Mastery',
            'Recomposition: Lean Mass & Fat Loss'];
        heard text;
    begin
        if jsonb_typeof(days) = 'number' and (days::numeric not between 2 and 7 or days::numeric % 1 <> 0) then
            raise invalid_parameter_value using
                message = format('trainingFrequencyDays is %s', days), hint = 'Write a whole number from 2 to 7.';
        end if;
        heard := regexp_replace(lower(goal #>> '{}'), '[^a-z0-9]+', ' ', 'g');
        if jsonb_typeof(goal) in ('number', 'boolean', 'array', 'object')
           or (goal #>> '{}' ~ '^[ -~]*[a-zA-Z][ -~]*$'
               and btrim(heard) not in (select regexp_replace(lower(g), '[^a-z0-9]+', ' ', 'g') from unnest(goals) g)) then
            raise invalid_parameter_value using
                message = format('primaryGoal is %s', left(goal::text, 60)),
                hint = format('Write one of: %s.', array_to_string(goals, '; '));
        end if;
        return new;
    end
    $$;

create trigger spotter_0_request_training_program before insert or update of kind, input on public.generation_requests
    for each row when (new.kind = 'training_program' and new.generation_purpose <> 'refresh')
    execute function spotter.check_training_program();

-- Asks, once: with a key that was used before it gives the request of then. The key is the caller's own to choose, and
-- each user has their own. SQLSTATE 23505 where it stands for something else.
create function public.request_generation(kind text, input jsonb, idempotency_key text default null,
                                          user_id uuid default auth.uid()) returns uuid
    language plpgsql
    as $$
    #variable_conflict use_column
    declare
        found record;
        made  uuid;
    begin
        insert into public.generation_requests (user_id, kind, input, idempotency_key)
        values (request_generation.user_id, request_generation.kind, request_generation.input,
                request_generation.idempotency_key)
            on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
            returning id into made;
        if made is not null then return made; end if;
        select r.id, r.kind, r.input into found
          from public.generation_requests r
         where r.user_id is not distinct from request_generation.user_id
           and r.idempotency_key = request_generation.idempotency_key;
        if found.kind is distinct from request_generation.kind or found.input <> request_generation.input then
            raise unique_violation using
                message = format('the idempotency key "%s" was used for another request', request_generation.idempotency_key),
                hint = 'Take another key for another request.';
        end if;
        return found.id;
    end
    $$;

-- The guard -----------------------------------------------------------------------------------------------------

create function spotter.guard_program() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        raise insufficient_privilege using
            message = format('%s cannot be changed while the program is being generated',
                             case when new.program_details is distinct from old.program_details then 'program_details'
                                  else 'onboarding_data_snapshot' end),
            hint = 'Cancel it, or wait until it is completed or failed.';
    end
    $$;

create trigger spotter_1_guard_program before update of program_details, onboarding_data_snapshot on public.training_programs
    for each row when (old.generation_status in ('pending', 'processing')
                       and (new.program_details is distinct from old.program_details
                            or (old.generation_status = 'processing'
                                and new.onboarding_data_snapshot is distinct from old.onboarding_data_snapshot))
                       and row_security_active('public.training_programs'::regclass)
                       and not pg_has_role(current_user, 'spotter_worker', 'member'))
    execute function spotter.guard_program();

create function spotter.guard_request() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        if tg_op = 'INSERT' then
            if new.generation_purpose <> 'answer' then
                raise insufficient_privilege using message = 'generation_purpose is the daemon''s to set';
            end if;
            return new;
        end if;
        if (new.kind, new.result, new.idempotency_key, new.generation_purpose)
           is distinct from (old.kind, old.result, old.idempotency_key, old.generation_purpose) then
            raise insufficient_privilege using
                message = 'kind, result and idempotency_key of a request cannot be changed',
                hint = 'Insert another request.';
        end if;
        if new.input is distinct from old.input and old.generation_status = 'completed' then
            raise insufficient_privilege using
                message = 'the input of a request that is completed cannot be changed', hint = 'Insert another request.';
        end if;
        return new;
    end
    $$;

create trigger spotter_1_guard before insert or update on public.generation_requests
    for each row when (row_security_active('public.generation_requests'::regclass)
                       and not pg_has_role(current_user, 'spotter_worker', 'member'))
    execute function spotter.guard();
create trigger spotter_1_guard_request before insert or update on public.generation_requests
    for each row when (row_security_active('public.generation_requests'::regclass)
                       and not pg_has_role(current_user, 'spotter_worker', 'member'))
    execute function spotter.guard_request();

-- Whoever it is: the answer that is on its way would stand, and be cached, as that to another question.
create function spotter.guard_input() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        raise object_not_in_prerequisite_state using
            message = 'the input of a request that is processing cannot be changed',
            hint = 'Cancel it first, or insert another request.';
    end
    $$;

create trigger spotter_1_guard_input before update of kind, input on public.generation_requests
    for each row when (old.generation_status = 'processing' and (old.kind, old.input) is distinct from (new.kind, new.input))
    execute function spotter.guard_input();

-- Both tables ---------------------------------------------------------------------------------------------------

-- Every row that is a job, whichever table it stands in. For reading; queries name the columns that the partial indexes
-- go by. `is_open`: its content may be written.
create view spotter.job with (security_invoker = true) as
select 'training_program'::text as kind, p.tableoid::regclass as relation, p.id, p.user_id,
       (p.program_details = '{}'::jsonb or p.generation_retries > 0) as is_open, 'answer' as generation_purpose,
       p.generation_status, p.generation_error, p.generation_error_code, p.generation_stage, p.generation_progress,
       p.generation_reason, p.generation_metadata, p.generation_priority, p.generation_run_after,
       p.generation_queued_at, p.generation_started_at, p.generation_finished_at, p.generation_attempts,
       p.generation_crashes, p.generation_calls, p.generation_retries, p.generation_worker, p.generation_token,
       p.generation_cache_key, p.generation_waiting
  from public.training_programs p
 union all
select p.kind, p.tableoid::regclass, p.id, p.user_id,
       true, p.generation_purpose,
       p.generation_status, p.generation_error, p.generation_error_code, p.generation_stage, p.generation_progress,
       p.generation_reason, p.generation_metadata, p.generation_priority, p.generation_run_after,
       p.generation_queued_at, p.generation_started_at, p.generation_finished_at, p.generation_attempts,
       p.generation_crashes, p.generation_calls, p.generation_retries, p.generation_worker, p.generation_token,
       p.generation_cache_key, p.generation_waiting
  from public.generation_requests p;
grant select on spotter.job to authenticated, service_role, spotter_worker;

-- Cancelling, retrying and flights are what they are for training programs.

create trigger spotter_2_start_afresh before update of generation_status on public.generation_requests
    for each row when (old.generation_status in ('failed', 'completed') and new.generation_status = 'pending')
    execute function spotter.start_afresh();
create trigger spotter_2_cancelled before update of generation_status on public.generation_requests
    for each row when (old.generation_status in ('pending', 'processing') and new.generation_status = 'failed'
                       and new.generation_error_code is null)
    execute function spotter.cancelled();
create trigger spotter_3_ask_anew before update of input, user_id on public.generation_requests
    for each row when (old.generation_waiting and new.generation_waiting
                       and (old.input, old.user_id) is distinct from (new.input, new.user_id))
    execute function spotter.ask_anew();
create trigger spotter_lease_taken after update of generation_status on public.generation_requests
    for each row when (old.generation_status = 'processing' and new.generation_error_code = 'cancelled')
    execute function spotter.lease_taken();
create trigger spotter_lease_taken_deleted after delete on public.generation_requests
    for each row when (old.generation_status = 'processing')
    execute function spotter.lease_taken();
create trigger spotter_leave_flight after update of generation_status on public.generation_requests
    for each row when (old.generation_cache_key is not null
                       and old.generation_status in ('pending', 'processing')
                       and new.generation_status in ('pending', 'failed', 'completed')
                       and old.generation_status <> new.generation_status
                       and not (old.generation_status = 'processing' and new.generation_status = 'completed'))
    execute function spotter.leave_flight();
create trigger spotter_leave_flight_deleted after delete on public.generation_requests
    for each row when (old.generation_cache_key is not null
                       and old.generation_status in ('pending', 'processing'))
    execute function spotter.leave_flight();

-- How many rows of each of these users are worked on, in their order; counts to `most`. While somebody has a table locked
-- that is not known, and rows of the other table are not to wait for it: then nobody counts as having any.
create function spotter.running(users uuid[], most bigint) returns bigint[]
    language plpgsql volatile set lock_timeout = '50ms'
    as $$
    begin
        return (select array_agg((select count(*)
                                    from (select from spotter.job j
                                           where uuid_send(j.user_id) = uuid_send(u.id)
                                             and j.generation_status = 'processing' and j.generation_run_after > '-infinity'
                                           limit most) x) order by u.nth)
                  from unnest(users) with ordinality u(id, nth));
    exception when lock_not_available then
        return array_fill(0::bigint, array[cardinality(users)]);
    end
    $$;

-- The same for a claim that may not exceed a limit; null for a user whose rows another claim counts, and for all while
-- somebody has a table locked: then they wait. Each user's are counted by a statement of its own, which sees what was
-- committed when the lock was got.
create function spotter.running_alone(users uuid[]) returns bigint[]
    language plpgsql volatile set lock_timeout = '50ms'
    as $$
    declare
        of_user uuid;
        counts  bigint[] := '{}';
    begin
        foreach of_user in array users loop
            if pg_try_advisory_xact_lock(hashtextextended(of_user::text, 7)) is not false then  -- null: of no user
                counts := counts || (select count(*) from spotter.job j
                                      where uuid_send(j.user_id) = uuid_send(of_user)
                                        and j.generation_status = 'processing' and j.generation_run_after > '-infinity');
            else
                counts := counts || null::bigint;
            end if;
        end loop;
        return counts;
    exception when lock_not_available then
        return array_fill(null::bigint, array[cardinality(users)]);
    end
    $$;
revoke all on function spotter.running, spotter.running_alone from public;
grant execute on function spotter.running, spotter.running_alone to spotter_worker;

-- Why a row is not done yet ---------------------------------------------------------------------------------------

-- What stands around a row that its reader may not see: other users' rows, workers, flights. Numbers and names of
-- reasons only; `leader` is shown to those who may read that row.
create function spotter.standing(kind text, relation regclass, owner uuid, status text, worker bigint, waiting boolean,
                                 cache_key text, priority smallint, run_after timestamptz,
                                 out workers bigint, out worker_silent boolean,
                                 out paused_since timestamptz, out paused_because text,
                                 out at_limit boolean, out ahead bigint, out rate double precision,
                                 out leader uuid, out leads_reason text, out leads_run_after timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        heard_since constant timestamptz := now() - interval '1 minute';
        running     bigint;
    begin
        if status is null or status not in ('pending', 'processing') then return; end if;
        select count(*), sum(w.rate) into workers, rate
          from spotter.worker w
         where w.beat_at > heard_since;
        if status = 'processing' then
            worker_silent := worker is not null and not exists (
                select from spotter.worker w where w.id = standing.worker and w.beat_at > heard_since);
            return;
        end if;

        select p.since, p.reason into paused_since, paused_because
          from spotter.pause p where p.kind in ('*', standing.kind) order by p.since limit 1;
        if waiting then
            select f.leader, j.generation_reason, j.generation_run_after
              into leader, leads_reason, leads_run_after
              from spotter.flight f
              left join spotter.job j
                     on j.id = f.leader and j.generation_status = 'pending' and j.generation_run_after > now()
             where f.key = standing.cache_key;
            return;
        end if;
        if run_after > now() then return; end if;

        -- Each daemon has a limit of its own, and one that has none takes the row.
        running := (spotter.running(array[owner], 1000))[1];
        select coalesce(bool_and(coalesce(running >= w.user_slots, false)), false) into at_limit
          from spotter.worker w
         where w.beat_at > heard_since;
        select count(*) into ahead
          from (select from spotter.job j
                 where j.kind = standing.kind and j.relation = standing.relation
                   and j.generation_status = 'pending' and not j.generation_waiting and j.is_open
                   and j.generation_priority > 0
                   and (j.generation_priority, j.generation_run_after) < (standing.priority, standing.run_after)
                   and j.generation_run_after <= now()
                 limit 10000) x;
    end
    $$;
revoke all on function spotter.standing from public;
grant execute on function spotter.standing to authenticated, service_role, spotter_worker;

-- `ahead` counts to 10,000. `expected_seconds` takes the rows that the daemons settle in a second, of late; users are
-- served by turns, so a user with few rows is done sooner.
create view public.generation_reasons with (security_invoker = true) as
select j.id, j.kind, j.user_id,
       j.generation_status as status, x.reason,
       coalesce(r.meaning, j.generation_error, format('The daemon says "%s".', x.reason)) as meaning,
       coalesce(r.what_to_do, case j.generation_status
           when 'failed' then 'Look at the error; set generation_status to pending to try again.'
           else 'Nothing: it is tried again.' end) as what_to_do,
       j.generation_stage as stage, j.generation_progress as progress,
       case when x.reason in ('in_queue', 'user_limit', 'paused', 'no_worker') then s.ahead end as ahead,
       case when x.reason = 'in_queue' and s.rate > 0 then round((s.ahead / s.rate)::numeric, 1) end as expected_seconds,
       case when j.generation_status = 'pending' and j.generation_run_after > now()
            then round(extract(epoch from j.generation_run_after - now())::numeric, 1) end as starts_in_seconds,
       round(extract(epoch from coalesce(j.generation_finished_at, now()) - j.generation_queued_at)::numeric, 3)
           as waited_seconds,
       round(extract(epoch from coalesce(j.generation_finished_at, now()) - j.generation_started_at)::numeric, 3)
           as worked_seconds,
       j.generation_priority as priority, j.generation_run_after as run_after,
       j.generation_attempts as attempts, j.generation_crashes as crashes, j.generation_calls as calls,
       j.generation_retries as retries, j.generation_error_code as error_code, j.generation_error as error,
       s.paused_since, s.paused_because,
       (select l.id from spotter.job l where l.id = s.leader) as leader,
       s.leads_reason, s.leads_run_after, s.workers
  from spotter.job j
 cross join lateral spotter.standing(j.kind, j.relation, j.user_id, j.generation_status, j.generation_worker,
                                     j.generation_waiting, j.generation_cache_key, j.generation_priority,
                                     j.generation_run_after) s
 cross join lateral (
       select case
           when j.generation_status = 'completed' then 'done'
           when j.generation_status = 'failed' then coalesce(j.generation_error_code, 'failed')
           when j.generation_status = 'processing' then case when s.worker_silent then 'worker_silent' else 'working' end
           when j.generation_status is distinct from 'pending' then 'not_ours'
           when not j.is_open then 'holds_content'
           when s.paused_since is not null then 'paused'
           when s.workers = 0 then 'no_worker'
           when j.generation_waiting then 'same_in_flight'
           when j.generation_run_after > now() then coalesce(j.generation_reason, 'scheduled')
           when s.at_limit then 'user_limit'
           else 'in_queue' end) as x(reason)
  left join spotter.reason r on r.code = x.reason;

revoke all on public.generation_reasons from anon, authenticated;
grant select on public.generation_reasons to authenticated, service_role, spotter_worker;

-- Who may do what -----------------------------------------------------------------------------------------------

alter table public.generation_requests enable row level security;

create policy "owners read their requests" on public.generation_requests
    for select to authenticated using (user_id = auth.uid() and generation_purpose = 'answer');
create policy "owners ask" on public.generation_requests
    for insert to authenticated with check (user_id = auth.uid());
create policy "owners change their requests" on public.generation_requests
    for update to authenticated using (user_id = auth.uid() and generation_purpose = 'answer') with check (user_id = auth.uid());
create policy "owners delete their requests" on public.generation_requests
    for delete to authenticated using (user_id = auth.uid() and generation_purpose = 'answer');
create policy "the service sees every request" on public.generation_requests
    for all to service_role using (true) with check (true);
create policy "spotter works on every request" on public.generation_requests
    for all to spotter_worker using (true) with check (true);

revoke all on public.generation_requests from anon, authenticated;
grant select, insert, update, delete on public.generation_requests to authenticated, service_role;
grant select, insert, update, delete on public.generation_requests to spotter_worker;
revoke all on function public.request_generation from public, anon;
grant execute on function public.request_generation to authenticated, service_role, spotter_worker;

do $$
begin
    if exists (select from pg_publication where pubname = 'supabase_realtime')
       and not exists (select from pg_publication_tables
                        where pubname = 'supabase_realtime' and schemaname = 'public'
                          and tablename = 'generation_requests') then
        alter publication supabase_realtime add table public.generation_requests;
    end if;
exception
    when insufficient_privilege then
        raise notice 'public.generation_requests could not be added to publication supabase_realtime';
end
$$;


-- The bell --------------------------------------------------------------------------------------------------------

-- Each lane sleeps for itself: the rows of an app's own table, and of each kind of request. What a busy lane's app inserts
-- does not ring for those that sleep. Written as spotter.wake is, and why.
create function spotter.wake_request() returns trigger
    language plpgsql security definer
    as $$
    begin
        if exists (select from spotter.bell b
                    where b.lane operator(pg_catalog.=) any (array['*', new.kind::pg_catalog.text])) then
            perform pg_catalog.pg_notify('spotter', new.kind);
        end if;
        return new;
    end
    $$;

create trigger spotter_9_wake_inserted before insert on public.generation_requests
    for each row execute function spotter.wake_request();
create trigger spotter_9_wake_retried before update of generation_status on public.generation_requests
    for each row when (old.generation_status in ('failed', 'completed') and new.generation_status = 'pending')
    execute function spotter.wake_request();

-- Refreshes ---------------------------------------------------------------------------------------------------------

-- Has an entry made anew, behind what is served; false where that is under way, was done a moment ago, or failed in the last
-- minutes (its row is there until it is cleared away), so that one that always fails does not cost calls at each look. What
-- goes wrong keeps nobody from being served.
create function spotter.ask_refresh(kind text, user_id uuid, asked jsonb, key text) returns boolean
    language plpgsql set lock_timeout = '50ms'
    as $$
    #variable_conflict use_variable
    begin
        delete from public.generation_requests r
         where r.user_id is not distinct from ask_refresh.user_id and r.idempotency_key = 'refresh:' || ask_refresh.key
           and r.generation_status = 'completed' and r.generation_finished_at < now() - interval '30 seconds';
        insert into public.generation_requests
               (user_id, kind, input, idempotency_key, generation_cache_key, generation_priority, generation_purpose)
        values (user_id, kind, asked, 'refresh:' || key, key, 9, 'refresh')
            on conflict do nothing;
        return found;
    exception
        when others then
            raise warning 'the entry % is not refreshed: %', key, sqlerrm;
            return false;
    end
    $$;
revoke all on function spotter.ask_refresh from public;
grant execute on function spotter.ask_refresh to spotter_worker, service_role;
