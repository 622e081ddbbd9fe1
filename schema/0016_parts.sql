-- What was answered of a row that is asked for in parts: kept until the whole is there, so that neither a part without an
-- answer nor a daemon's end loses what was paid for. Found by what was asked, so it serves whichever row asks that again.

create table spotter.part (
    key          text primary key,  -- pipeline/kept_parts.cpp makes it
    kind         text not null,
    user_id      uuid references auth.users (id) on delete cascade,
    answer       text not null,     -- as the model gave it: it is checked again
    provider     text not null,
    model        text not null,
    generated_at text not null,
    made_at      timestamptz not null default now()
);
create index part_of_user on spotter.part (user_id);
grant select, insert, update, delete on spotter.part to spotter_worker, service_role;

-- Deletes a batch of parts whose row has not asked for them again in a day. Gives how many.
create function spotter.clear_parts(batch integer default 500) returns bigint
    language plpgsql
    as $$
    declare
        gone bigint;
    begin
        delete from spotter.part p
         where p.ctid = any (array(
               select x.ctid from spotter.part x
                where x.made_at < now() - interval '1 day' limit batch for update skip locked));
        get diagnostics gone = row_count;
        return gone;
    end
    $$;
revoke all on function spotter.clear_parts from public;
grant execute on function spotter.clear_parts to spotter_worker, service_role;
