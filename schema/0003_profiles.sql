-- What a program is planned from. An app's own table is adopted: only the columns that we read are added.

do $$
declare
    ours boolean := to_regclass('public.profiles') is null;
begin
    create table if not exists public.profiles (
        id                     uuid primary key references auth.users (id) on delete cascade,
        email                  text,
        name                   text,
        age                    integer check (age between 13 and 120),
        fitness_goals          text,
        weight_unit            text default 'kg' check (weight_unit in ('kg', 'lbs')),
        primary_training_focus text,
        experience_level       text,
        onboarding_responses   jsonb,
        onboarding_completed   boolean not null default false,
        is_premium             boolean not null default false,
        trial_ends_at          timestamptz,
        subscription_tier      text default 'trial' check (subscription_tier in ('trial', 'standard', 'pro')),
        created_at             timestamptz not null default now(),
        updated_at             timestamptz not null default now()
    );

    if not exists (select from pg_attribute where attrelid = 'public.profiles'::regclass and attname = 'id') then
        raise undefined_column using
            message = 'public.profiles has no column id, by which a user''s profile is found',
            hint = 'If another column holds the user''s id: alter table public.profiles add column id uuid '
                   'generated always as (that_column) stored';
    end if;
    alter table public.profiles
        add column if not exists name                 text,
        add column if not exists age                  integer,
        add column if not exists weight_unit          text,
        add column if not exists experience_level     text,
        add column if not exists onboarding_responses jsonb,
        add column if not exists is_premium           boolean,
        add column if not exists trial_ends_at        timestamptz;

    if ours then
        alter table public.profiles enable row level security;
        revoke all on public.profiles from anon;
        -- Paid access is not the owner's to give: the column grants leave it out.
        revoke all on public.profiles from authenticated;
        grant select on public.profiles to authenticated;
        grant insert (id, email, name, age, fitness_goals, weight_unit, primary_training_focus, experience_level,
                      onboarding_responses, onboarding_completed) on public.profiles to authenticated;
        grant update (email, name, age, fitness_goals, weight_unit, primary_training_focus, experience_level,
                      onboarding_responses, onboarding_completed, updated_at) on public.profiles to authenticated;
        grant all on public.profiles to service_role;
        create policy "owners read their profile" on public.profiles
            for select to authenticated using (id = auth.uid());
        create policy "owners create their profile" on public.profiles
            for insert to authenticated with check (id = auth.uid());
        create policy "owners change their profile" on public.profiles
            for update to authenticated using (id = auth.uid()) with check (id = auth.uid());
        create policy "the service sees every profile" on public.profiles
            for all to service_role using (true) with check (true);
    end if;

    grant select on public.profiles to spotter_worker;
    create policy "spotter reads profiles" on public.profiles for select to spotter_worker using (true);
end
$$;
