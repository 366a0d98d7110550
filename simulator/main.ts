import { parseArgs } from "node:util";
import pc from "picocolors";
import { answered, WRONG_USAGE } from "../command-line/usage.js";
import { startTenant } from "./tenant.js";

const HELP = `A simulated Vectra tenant on this machine (npm run simulator -- <options>)

  --port <n>      port on 127.0.0.1; 0 for any free port  (default 0)
  --seed <n>      equal seeds give equal events           (default 7)
  --accounts <n>  AWS roles and users                     (default 40)
  --events <n>    scoring events per five minutes         (default 12)
  --history <n>   hours that have already passed          (default 1)
  --start <time>  start of the history, ISO 8601 in UTC   (default: the history ends now)
  --help, --version
`;

const CLIENT_ID = "simulated-client";
const CLIENT_SECRET = "simulated-secret";

interface Options {
  port: number;
  seed: number;
  accounts: number;
  events: number;
  history: number;
  start: Date | undefined;
}

/** @throws Error that names the option, its value and what is allowed */
function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      seed: { type: "string", default: "7" },
      accounts: { type: "string", default: "40" },
      events: { type: "string", default: "12" },
      history: { type: "string", default: "1" },
      start: { type: "string" },
    },
  });
  return {
    port: wholeNumber("port", values.port, 65_535),
    seed: wholeNumber("seed", values.seed, 2 ** 32 - 1),
    accounts: wholeNumber("accounts", values.accounts, 100_000, 1),
    events: wholeNumber("events", values.events, 1_000_000),
    history: wholeNumber("history", values.history, 10_000),
    start: values.start === undefined ? undefined : moment("start", values.start),
  };
}

function wholeNumber(option: string, text: string, most: number, least = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new Error(`--${option} is "${text}": use a whole number from ${least} to ${most}.`);
  }
  return value;
}

function moment(option: string, text: string): Date {
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(value.getTime())) {
    throw new Error(
      `--${option} is "${text}": use a time in UTC to the second, such as 2026-01-31T22:00:00Z.`,
    );
  }
  return value;
}

async function main(args: string[]): Promise<void> {
  process.exitCode = answered(args, HELP);
  if (process.exitCode !== undefined) {
    return;
  }
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    fail(error, WRONG_USAGE);
    return;
  }
  const historyMilliseconds = options.history * 3_600_000;
  const tenant = await startTenant({
    seed: options.seed,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    startTime: options.start ?? new Date(Math.floor((Date.now() - historyMilliseconds) / 1000) * 1000),
    accounts: options.accounts,
    eventsPerTick: options.events,
    port: options.port,
  });
  tenant.advance(historyMilliseconds);

  console.log(`${pc.bold("Simulated Vectra tenant")} at ${pc.cyan(tenant.url)} (Ctrl-C to stop)

  client id      ${CLIENT_ID}
  client secret  ${CLIENT_SECRET}
  events so far  ${tenant.events().length}, seed ${options.seed}, simulated time ${tenant.now().toISOString()}

${pc.bold("Read events")}
  TOKEN=$(curl -s -u ${CLIENT_ID}:${CLIENT_SECRET} -d grant_type=client_credentials ${tenant.url}/oauth2/token | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
  curl -s -H "Authorization: Bearer $TOKEN" "${tenant.url}/api/v3.4/events/entity_scoring?type=account&from=0&limit=2"

${pc.bold("Advance the time by five minutes")}
  curl -s -d '{"minutes":5}' ${tenant.url}/_simulator/advance

${pc.bold("Make the next page fail")} (kinds: simulator/README.md)
  curl -s -d '{"on":"events","kind":"429-retry-after","times":1,"retryAfterSeconds":2}' ${tenant.url}/_simulator/faults
`);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      tenant.close().then(() => console.log(`Stopped after ${tenant.requests().length} requests.`));
    });
  }
}

function fail(error: unknown, code: number): void {
  console.error(`${pc.red("simulator:")} ${error instanceof Error ? error.message : String(error)}`);
  console.error("npm run simulator -- --help lists the options.");
  process.exitCode = code;
}

main(process.argv.slice(2)).catch((error: unknown) => fail(error, 1));
