-- The documents' cleaning by the clock, for databases that no daemon looks after, or not always: a daemon does all of
-- this by itself. Optional, because pg_cron has to be loaded at the server's start (Debian: postgresql-15-cron):
--
--   shared_preload_libraries = 'pg_cron'     in postgresql.conf, and
--   cron.database_name = 'your_database'
--
--   psql -v ON_ERROR_STOP=1 -d your_database -f pg_cron.sql
--
-- A job that is scheduled again under its name is changed. Each has its document's name or that of its function:
--   select cron.unschedule('cleanup-ai-cache');

create extension if not exists pg_cron;

select cron.schedule(job.name, job.clock, 'select ' || job.call)
  from (values ('cleanup-ai-cache',         '0 * * * *', 'public.ai_worker_cleanup_cache()'),
               ('cleanup-exercises',        '0 3 * * *', 'public.cleanup_expired_exercises()'),
               ('evict-exercises',          '0 4 * * *', 'public.evict_lru_exercises(10000)'),
               ('refresh-exercise-metrics', '0 5 * * *', 'public.refresh_exercise_cache_metrics()')
       ) as job(name, clock, call)
 where exists (select from pg_proc p
                where p.pronamespace = 'public'::regnamespace and starts_with(job.call, 'public.' || p.proname || '('))
 order by job.name;
