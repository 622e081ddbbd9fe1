-- Roles, and the small part of Supabase that the rest refers to, where it is absent. What Supabase made stays
-- as it is.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role', 'spotter_worker'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin noinherit', wanted);
            exception
                when duplicate_object or unique_violation then null;  -- another database's migration was quicker
                when insufficient_privilege then
                    raise exception 'the role "%" is missing and % may not create it', wanted, current_user
                        using hint = format('Let an administrator run: create role %I nologin', wanted);
            end;
        end if;
    end loop;

    if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
        begin
            alter role service_role bypassrls;
        exception
            when insufficient_privilege then null;  -- the policies below let it through as well
            when others then
                if sqlerrm not like '%concurrently updated%' then raise; end if;
        end;
    end if;

    if to_regnamespace('auth') is null then
        create schema auth;
        grant usage on schema auth to anon, authenticated, service_role, spotter_worker;
    end if;

    if to_regclass('auth.users') is null then
        create table auth.users (
            id         uuid primary key default gen_random_uuid(),
            email      text,
            created_at timestamptz not null default now()
        );
    end if;

    if to_regprocedure('auth.uid()') is null then
        -- Who is asking: PostgREST puts the token's claims into this setting.
        create function auth.uid() returns uuid
            language sql stable
            as $f$
                select nullif(coalesce(
                    nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'), '')::uuid
            $f$;
        grant execute on function auth.uid() to public;
    end if;

    if not exists (select from pg_publication where pubname = 'supabase_realtime') then
        begin
            create publication supabase_realtime;
        exception
            when insufficient_privilege then
                raise notice 'publication supabase_realtime is missing and % may not create it; Realtime will not see changes', current_user;
        end;
    end if;
end
$$;

grant usage on schema public to anon, authenticated, service_role, spotter_worker;
