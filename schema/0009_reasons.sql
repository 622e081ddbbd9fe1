-- Why a row is not done yet, in one SELECT, for whoever may read the row.

-- What a reason or an error code means, and what would change it.
create table spotter.reason (
    code       text primary key,
    meaning    text not null,
    what_to_do text not null
);
grant select on spotter.reason to authenticated, service_role, spotter_worker;

insert into spotter.reason values
    ('in_queue', 'It is waiting for its turn.', 'Nothing: it is claimed as soon as a slot is free.'),
    ('user_limit', 'As many rows of this user are worked on as one user may have at once.',
     'Nothing: it is claimed when one of them is done.'),
    ('scheduled', 'It is to be begun later.', 'Nothing: its time is in run_after. An operator can hurry it: spotter retry ID.'),
    ('same_in_flight', 'Another row asks for exactly the same; its answer will be this row''s as well.',
     'Nothing: should the other fail, this row is tried itself.'),
    ('paused', 'An operator has stopped this kind of work.', 'An operator ends that: spotter resume.'),
    ('no_worker', 'No daemon is running on this database.', 'An operator starts one: spotter serve.'),
    ('holds_content', 'The row already holds content, which is nobody''s to overwrite.',
     'Set program_details to {} to have it generated.'),
    ('not_ours', 'Its status is none that a daemon works on.', 'Set generation_status to pending to have it generated.'),
    ('working', 'A daemon is working on it.', 'Nothing: watch stage and progress.'),
    ('worker_silent', 'The daemon that works on it has not been heard of for a minute.',
     'Nothing, where another daemon is running: it takes the row. An operator looks for the one that is silent.'),
    ('done', 'It is completed.', 'Nothing.'),
    ('worker_lost', 'The daemon that worked on it went away.', 'Nothing: another one takes it.'),
    ('worker_stopped', 'The daemon that worked on it was stopped.', 'Nothing: another one takes it.'),
    ('claim_too_slow', 'The database needed more time than it may take to work out what the row asks for.',
     'Nothing, where the database is busy: it is tried again after ten minutes. Otherwise the input is too much: shorten it.'),
    ('claim_interrupted', 'The database went away while the row was being claimed.', 'Nothing: it is taken again.'),
    ('internal_error', 'Something unexpected went wrong.',
     'An operator reads the daemon''s log; a failed row is tried again when generation_status is set to pending.'),
    ('rate_limited', 'The model''s provider allows no more calls at present.', 'Nothing: it is tried again.'),
    ('quota', 'The account at the model''s provider has no money or quota left.', 'An operator tops it up.'),
    ('unauthorized', 'The model''s provider does not accept the key.', 'An operator sets a valid key.'),
    ('misconfigured', 'The model or its address is not known at the provider.', 'An operator corrects it: spotter check-config.'),
    ('certificate', 'The provider''s certificate could not be verified.', 'An operator looks at the CA file and the clock.'),
    ('unreachable', 'The model''s provider cannot be reached.', 'Nothing: it is tried again.'),
    ('overloaded', 'The model''s provider is overloaded.', 'Nothing: it is tried again.'),
    ('timeout', 'The model''s provider did not answer in time.', 'Nothing: it is tried again.'),
    ('malformed', 'The model''s provider answers something that is no answer.', 'Nothing: it is tried again.'),
    ('cancelled', 'It was cancelled.', 'Set generation_status to pending to have it generated after all.'),
    ('invalid_input', 'The input cannot be worked with; the error says why.',
     'Correct the input, then set generation_status to pending.'),
    ('truncated', 'Every answer of the model was too long.', 'Set generation_status to pending to try again.'),
    ('context_length', 'What is asked is too long for the model.',
     'Shorten the texts of the input, then set generation_status to pending.'),
    ('rejected', 'The model''s provider rejects the request.',
     'An operator reads the daemon''s log; then set generation_status to pending.'),
    ('failed', 'It failed, and nobody said by what.', 'Set generation_status to pending to try again.'),
    ('quarantined', 'Its generation was interrupted too often.', 'Set generation_status to pending to try once more.'),
    ('no_valid_answer', 'No answer of the model kept the rules.', 'Look at the input; set generation_status to pending to try again.'),
    ('refused', 'The model refused to answer.', 'Look at the input; set generation_status to pending to try again.'),
    ('gave_up', 'The model''s provider was not available for too long.', 'Set generation_status to pending to try again.'),
    ('row_refused', 'The database would not let the row be worked on.', 'Mend the trigger or constraint that objects, then set generation_status to pending.'),
    ('write_refused', 'The database would not take the result.', 'Mend the trigger or constraint that objects, then set generation_status to pending.');

