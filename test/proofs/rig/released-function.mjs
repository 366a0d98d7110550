/*
 * A container of a released function: runs its bundle as often as it is asked. Node alone runs it, as in Lambda.
 */
import { pathToFileURL } from "node:url";

/** Milliseconds by which the clock of the test differs. */
let ahead = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + ahead] : given));
  }

  static now() {
    return RealDate.now() + ahead;
  }
};

const [, , bundle] = process.argv;

process.on("message", async ({ environment, event, now, time }) => {
  Object.assign(process.env, environment);
  ahead = now - RealDate.now();
  const { handler } = await import(pathToFileURL(bundle).href);
  const endsAt = performance.now() + time;
  const context = {
    awsRequestId: "11111111-2222-3333-4444-555555555555",
    functionName: "vectra-cdr-exporter",
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
  const began = performance.now();
  const outcome = await handler(event, context).then(
    (result) => ({ result }),
    (error) => ({ error: `${error.name}: ${error.message}` }),
  );
  process.send({ ...outcome, milliseconds: performance.now() - began });
});
