-- Who is served next: by priority and age over all, and by turns between users.

-- What may be claimed. A row that already holds a program is nobody's to overwrite, whatever its status says, unless
-- somebody asked for it again. A daemon's plan may be made while the table is empty and used when it is full, or the other way
-- round, so each index has a word of its own, and with it each query one index only that it could use: the conditions
-- that hold for every row, and uuid_send in the place of the user's id itself, which an app's index may begin with.
-- What is nobody's has its turn under an id of zeros.
-- queue/claim_statements.cpp carries the same words.
create index training_programs_ready on public.training_programs (generation_priority, generation_run_after)
    where generation_status = 'pending' and not generation_waiting
      and (program_details = '{}'::jsonb or generation_retries > 0)
      and generation_priority > 0;
create index training_programs_turns
    on public.training_programs (uuid_send(coalesce(user_id, '00000000-0000-0000-0000-000000000000')),
                                 generation_priority, generation_run_after)
    where generation_status = 'pending' and not generation_waiting
      and (program_details = '{}'::jsonb or generation_retries > 0)
      and generation_run_after > '-infinity';

-- What is being worked on, by whom, and for whom.
create index training_programs_running on public.training_programs (generation_worker)
    where generation_status = 'processing' and generation_priority > 0;
create index training_programs_running_of on public.training_programs (uuid_send(user_id))
    where generation_status = 'processing' and generation_run_after > '-infinity';

-- When a user was last served: equal users go in turn. Unlogged, because it is only worth a turn.
create unlogged table spotter.served (
    user_id uuid primary key,
    at      timestamptz not null default now()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
grant select, insert, update, delete on spotter.served to spotter_worker;

-- The kinds of work there are.
create table spotter.kind (
    name       text primary key,
    about      text,
    users_own  boolean not null default false,  -- its cache holds each user's own: an answer to nobody is not kept
    -- Bytes of an input. Claims read and hash it before anybody can say that it is too much.
    most_input integer not null default 131072
);
insert into spotter.kind (name, about, users_own) values ('training_program', 'a training program from a user''s onboarding', true);
grant select on spotter.kind to authenticated, spotter_worker, service_role;

-- Nothing of a kind is claimed while it is named here; '*' is every kind.
create table spotter.pause (
    kind   text primary key,
    since  timestamptz not null default now(),
    by     text        not null default session_user,
    reason text
);
grant select, insert, update, delete on spotter.pause to spotter_worker, service_role;

-- The bell -------------------------------------------------------------------------------------------------------

-- A notification takes a lock at commit that all writers share. So it is only sent while somebody sleeps: a daemon
-- that goes idle puts its name here, and takes it away while it is busy. Unlogged: after a crash nobody sleeps until
-- they say so again.
create unlogged table spotter.bell (
    worker bigint not null,
    lane   text   not null default '*',  -- '*' by a daemon that does not know of lanes
    primary key (worker, lane)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
grant select, insert, delete on spotter.bell to spotter_worker;
