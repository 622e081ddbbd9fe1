-- What was answered of a row that is asked for in parts: kept until the whole is there, so that neither a part without an
-- answer nor a daemon's end loses what was paid for. Found by what was asked, so it serves whichever row asks that again.

create table spotter.part (
    key          text primary key,  -- of what was asked and with which versions; pipeline/kept_parts.cpp makes it
    kind         text not null,
    cache_key    text not null,     -- its row's
    user_id      uuid references auth.users (id) on delete cascade,
    answer       text not null,     -- as the model gave it: it is checked again
    provider     text not null,
    model        text not null,
    generated_at text not null,
    made_at      timestamptz not null default now()
);
create index part_of_user on spotter.part (user_id);
create index part_of_row on spotter.part (cache_key);
grant select, insert, update, delete on spotter.part to spotter_worker, service_role;

-- All that is done to parts saves calls and is no row's business: none of it waits for a lock.
create function spotter.find_parts(keys jsonb)
    returns table (key text, answer text, provider text, model text, generated_at text)
    language plpgsql set lock_timeout = '50ms'
    as $$
    begin
        return query select p.key, p.answer, p.provider, p.model, p.generated_at
                       from spotter.part p
                      where p.key = any (array(select jsonb_array_elements_text(keys)));
    end
    $$;

-- Keeps a part of a row while that leads its flight: an invalidation has taken the flight of what is not to be kept. Its
-- user stands in the row's key.
create function spotter.keep_part(of_row uuid, part spotter.part) returns void
    language plpgsql set lock_timeout = '50ms'
    as $$
    begin
        insert into spotter.part (key, kind, cache_key, user_id, answer, provider, model, generated_at)
        select part.key, part.kind, part.cache_key,
               substring(part.cache_key from ':u([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})')::uuid,
               part.answer, part.provider, part.model, part.generated_at
         where exists (select from spotter.flight f where f.key = part.cache_key and f.leader = of_row)
            on conflict on constraint part_pkey do nothing;
    end
    $$;

create function spotter.forget_parts(of_cache_key text) returns void
    language plpgsql set lock_timeout = '50ms'
    as $$
    begin
        delete from spotter.part p where p.cache_key = of_cache_key;
    end
    $$;

-- Deletes a batch of each of what was noted and is of no use any more: parts that were answered a day ago, users' turns of
-- 30 days ago, days of cache use of 400 days ago. Gives how many of whichever were the most: call it until that is less
-- than `batch`.
create function spotter.clear_ledgers(batch integer default 500) returns bigint
    language plpgsql
    as $$
    declare
        gone bigint;
        more bigint;
    begin
        delete from spotter.part p
         where p.ctid = any (array(
               select x.ctid from spotter.part x
                where x.made_at < now() - interval '1 day' limit batch for update skip locked));
        get diagnostics gone = row_count;
        delete from spotter.served s
         where s.ctid = any (array(
               select x.ctid from spotter.served x
                where x.at < now() - interval '30 days' limit batch for update skip locked));
        get diagnostics more = row_count;
        gone := greatest(gone, more);
        delete from spotter.cache_day d
         where d.ctid = any (array(
               select x.ctid from spotter.cache_day x
                where x.day < current_date - 400 limit batch for update skip locked));
        get diagnostics more = row_count;
        return greatest(gone, more);
    end
    $$;
revoke all on function spotter.find_parts, spotter.keep_part, spotter.forget_parts, spotter.clear_ledgers from public;
grant execute on function spotter.find_parts, spotter.keep_part, spotter.forget_parts, spotter.clear_ledgers
    to spotter_worker, service_role;
