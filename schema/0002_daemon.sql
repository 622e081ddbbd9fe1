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
    beat_at    timestamptz not null default now()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- A claim's fencing token: a settle that does not carry the row's present one changes nothing.
create sequence spotter.token as bigint cache 32;

-- A daemon compares the schema's version with its own before it starts.
grant select on spotter.migration to spotter_worker;
grant select, insert, update, delete on spotter.worker to spotter_worker;
grant usage on sequence spotter.token to spotter_worker;

-- The channel's payload is constant: a notification says "look", never what to do.
create function spotter.wake() returns trigger
    language plpgsql
    as $$
    begin
        perform pg_notify('spotter', '');
        return null;
    end
    $$;
