-- Document 1's cache of programs, one user's own, 24 hours. The table may serve an app's other features as well:
-- only keys that begin with 'program:' are ours.

do $$
begin
    create table if not exists public.ai_coach_cache (
        cache_key         text primary key,
        user_id           uuid not null references auth.users (id) on delete cascade,
        recommendation    jsonb not null,
        hashed_data_input text,
        created_at        timestamptz not null default now(),
        expires_at        timestamptz not null
    );
    create index if not exists idx_ai_coach_cache_user_id_expires_at
        on public.ai_coach_cache (user_id, expires_at);
    create index if not exists idx_ai_coach_cache_hashed_data_input
        on public.ai_coach_cache (hashed_data_input);

    -- What a program's row keeps beside the program itself, so that a hit need not read into a large document.
    alter table public.ai_coach_cache add column if not exists summary jsonb;

    if not exists (select from pg_policy where polrelid = 'public.ai_coach_cache'::regclass) then
        create policy "owners read their entries" on public.ai_coach_cache
            for select to authenticated using (user_id = auth.uid());
        create policy "owners clear their entries" on public.ai_coach_cache
            for delete to authenticated using (user_id = auth.uid());
        create policy "owners write their entries" on public.ai_coach_cache
            for insert to authenticated with check (user_id = auth.uid());
        create policy "owners change their entries" on public.ai_coach_cache
            for update to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
        create policy "the service sees every entry" on public.ai_coach_cache
            for all to service_role using (true) with check (true);
    end if;
    -- Whatever an app's own policies allow: what answers a program is written after validation only.
    create policy "users write no program" on public.ai_coach_cache as restrictive
        for insert to anon, authenticated with check (cache_key not like 'program:%');
    create policy "users change no program" on public.ai_coach_cache as restrictive
        for update to anon, authenticated
        using (cache_key not like 'program:%') with check (cache_key not like 'program:%');
    create policy "spotter keeps the cache" on public.ai_coach_cache
        for all to spotter_worker using (true) with check (true);
end
$$;

alter table public.ai_coach_cache enable row level security;
revoke all on public.ai_coach_cache from anon, authenticated;
grant select, insert, update, delete on public.ai_coach_cache to authenticated, service_role, spotter_worker;

-- The key -------------------------------------------------------------------------------------------------------

-- A weight as kilograms, to the half kilogram, so that it is the same however it was written and whoever converted
-- it; anything that is no sensible weight stays as it is, for the daemon to complain of.
create function spotter.kilograms(weight jsonb, pounds boolean) returns jsonb
    language plpgsql stable parallel safe
    as $$
    begin
        if jsonb_typeof(weight) = 'number'
           or (jsonb_typeof(weight) = 'string'
               and weight #>> '{}' ~ '^\s*([0-9]{1,20}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][-+]?[0-9]{1,2})?\s*$') then
            if (weight #>> '{}')::numeric between 0 and 100000 then
                return to_jsonb(trim_scale(
                    round((weight #>> '{}')::numeric * case when pounds then 0.45359237 else 1 end * 2) / 2));
            end if;
        end if;
        return weight;
    end
    $$;

grant execute on all functions in schema spotter to spotter_worker, service_role;
