-- The daemon's private state. Users have no business here.

create schema if not exists spotter;
revoke all on schema spotter from public;
grant usage on schema spotter to spotter_worker, service_role;

-- A running daemon. It beats every few seconds; the rows of one that stopped are taken back.
create table spotter.worker (
    id         bigint generated always as identity primary key,
    host       text        not null,
    pid        integer     not null,
    version    text        not null,
    slots      integer     not null,
    started_at timestamptz not null default now(),
    beat_at    timestamptz not null default now(),
    -- Since when no beat was late; see spotter.silent_workers.
    awake_since timestamptz not null default now(),
    user_slots integer,                               -- what it lets one user run at once; null is without a limit
    rate       double precision not null default 0    -- the rows it settles in a second, of late
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- Whether `self` may speak of others' silence: once its beat was late, or when it is new, it takes a lease's time to hear
-- them.
create function spotter.has_listened(self bigint, lease double precision) returns boolean
    language sql stable
    as $$
    select exists (select from spotter.worker me
                    where me.id = self and me.awake_since < me.beat_at - make_interval(secs => lease))
    $$;

-- Who has not beaten for `lease` seconds, as far as `self` may say. It goes by its own last beat, so that one that stood
-- still has heard of nobody's silence since. A server that was away has heard nobody: silence counts from its start at the
-- earliest.
create function spotter.silent_workers(self bigint, lease double precision) returns setof bigint
    language sql stable
    as $$
    select w.id
      from spotter.worker me
      join spotter.worker w on w.id <> me.id
     where me.id = self and spotter.has_listened(self, lease)
       and greatest(w.beat_at, pg_postmaster_start_time()) < me.beat_at - make_interval(secs => lease)
    $$;
revoke all on function spotter.has_listened, spotter.silent_workers from public;

-- A daemon compares the schema's version with its own before it starts.
grant select on spotter.migration to spotter_worker;
grant select, insert, update, delete on spotter.worker to spotter_worker;
grant execute on function spotter.has_listened, spotter.silent_workers to spotter_worker;

-- A notification says whose rows to look at, never what to do; it is sent while somebody sleeps (spotter.bell). It runs with
-- every INSERT, and to set a search path would be half of what it costs. So each name in it says whose it is, operators too:
-- whoever calls it may have a path of their own.
create function spotter.wake() returns trigger
    language plpgsql security definer
    as $$
    begin
        if exists (select from spotter.bell b
                    where b.lane operator(pg_catalog.=) any (array['*', tg_table_name::pg_catalog.text])) then
            perform pg_catalog.pg_notify('spotter', tg_table_name::pg_catalog.text);
        end if;
        return null;
    end
    $$;
