-- Document 5's function: SQL for a question, from within SQL, and what that query yields. Optional, because plpython3u
-- is for superusers to install (Debian: postgresql-plpython3-15):
--
--   psql -v ON_ERROR_STOP=1 -d your_database -f ai_gen_via_worker.sql
--   grant execute on function ai_gen_via_worker to your_role;
--
-- The daemon is asked at http://127.0.0.1:8088/generate. Where it listens elsewhere, its owner says so for the
-- database:
--
--   alter database your_database set spotter.worker_url = 'http://10.0.0.7:8088';
--
-- What a session sets for itself does not count, nor what a role does: nobody who may call the function chooses whom
-- the database asks.

begin;

create extension if not exists plpython3u;

-- Runs a query as spotter_reader, whose it is, in a read-only transaction and to `most_rows` rows. A query that wants
-- to be somebody else is refused: within such a function nobody can.
create or replace function spotter.run_sql_query(query text, path text, most_rows integer) returns jsonb
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
    declare
        found_rows jsonb[] := '{}';
        found_row  record;
        results    refcursor;
    begin
        begin
            perform set_config('transaction_read_only', 'on', true), set_config('search_path', path || ', pg_temp', true);
            open results no scroll for execute query;
            loop
                fetch results into found_row;
                exit when not found or cardinality(found_rows) = most_rows;
                found_rows := found_rows || to_jsonb(found_row);
            end loop;
            raise sqlstate 'DONE1';
        exception
            when sqlstate 'DONE1' then null;  -- rolled back, so that the caller's transaction can write again
        end;
        return jsonb_build_object('row_count', cardinality(found_rows), 'rows', to_jsonb(found_rows));
    end
    $$;
alter function spotter.run_sql_query owner to spotter_reader;
revoke all on function spotter.run_sql_query from public;

-- JSON text: {"sql", "executed", "tokens_used"}, and where the query was executed {"row_count", "rows"} as well; at
-- most 1,000 rows. The daemon has `timeout_seconds` for its answer, and the query as long again. What goes wrong is an
-- exception.
create or replace function public.ai_gen_via_worker(prompt_text text, execute_query boolean default false,
                                                    timeout_seconds integer default 10) returns text
    language plpython3u security definer set search_path = pg_catalog, pg_temp
    as $python$
import ctypes
import http.client
import json
import os
import signal
import time
import urllib.parse

MOST_BYTES = 1024 * 1024
MOST_ROWS = 1000


def worker_url():
    kept = plpy.execute("select spotter.kept_setting(null, 'spotter.worker_url') as url")[0]["url"]
    return urllib.parse.urlsplit(kept or "http://127.0.0.1:8088")


def ask(url, body, deadline):
    """The daemon's answer, a dict. Neither a proxy nor a redirection is followed."""
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[url.scheme]
    connection = kind(url.hostname, url.port, timeout=deadline - time.monotonic())
    try:
        connection.request("POST", url.path.rstrip("/") + "/generate", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = b""
        while chunk := response.read1(65536):
            text += chunk
            if len(text) > MOST_BYTES:
                raise ValueError("its answer is longer than 1 MB")
            if time.monotonic() > deadline:
                raise TimeoutError("timed out")
        try:
            return dict(json.loads(text))
        except (TypeError, ValueError):
            raise ValueError("what it answers, with status %d, is no JSON object" % response.status)
    finally:
        connection.close()


def generated():
    url = worker_url()
    if url.scheme not in ("http", "https") or not url.hostname:
        plpy.error("spotter.worker_url is to be http://host:port, and is " + url.geturl(), sqlstate="22023")
    question = json.dumps({"prompt": prompt_text, "mode": "sql_only"}).encode()
    try:
        answer = ask(url, question, time.monotonic() + timeout_seconds)
    except (OSError, ValueError, http.client.HTTPException) as problem:
        plpy.error("AI Worker Error: no answer from " + url.geturl() + ": " + (str(problem) or type(problem).__name__),
                   hint="Is the daemon running, and does it listen there? See spotter.worker_url.", sqlstate="58000")
    if "error" in answer:
        problem = "AI Worker Error: %s" % answer["error"]
        if "expected_version" in answer:
            problem += " (Expected schema version: %s, got: %s)" % (answer["expected_version"],
                                                                    answer.get("received_version"))
        plpy.error(problem, sqlstate="P0001")
    if answer.get("validated") is not True or not isinstance(answer.get("sql"), str):
        plpy.error("AI Worker Error: the answer holds no validated SQL", sqlstate="P0001")
    return {"sql": answer["sql"], "executed": False, "tokens_used": answer.get("tokens_used", 0)}


class Alarm:
    """Cancels what this session runs after some seconds. A statement_timeout that is set within a statement counts from
    the next one on, and no thread of Python's goes on while a query runs: so the kernel is to send the signal that
    pg_cancel_backend() would."""

    def __init__(self, seconds):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.timer = ctypes.c_void_p()
        event = (ctypes.c_int * 16)(0, 0, signal.SIGINT, 0)  # struct sigevent: value, signal, SIGEV_SIGNAL
        if self.libc.timer_create(time.CLOCK_MONOTONIC, event, ctypes.byref(self.timer)) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self.libc.timer_settime(self.timer, 0, (ctypes.c_long * 4)(0, 0, seconds, 0), None)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.libc.timer_delete(self.timer)


def executed(result):
    run = plpy.prepare("""
        select ($1::jsonb || spotter.run_sql_query($1::jsonb ->> 'sql', coalesce(
                   spotter.kept_setting('spotter_reader', 'search_path'), '"$user", public'), $2))::text as result""",
                       ["text", "integer"])
    end = time.monotonic() + timeout_seconds
    try:
        with Alarm(timeout_seconds):
            return plpy.execute(run, [json.dumps(dict(result, executed=True)), MOST_ROWS])[0]["result"]
    except plpy.spiexceptions.QueryCanceled:
        if time.monotonic() < end:
            raise
        plpy.error("SQL execution failed: it took longer than %d s" % timeout_seconds, detail=result["sql"],
                   sqlstate="57014")
    except plpy.SPIError as problem:
        plpy.error("SQL execution failed: %s" % problem, detail=result["sql"], sqlstate=problem.sqlstate)


if prompt_text is None or timeout_seconds is None or not 1 <= timeout_seconds <= 600:
    plpy.error("prompt_text is to be a text, and timeout_seconds 1 to 600", sqlstate="22023")
result = generated()
return executed(result) if execute_query else json.dumps(result)
$python$;
revoke all on function public.ai_gen_via_worker from public, anon, authenticated;
grant execute on function public.ai_gen_via_worker to service_role;

comment on function public.ai_gen_via_worker is
    'SQL for a question, asked of Spotter''s daemon, as JSON; with execute_query the rows that it yields as well.';

commit;
