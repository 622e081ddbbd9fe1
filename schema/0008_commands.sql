-- What people do with a row: cancel it, try it again, hold everything up. All of it is plain SQL on the row; the
-- functions say more clearly what may not be done.

-- Cancel ----------------------------------------------------------------------------------------------------------

-- Setting a row that is not finished to 'failed' cancels it, whoever does it. The daemon's own failures have a code.
create function spotter.cancelled() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
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
    language plpgsql set search_path = pg_catalog, pg_temp
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
        job     record;
        changed bigint;
    begin
        select j.relation, j.generation_status as status into job from spotter.job j where j.id = row_id;
        if not found then
            raise no_data_found using message = format('there is no row %s', row_id);
        elsif job.status is null or job.status not in ('pending', 'processing') then
            raise object_not_in_prerequisite_state using
                message = format('the row is %s already: there is nothing to cancel', coalesce(job.status, 'done')),
                hint = 'What is finished stays as it is; delete the row to be rid of it.';
        end if;
        execute format('update %s p
                           set generation_status = ''failed'',
                               generation_error = coalesce(''Cancelled: '' || nullif(trim($2), ''''), p.generation_error)
                         where p.id = $1 and p.generation_status in (''pending'', ''processing'')', job.relation)
          using row_id, why;
        get diagnostics changed = row_count;
        if changed = 0 then
            raise object_not_in_prerequisite_state using
                message = 'the row was finished a moment ago: there is nothing to cancel';
        end if;
    end
    $$;

-- Retry -----------------------------------------------------------------------------------------------------------

-- Says what it did: 'queued' a failed row anew, 'hurried' one that was put off (or the one that it waits for), or
-- 'waiting' where it is its turn already.
create function spotter.retry(row_id uuid) returns text
    language plpgsql
    as $$
    declare
        job     record;
        changed bigint;
    begin
        select j.relation, j.id, j.generation_status as status, j.generation_waiting as waiting,
               j.generation_cache_key as key, j.is_open
          into job
          from spotter.job j where j.id = row_id;
        if not found then
            raise no_data_found using message = format('there is no row %s', row_id);
        elsif job.status = 'processing' then
            raise object_not_in_prerequisite_state using
                message = 'the row is being worked on: there is nothing to try again',
                hint = 'Cancel it first, to have it begun anew.';
        elsif job.status = 'completed' then
            raise object_not_in_prerequisite_state using
                message = 'the row is completed: there is nothing to try again',
                hint = 'Insert another row, or set its generation_status to pending, to have it generated once more.';
        elsif job.status = 'failed' then
            execute format('update %s p set generation_status = ''pending''
                             where p.id = $1 and p.generation_status = ''failed''', job.relation) using row_id;
            return 'queued';
        elsif job.status is distinct from 'pending' or not job.is_open then
            raise object_not_in_prerequisite_state using
                message = 'the row holds content already, which nobody asked to have replaced',
                hint = 'Set its program_details to {} to have it generated.';
        end if;
        if job.waiting then
            select j.relation, j.id into job
              from spotter.flight f join spotter.job j on j.id = f.leader
             where f.key = job.key and f.token is null;
        end if;
        execute format('update %s p
                           set generation_run_after = now(), generation_reason = null
                         where p.id = $1 and p.generation_status = ''pending'' and p.generation_run_after > now()',
                       coalesce(job.relation, 'public.training_programs'::regclass)) using job.id;
        get diagnostics changed = row_count;
        if changed > 0 then
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
