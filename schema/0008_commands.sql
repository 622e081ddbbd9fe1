-- What people do with a row: cancel it, try it again, hold everything up. All of it is plain SQL on the row; the
-- functions say more clearly what may not be done.

-- Cancel ----------------------------------------------------------------------------------------------------------

-- Setting a row that is not finished to 'failed' cancels it, whoever does it. The daemon's own failures have a code.
create function spotter.cancelled() returns trigger
    language plpgsql
    as $$
    begin
        new.generation_error_code  := 'cancelled';
        new.generation_error       := coalesce(new.generation_error, 'The generation was cancelled before it was done.');
        new.generation_finished_at := now();
        new.generation_stage       := null;
        new.generation_progress    := 0;
        new.generation_reason      := null;
        new.generation_waiting     := false;
        new.generation_worker      := null;
        new.generation_token       := null;
        return new;
    end
    $$;

create trigger spotter_2_cancelled before update of generation_status on public.training_programs
    for each row when (old.generation_status in ('pending', 'processing') and new.generation_status = 'failed'
                       and new.generation_error_code is null)
    execute function spotter.cancelled();

-- The payload is a constant: a notification says which of two things to look at, rows or leases, never what to do.
create function spotter.lease_taken() returns trigger
    language plpgsql
    as $$
    begin
        perform pg_catalog.pg_notify('spotter', 'leases');
        return null;
    end
    $$;

create trigger spotter_lease_taken after update of generation_status on public.training_programs
    for each row when (old.generation_status = 'processing' and new.generation_error_code = 'cancelled')
    execute function spotter.lease_taken();

create trigger spotter_lease_taken_deleted after delete on public.training_programs
    for each row when (old.generation_status = 'processing')
    execute function spotter.lease_taken();

create function spotter.cancel(row_id uuid, why text default null) returns void
    language plpgsql
    as $$
    declare
        status text;
    begin
        select p.generation_status into status from public.training_programs p where p.id = row_id;
        if not found then
            raise no_data_found using message = format('there is no row %s', row_id);
        elsif status is null or status not in ('pending', 'processing') then
            raise object_not_in_prerequisite_state using
                message = format('the row is %s already: there is nothing to cancel', coalesce(status, 'done')),
                hint = 'What is finished stays as it is; delete the row to be rid of it.';
        end if;
        update public.training_programs p
           set generation_status = 'failed',
               generation_error = coalesce('Cancelled: ' || nullif(trim(why), ''), p.generation_error)
         where p.id = row_id and p.generation_status in ('pending', 'processing');
        if not found then
            raise object_not_in_prerequisite_state using
                message = 'the row was finished a moment ago: there is nothing to cancel';
        end if;
    end
    $$;

-- Retry -----------------------------------------------------------------------------------------------------------

create or replace function spotter.start_afresh() returns trigger
    language plpgsql
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

-- Says what it did: 'queued' a failed row anew, 'hurried' one that was put off (or the one that it waits for), or
-- 'waiting' where it is its turn already.
create function spotter.retry(row_id uuid) returns text
    language plpgsql
    as $$
    declare
        r         record;
        put_off   uuid := row_id;
    begin
        select p.generation_status as status, p.generation_waiting as waiting, p.generation_cache_key as key,
               p.program_details <> '{}'::jsonb and p.generation_retries = 0 as holds_content
          into r
          from public.training_programs p where p.id = row_id;
        if not found then
            raise no_data_found using message = format('there is no row %s', row_id);
        elsif r.status = 'processing' then
            raise object_not_in_prerequisite_state using
                message = 'the row is being worked on: there is nothing to try again',
                hint = 'Cancel it first, to have it begun anew.';
        elsif r.status = 'completed' then
            raise object_not_in_prerequisite_state using
                message = 'the row is completed: there is nothing to try again',
                hint = 'Insert another row, or set its generation_status to pending, to have it generated once more.';
        elsif r.status = 'failed' then
            update public.training_programs p set generation_status = 'pending'
             where p.id = row_id and p.generation_status = 'failed';
            return 'queued';
        elsif r.status is distinct from 'pending' or r.holds_content then
            raise object_not_in_prerequisite_state using
                message = 'the row holds content already, which nobody asked to have replaced',
                hint = 'Set its program_details to {} to have it generated.';
        end if;
        if r.waiting then
            select f.leader into put_off from spotter.flight f where f.key = r.key and f.token is null;
        end if;
        update public.training_programs p
           set generation_run_after = now(), generation_reason = null
         where p.id = put_off and p.generation_status = 'pending' and p.generation_run_after > now();
        if found then
            perform pg_notify('spotter', '');
            return 'hurried';
        end if;
        return 'waiting';
    end
    $$;

-- Pause -----------------------------------------------------------------------------------------------------------

create function spotter.check_kind(kind text) returns void
    language plpgsql stable
    as $$
    begin
        if kind is null or (kind <> '*' and not exists (select from spotter.kind k where k.name = kind)) then
            raise invalid_parameter_value using
                message = format('there is no kind "%s"', kind),
                hint = format('There are: %s, and * for all of them.',
                              (select string_agg(k.name, ', ' order by k.name) from spotter.kind k));
        end if;
    end
    $$;

-- False where it was paused already; the newer reason stands then.
create function spotter.pause(kind text default '*', why text default null) returns boolean
    language plpgsql
    as $$
    declare
        is_new boolean;
    begin
        perform spotter.check_kind(pause.kind);
        insert into spotter.pause as p (kind, reason) values (pause.kind, nullif(trim(why), ''))
            on conflict on constraint pause_pkey do update set reason = coalesce(excluded.reason, p.reason)
            returning xmax = 0 into is_new;  -- an update leaves its mark there
        return is_new;
    end
    $$;

-- Without a kind, or with '*', whatever is paused. False where nothing was.
create function spotter.resume(kind text default '*') returns boolean
    language plpgsql
    as $$
    declare
        was_paused boolean;
    begin
        perform spotter.check_kind(resume.kind);
        delete from spotter.pause p where resume.kind in ('*', p.kind);
        was_paused := found;
        perform pg_notify('spotter', 'leases');  -- what was left lying is older than what is looked for usually
        return was_paused;
    end
    $$;

revoke all on function spotter.cancel, spotter.retry, spotter.pause, spotter.resume, spotter.check_kind from public;
grant execute on function spotter.cancel, spotter.retry, spotter.pause, spotter.resume, spotter.check_kind
    to spotter_worker, service_role;

-- The guard -------------------------------------------------------------------------------------------------------

-- As before, and: a row that is not finished can be cancelled, and who asks again and again for a row that fails
-- has to wait a little longer each time. PostgREST answers PT429 with status 429.
create or replace function spotter.guard() returns trigger
    language plpgsql
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
                new.generation_token, new.generation_cache_key) is distinct from
               (null::text, null::text, null::text, null::text,
                null::timestamptz, null::timestamptz, null::bigint, null::bigint, null::text)
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
        if old.generation_status in ('pending', 'processing')
           and new.program_details is distinct from old.program_details then
            raise insufficient_privilege using
                message = 'program_details cannot be changed while the program is being generated';
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

-- None of them is at the mercy of who calls it.
alter function spotter.guard() set search_path = pg_catalog, pg_temp;
alter function spotter.cancelled() set search_path = pg_catalog, pg_temp;
alter function spotter.start_afresh() set search_path = pg_catalog, pg_temp;
alter function spotter.ask_anew() set search_path = pg_catalog, pg_temp;
alter function spotter.lease_taken() set search_path = pg_catalog, pg_temp;
