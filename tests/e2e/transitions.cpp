#include "e2e/transitions.hpp"

namespace spotter::test {

void record_transitions(AppDatabase& app) {
    app.run(R"sql(
        create table transition (id uuid, was text, became text, at timestamptz default clock_timestamp());
        create function record_transition() returns trigger language plpgsql as $$
        begin
            insert into transition (id, was, became) values (new.id, old.generation_status, new.generation_status);
            return null;
        end $$;
        create trigger record_transition after update on public.training_programs for each row
            when (old.generation_status is distinct from new.generation_status)
            execute function record_transition())sql");
}

void ask_for_many(AppDatabase& app, int rows) {
    app.value(
        "with users as (insert into auth.users (email) select gen_random_uuid()::text "
        "from generate_series(1, $1::int) returning id) "
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select id, $2::jsonb from users",
        rows, onboarding());
}

}  // namespace spotter::test
