-- The row is the job. An app's own table is adopted: what is missing is added, no row is changed.

do $$
declare
    ours       boolean := to_regclass('public.training_programs') is null;
    had_status boolean := exists (
        select from pg_attribute
         where attrelid = to_regclass('public.training_programs')
           and attname = 'generation_status' and not attisdropped);
begin
    create table if not exists public.training_programs (
        id                       uuid primary key default gen_random_uuid(),
        user_id                  uuid not null references auth.users (id) on delete cascade,
        program_details          jsonb not null default '{}',
        program_name             text,
        total_duration_weeks     integer,
        start_date               date,
        is_active                boolean default true,
        generated_at             timestamptz default now(),
        ai_model_version         text,
        onboarding_data_snapshot jsonb,
        generation_metadata      jsonb,
        volume_landmarks         jsonb,
        weak_point_analysis      jsonb,
        periodization_model      text,
        is_free_trial            boolean default false,
        created_at               timestamptz not null default now(),
        updated_at               timestamptz not null default now()
    );

    if (select format_type(atttypid, null) from pg_attribute
         where attrelid = 'public.training_programs'::regclass and attname = 'user_id') is distinct from 'uuid' then
        raise exception 'public.training_programs has no column user_id of type uuid, which whose row it is goes by';
    end if;

    -- Rows that stood here before there was a status were finished by whoever made them.
    if not had_status then
        alter table public.training_programs add column generation_status text not null default 'completed';
    end if;
    alter table public.training_programs add column if not exists program_details jsonb not null default '{}';
    alter table public.training_programs
        alter column generation_status set default 'pending',
        alter column program_details set default '{}';
    alter table public.training_programs
        add column if not exists program_name             text,
        add column if not exists total_duration_weeks     integer,
        add column if not exists generated_at             timestamptz default now(),
        add column if not exists ai_model_version         text,
        add column if not exists onboarding_data_snapshot jsonb,
        add column if not exists generation_metadata      jsonb,
        add column if not exists volume_landmarks         jsonb,
        add column if not exists weak_point_analysis      jsonb,
        add column if not exists periodization_model      text,
        add column if not exists generation_error         text,
        add column if not exists generation_error_code    text,
        -- For those who watch: where the row stands, and why it is not done.
        add column if not exists generation_stage         text,
        add column if not exists generation_progress      smallint not null default 0,
        add column if not exists generation_reason        text,
        -- The queue's. Priority 1 goes first.
        add column if not exists generation_priority      smallint not null default 5,
        add column if not exists generation_run_after     timestamptz not null default now(),
        add column if not exists generation_queued_at     timestamptz not null default now(),
        add column if not exists generation_started_at    timestamptz,
        add column if not exists generation_finished_at   timestamptz,
        add column if not exists generation_attempts      smallint not null default 0,
        add column if not exists generation_crashes       smallint not null default 0,
        add column if not exists generation_calls         integer not null default 0,
        add column if not exists generation_retries       integer not null default 0,
        add column if not exists generation_worker        bigint,
        add column if not exists generation_token         bigint,
        add column if not exists generation_cache_key     text;

    alter table public.training_programs
        add constraint "generation_priority is 1 to 9" check (generation_priority between 1 and 9) not valid,
        add constraint "generation_run_after is a finite time" check (isfinite(generation_run_after)) not valid,
        -- Claims read and hash it before anybody can say that it is too much.
        add constraint "onboarding_data_snapshot has 128 KB at most"
            check (pg_column_size(onboarding_data_snapshot) <= 131072) not valid;
    if ours or not had_status then
        alter table public.training_programs add constraint spotter_status
            check (generation_status in ('pending', 'processing', 'completed', 'failed')) not valid;
    end if;
    if ours then
        create index training_programs_user on public.training_programs (user_id, created_at desc);
    end if;

    -- Every claim and settle leaves a dead row behind: vacuum often, and do not let it dawdle.
    alter table public.training_programs set (
        fillfactor = 85,
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
end
$$;

-- Wake-ups ------------------------------------------------------------------------------------------------------

create trigger spotter_wake_inserted after insert on public.training_programs
    for each statement execute function spotter.wake();

create trigger spotter_wake_retried after update of generation_status on public.training_programs
    for each row when (old.generation_status in ('failed', 'completed') and new.generation_status = 'pending')
    execute function spotter.wake();

-- Retry ---------------------------------------------------------------------------------------------------------

-- Setting a finished row to 'pending' starts it afresh, whoever does it.
create function spotter.start_afresh() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    begin
        new.generation_retries     := old.generation_retries + 1;
        new.generation_error       := null;
        new.generation_error_code  := null;
        new.generation_stage       := null;
        new.generation_progress    := 0;
        new.generation_reason      := null;
        new.generation_waiting     := false;
        new.generation_run_after   := now();
        new.generation_queued_at   := now();
        new.generation_started_at  := null;
        new.generation_finished_at := null;
        new.generation_attempts    := 0;
        new.generation_crashes     := 0;
        new.generation_calls       := 0;
        new.generation_worker      := null;
        new.generation_token       := null;
        new.generation_cache_key   := null;
        return new;
    end
    $$;

create trigger spotter_2_start_afresh before update of generation_status on public.training_programs
    for each row when (old.generation_status in ('failed', 'completed') and new.generation_status = 'pending')
    execute function spotter.start_afresh();

-- The guard -----------------------------------------------------------------------------------------------------

-- What a role bound by row-level security may do: insert a pending row, change what is the app's own, cancel a row that is not
-- finished, and ask for a failed one again, which costs a wait when it is done over and over. Everything else of the queue's is
-- the daemon's. What a table has of its own is guarded beside it.
create function spotter.guard() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
    declare
        rest interval;
    begin
        if tg_op = 'INSERT' then
            if new.generation_status is distinct from 'pending' then
                raise insufficient_privilege using
                    message = format('a new row cannot be %s: insert it as pending and it will be generated',
                                     new.generation_status);
            end if;
            if (new.generation_error, new.generation_error_code, new.generation_stage, new.generation_reason,
                new.generation_started_at, new.generation_finished_at, new.generation_worker,
                new.generation_token, new.generation_cache_key, new.generation_metadata) is distinct from
               (null::text, null::text, null::text, null::text,
                null::timestamptz, null::timestamptz, null::bigint, null::bigint, null::text, null::jsonb)
               or (new.generation_progress, new.generation_priority, new.generation_attempts,
                   new.generation_crashes, new.generation_calls, new.generation_retries) <> (0, 5, 0, 0, 0, 0)
               or new.generation_run_after <> now() or new.generation_queued_at <> now()
               or new.generation_waiting then
                raise insufficient_privilege using
                    message = 'the generation_ columns of a new row are the daemon''s to fill',
                    hint = 'Leave them out of the INSERT.';
            end if;
            return new;
        end if;

        if new.generation_status is distinct from old.generation_status
           and not (old.generation_status = 'failed' and new.generation_status = 'pending')
           and not (old.generation_status in ('pending', 'processing') and new.generation_status = 'failed') then
            raise insufficient_privilege using
                message = format('generation_status cannot be changed from %s to %s',
                                 old.generation_status, new.generation_status),
                hint = 'A failed row can be set to pending, which generates it again; '
                       'one that is not finished can be set to failed, which cancels it.';
        end if;
        if (new.generation_error, new.generation_error_code, new.generation_stage, new.generation_progress,
            new.generation_reason, new.generation_priority, new.generation_run_after, new.generation_queued_at,
            new.generation_started_at, new.generation_finished_at, new.generation_attempts,
            new.generation_crashes, new.generation_calls, new.generation_retries, new.generation_worker,
            new.generation_token, new.generation_cache_key, new.generation_waiting, new.generation_metadata,
            new.user_id, new.id)
           is distinct from
           (old.generation_error, old.generation_error_code, old.generation_stage, old.generation_progress,
            old.generation_reason, old.generation_priority, old.generation_run_after, old.generation_queued_at,
            old.generation_started_at, old.generation_finished_at, old.generation_attempts,
            old.generation_crashes, old.generation_calls, old.generation_retries, old.generation_worker,
            old.generation_token, old.generation_cache_key, old.generation_waiting, old.generation_metadata,
            old.user_id, old.id) then
            raise insufficient_privilege using
                message = 'id, user_id and the generation_ columns cannot be changed',
                hint = 'To generate a failed row again set generation_status to pending, to cancel one that is not '
                       'finished set it to failed, and nothing else of these.';
        end if;

        if old.generation_status = 'failed' and new.generation_status = 'pending' and old.generation_retries >= 3 then
            rest := make_interval(secs => least(3600, 10 * 2 ^ least(old.generation_retries - 3, 10)));
            if old.generation_finished_at > now() - rest then
                raise sqlstate 'PT429' using
                    message = format('this row was tried again %s times already', old.generation_retries),
                    hint = format('Try again in %s seconds.',
                                  ceil(extract(epoch from old.generation_finished_at + rest - now())));
            end if;
        end if;
        return new;
    end
    $$;

create trigger spotter_1_guard before insert or update on public.training_programs
    for each row when (row_security_active('public.training_programs'::regclass)
                       and not pg_has_role(current_user, 'spotter_worker', 'member'))
    execute function spotter.guard();

-- Who may do what -----------------------------------------------------------------------------------------------

alter table public.training_programs enable row level security;

do $$
begin
    if not exists (select from pg_policy where polrelid = 'public.training_programs'::regclass) then
        create policy "owners read their programs" on public.training_programs
            for select to authenticated using (user_id = auth.uid());
        create policy "owners ask for programs" on public.training_programs
            for insert to authenticated with check (user_id = auth.uid());
        create policy "owners change their programs" on public.training_programs
            for update to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
        create policy "owners delete their programs" on public.training_programs
            for delete to authenticated using (user_id = auth.uid());
        create policy "the service sees every program" on public.training_programs
            for all to service_role using (true) with check (true);
    end if;
    create policy "spotter works on every program" on public.training_programs
        for all to spotter_worker using (true) with check (true);

    if exists (select from pg_publication where pubname = 'supabase_realtime')
       and not exists (select from pg_publication_tables
                        where pubname = 'supabase_realtime' and schemaname = 'public'
                          and tablename = 'training_programs') then
        begin
            alter publication supabase_realtime add table public.training_programs;
        exception
            when insufficient_privilege then
                raise notice 'public.training_programs could not be added to publication supabase_realtime';
        end;
    end if;
end
$$;

revoke all on public.training_programs from anon, authenticated;
grant select, insert, update, delete on public.training_programs to authenticated, service_role;
grant select, insert, update on public.training_programs to spotter_worker;