-- What stands around a row that its reader may not see: other users' rows, workers, flights. Numbers and names of
-- reasons only; `leader` is shown to those who may read that row.
create function spotter.standing(owner uuid, status text, worker bigint, waiting boolean, cache_key text,
                                 priority smallint, run_after timestamptz,
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
          from spotter.pause p where p.kind in ('*', 'training_program') order by p.since limit 1;
        if waiting then
            select f.leader, l.generation_reason, l.generation_run_after
              into leader, leads_reason, leads_run_after
              from spotter.flight f
              left join public.training_programs l
                     on l.id = f.leader and l.generation_status = 'pending' and l.generation_run_after > now()
             where f.key = standing.cache_key;
            return;
        end if;
        if run_after > now() then return; end if;

        -- Each daemon has a limit of its own, and one that has none takes the row.
        select count(*) into running
          from (select from public.training_programs p
                 where uuid_send(p.user_id) = uuid_send(owner)
                   and p.generation_status = 'processing' and p.generation_run_after > '-infinity' limit 1000) x;
        select coalesce(bool_and(coalesce(running >= w.user_slots, false)), false) into at_limit
          from spotter.worker w
         where w.beat_at > heard_since;
        select count(*) into ahead
          from (select from public.training_programs q
                 where q.generation_status = 'pending' and not q.generation_waiting
                   and (q.program_details = '{}'::jsonb or q.generation_retries > 0) and q.generation_priority > 0
                   and (q.generation_priority, q.generation_run_after) < (standing.priority, standing.run_after)
                   and q.generation_run_after <= now()
                 limit 10000) x;
    end
    $$;
revoke all on function spotter.standing from public;
grant execute on function spotter.standing to authenticated, service_role, spotter_worker;

-- `ahead` counts to 10,000. `expected_seconds` takes the rows that the daemons settle in a second, of late; users are
-- served by turns, so a user with few rows is done sooner.
create view public.generation_reasons with (security_invoker = true) as
select p.id, 'training_program'::text as kind, p.user_id,
       p.generation_status as status, x.reason,
       coalesce(r.meaning, p.generation_error, format('The daemon says "%s".', x.reason)) as meaning,
       coalesce(r.what_to_do, case p.generation_status
           when 'failed' then 'Look at the error; set generation_status to pending to try again.'
           else 'Nothing: it is tried again.' end) as what_to_do,
       p.generation_stage as stage, p.generation_progress as progress,
       case when x.reason in ('in_queue', 'user_limit', 'paused', 'no_worker') then s.ahead end as ahead,
       case when x.reason = 'in_queue' and s.rate > 0 then round((s.ahead / s.rate)::numeric, 1) end as expected_seconds,
       case when p.generation_status = 'pending' and p.generation_run_after > now()
            then round(extract(epoch from p.generation_run_after - now())::numeric, 1) end as starts_in_seconds,
       round(extract(epoch from coalesce(p.generation_finished_at, now()) - p.generation_queued_at)::numeric, 3)
           as waited_seconds,
       round(extract(epoch from coalesce(p.generation_finished_at, now()) - p.generation_started_at)::numeric, 3)
           as worked_seconds,
       p.generation_priority as priority, p.generation_run_after as run_after,
       p.generation_attempts as attempts, p.generation_crashes as crashes, p.generation_calls as calls,
       p.generation_retries as retries, p.generation_error_code as error_code, p.generation_error as error,
       s.paused_since, s.paused_because,
       (select l.id from public.training_programs l where l.id = s.leader) as leader,
       s.leads_reason, s.leads_run_after, s.workers
  from public.training_programs p
 cross join lateral spotter.standing(p.user_id, p.generation_status, p.generation_worker, p.generation_waiting,
                                     p.generation_cache_key, p.generation_priority, p.generation_run_after) s
 cross join lateral (
       select case
           when p.generation_status = 'completed' then 'done'
           when p.generation_status = 'failed' then coalesce(p.generation_error_code, 'failed')
           when p.generation_status = 'processing' then case when s.worker_silent then 'worker_silent' else 'working' end
           when p.generation_status is distinct from 'pending' then 'not_ours'
           when p.program_details <> '{}'::jsonb and p.generation_retries = 0 then 'holds_content'
           when s.paused_since is not null then 'paused'
           when s.workers = 0 then 'no_worker'
           when p.generation_waiting then 'same_in_flight'
           when p.generation_run_after > now() then coalesce(p.generation_reason, 'scheduled')
           when s.at_limit then 'user_limit'
           else 'in_queue' end) as x(reason)
  left join spotter.reason r on r.code = x.reason;

revoke all on public.generation_reasons from anon, authenticated;
grant select on public.generation_reasons to authenticated, service_role, spotter_worker;
