// Replaces the exporter's function in backfill.e2e.test.ts. SCRIPT holds its results for each slice, call by call,
// keyed by the slice's `from`; the last result repeats. Every call is recorded in CALLS, one line each.
//
// It has its own runtime, because MiniStack's Node runtime does not report the name of a thrown error.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

const { AWS_LAMBDA_RUNTIME_API, SCRIPT, CALLS } = process.env;
const invocations = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function answerTo(event) {
  const { from } = event.backfill;
  const calls = existsSync(CALLS) ? readFileSync(CALLS, "utf8").trim().split("\n") : [];
  const before = calls.filter((call) => JSON.parse(call).backfill.from === from).length;
  appendFileSync(CALLS, `${JSON.stringify(event)}\n`);
  const answers = JSON.parse(SCRIPT)[from];
  return answers[Math.min(before, answers.length - 1)];
}

for (;;) {
  const next = await fetch(`${invocations}/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const { error, ...result } = answerTo(await next.json());
  const failure = { errorMessage: "It is scripted to fail.", errorType: error };
  const objects = [{ key: "x".repeat(10_000), events: 1, bytes: 1 }];
  await fetch(`${invocations}/${id}/${error === undefined ? "response" : "error"}`, {
    method: "POST",
    headers: error === undefined ? {} : { "lambda-runtime-function-error-type": error },
    body: JSON.stringify(error === undefined ? { ...result, objects } : failure),
  });
}
