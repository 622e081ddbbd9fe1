// graphile-worker for the benchmarks. The environment says what to do:
//   GRAPHILE      folder in which it was installed
//   DATABASE_URL  its database
//   PRESET        JSON, the worker's settings; "migrate": makes its schema and ends
//   MODEL_URL     whom the task "call" asks
// Says "ready" on stdout once it works. On SIGTERM it finishes what it has begun and prints JSON: how many jobs with a
// number n were run, and the monotonic clock in nanoseconds when the first and the last of them were started, and each
// call by its number.

import http from "node:http";

const { run, runMigrations, Logger } = await import(
  `${process.env.GRAPHILE}/node_modules/graphile-worker/dist/index.js`
);
const connectionString = process.env.DATABASE_URL;
const logger = new Logger(() => (level, message) => {
  if (level === "error") console.error(message);
});

if (process.env.PRESET === "migrate") {
  await runMigrations({ connectionString, logger });
  process.exit(0);
}

let jobs = 0;
let first = 0n;
let last = 0n;
const starts = {};

function started() {
  last = process.hrtime.bigint();
  if (jobs++ === 0) first = last;
}

const agent = new http.Agent({ keepAlive: true });

function ask(body) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request(process.env.MODEL_URL, { method: "POST", agent, headers }, (response) => {
      response.on("end", resolve).on("error", reject).resume();
    });
    request.on("error", reject).end(body);
  });
}

const taskList = {
  noop({ n }) {
    if (n !== undefined) started();
  },
  async call({ n }) {
    started();
    starts[n] = Number(last);
    await ask(JSON.stringify({ row: `bench-row-${n}.` }));
  },
};

const preset = { worker: { connectionString, logger, ...JSON.parse(process.env.PRESET ?? "{}") } };
const runner = await run({ preset, taskList, noHandleSignals: true });
process.once("SIGTERM", async () => {
  await runner.stop();
  console.log(JSON.stringify({ jobs, first: Number(first), last: Number(last), starts }));
  process.exit(0);
});
console.log("ready");
await runner.promise;
