import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAMBDA_LIMITS } from "../../../bench/backlog.js";
import { bundleExporter } from "../../../functions/security-lake-exporter/bundle.js";
import { type Aws, startAws } from "../../../simulator/aws/stand-ins.js";
import { listenOnLoopback, readBody } from "../../../simulator/loopback.js";
import * as hostile from "./answers.js";

/** The most that an answer may cost, in megabytes above what the loaded function takes. */
const LIMIT = 150;
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
const LAKE = {
  bucket: "lake",
  prefix: "ext/vectra-cdr/",
  roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  externalId: "external-id-of-the-test",
};

type Send = (response: ServerResponse, url: URL, request: IncomingMessage) => unknown;

interface HostileAnswer {
  readonly what: string;
  /** In place of a page of events. @default - one that has none */
  readonly events?: Send;
  /** In place of a token. */
  readonly token?: Send;
  /** In place of an account. */
  readonly account?: Send;
  /** How the run ends: with a result, or an error. */
  readonly outcome: unknown;
}

const json =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = {}, status = 200): Send =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
const without = json('{"events":[],"next_checkpoint":0,"remaining_count":0}');
const blank = Buffer.alloc(64_000, " ");
const unreadable = (excess: string) =>
  expect.stringMatching(new RegExp(`answered with more than ${excess}, more .* at cursor 0 cannot be read`));

/** A log of events, in pages as they are asked for. */
const log =
  (count: number, eventAt: (id: number) => string): Send =>
  (response, { searchParams }, request) => {
    const from = Number(searchParams.get("from"));
    const to = Math.min(count, from + Number(searchParams.get("limit")));
    const events = Array.from({ length: to - from }, (_, index) => eventAt(from + index));
    return json(hostile.page(events, to, count - to))(response, new URL("http://x"), request);
  };

const ANSWERS: readonly HostileAnswer[] = [
  ...(["gzip", "br", "zstd"] as const).map((encoding) => ({
    what: `a bomb in ${encoding}`,
    events: lazily(() => json(hostile.BOMBS[encoding](), { "content-encoding": encoding })),
    outcome: unreadable("4 MB"),
  })),
  {
    what: "a million empty events",
    events: json(hostile.MILLION_EVENTS),
    outcome: unreadable("100,000 values"),
  },
  { what: "4 MB of nesting", events: json(hostile.NESTING), outcome: unreadable("100,000 values") },
  {
    what: "an event of 4 MB of nesting",
    events: json(hostile.NESTING_IN_EVENT),
    outcome: expect.objectContaining({ eventsRead: 1, eventsQuarantined: 1, caughtUp: true }),
  },
  {
    what: "an event of 4 MB of small numbers",
    events: json(hostile.SMALL_NUMBERS),
    outcome: expect.objectContaining({ eventsRead: 1, eventsQuarantined: 1, caughtUp: true }),
  },
  {
    what: "a body without end",
    events: (response) => hostile.sendMuch(response.writeHead(200), blank),
    outcome: unreadable("4 MB"),
  },
  {
    what: "an error page of 1 GB",
    events: (response) => hostile.sendMuch(response.writeHead(403), blank, 1e9),
    outcome: expect.stringMatching(/entity_scoring answered 403$/),
  },
  {
    what: "an error page of 1 GB, again and again",
    events: (response) => hostile.sendMuch(response.writeHead(502), blank, 1e9),
    outcome: expect.stringMatching(/entity_scoring answered 502$/),
  },
  {
    what: "huge texts",
    events: json(hostile.HUGE_STRINGS),
    outcome: expect.objectContaining({ eventsRead: 1, eventsQuarantined: 1 }),
  },
  {
    what: "a huge name of a field",
    events: json(hostile.HUGE_KEY),
    outcome: expect.objectContaining({ eventsRead: 1, eventsWritten: 1 }),
  },
  {
    what: "an event of 3.9 MB",
    events: json(hostile.HUGE_EVENT),
    outcome: expect.objectContaining({ eventsRead: 1, eventsWritten: 1 }),
  },
  {
    what: "1,000 events of 4 kB",
    events: log(1000, (id) => hostile.eventOf(id, { urgency_reason: "x".repeat(4000) })),
    outcome: expect.objectContaining({ eventsRead: 1000, eventsWritten: 1000, caughtUp: true }),
  },
  {
    what: "15 events of 3.9 MB",
    events: log(15, (id) => hostile.eventOf(id, { urgency_reason: "x".repeat(3_900_000) })),
    outcome: expect.objectContaining({ eventsRead: 15, eventsWritten: 15, caughtUp: true }),
  },
  {
    what: "pages of objects that all differ, as many as are read",
    events: log(4000, (id) =>
      hostile.eventOf(id, { unknown: JSON.parse(`[${hostile.differentObjects(70, `f${id}_`)}]`) }),
    ),
    outcome: expect.objectContaining({ eventsRead: 4000, eventsWritten: 4000, caughtUp: true }),
  },
  {
    what: "headers without end",
    events: (_response, _url, request) => hostile.sendHeaders(request),
    outcome: expect.stringMatching(/entity_scoring failed: fetch failed \(/),
  },
  {
    what: "a body that is shorter than its length",
    events: (response) => {
      response.writeHead(200, { "content-length": "1000000" });
      response.write('{"events":[', () => response.destroy());
    },
    outcome: expect.stringMatching(/entity_scoring failed: terminated/),
  },
  {
    what: "a body that is longer than its length",
    events: (_response, _url, { socket }) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"events":${"[".repeat(5_000_000)}`),
    outcome: expect.stringMatching(/entity_scoring (answered 200 with a body that is not JSON|failed: )/),
  },
  {
    what: "a token of 1 GB",
    token: (response) => hostile.sendMuch(response.writeHead(200), blank, 1e9),
    outcome: expect.stringMatching(
      /oauth2\/token answered with more than 64 kB, more than the exporter reads$/,
    ),
  },
  {
    what: "accounts of 1 GB, eight at a time",
    events: log(24, hostile.eventOf),
    account: (response) => hostile.sendMuch(response.writeHead(200), blank, 1e9),
    outcome: expect.objectContaining({ eventsWritten: 24, caughtUp: true }),
  },
  {
    what: "accounts of a million values, eight at a time",
    events: log(24, hostile.eventOf),
    account: json(`{"id":1,"more":[${"{},".repeat(330_000)}{}]}`),
    outcome: expect.objectContaining({ eventsWritten: 24, caughtUp: true }),
  },
  {
    what: "accounts of as many values as are read, eight at a time",
    events: log(24, hostile.eventOf),
    account: (response, { pathname }) =>
      response.end(
        `{"id":${pathname.split("/").at(-1)},"more":[${hostile.differentObjects(12_000, `a${pathname.split("/").at(-1)}_`)}]}`,
      ),
    outcome: expect.objectContaining({ eventsWritten: 24, failedLookups: 0 }),
  },
];

describe("the function's memory", () => {
  const directory = mkdtempSync(join(tmpdir(), "hostile "));
  const bundle = join(directory, "index.mjs");
  // Most of the time they wait: for pauses, or for each other's answers.
  const limit = pLimit(4);
  let aws: Aws;
  let measured: ReadonlyMap<string, Measured>;

  beforeAll(async () => {
    const zip = unzipSync(readFileSync(bundleExporter(directory).zipPath));
    writeFileSync(bundle, strFromU8(zip["index.mjs"] ?? new Uint8Array()));
    aws = await startAws({
      lakeDirectory: directory,
      lake: LAKE,
      table: { name: "checkpoints", hashKey: "pk", rangeKey: "sk" },
      secrets: { [SECRET_ARN]: JSON.stringify({ client_id: "client", client_secret: "secret" }) },
    });
    const found = await limit.map(ANSWERS, async (answer, index) => {
      return [answer.what, await measure(answer, `t${index}`)] as const;
    });
    measured = new Map(found);
  }, 400_000);
  afterAll(async () => {
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  interface Measured {
    readonly idle: number;
    readonly peak: number;
    readonly outcome: unknown;
  }

  async function measure(
    { events = without, token, account }: HostileAnswer,
    tenant: string,
  ): Promise<Measured> {
    const server = await listenOnLoopback(async (request, response) => {
      await readBody(request);
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const send =
        url.pathname === "/oauth2/token"
          ? (token ?? json('{"access_token":"token","expires_in":1799}'))
          : url.pathname.includes("/events/")
            ? events
            : (account ?? json('{"detail":"Not found."}', {}, 404));
      await send(response, url, request);
    });
    const child = fork(join(import.meta.dirname, "function.mjs"), [bundle, tenant], {
      execArgv: [...LAMBDA_LIMITS],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: {
        ...process.env,
        ...aws.environment,
        TENANTS: JSON.stringify([
          {
            name: tenant,
            url: server.url,
            secretArn: SECRET_ARN,
            partitionAccountId: "333333333333",
            includeScoreDecreases: true,
            start: "beginning",
          },
        ]),
        CHECKPOINT_TABLE: "checkpoints",
        LAKE_LOCATION: `s3://${LAKE.bucket}/${LAKE.prefix}`,
        LAKE_REGION: "eu-west-1",
        LAKE_ROLE_ARN: LAKE.roleArn,
        LAKE_EXTERNAL_ID: LAKE.externalId,
        POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
        POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
      },
    });
    try {
      const [told] = (await Promise.race([
        once(child, "message"),
        once(child, "exit").then(([code, signal]) => {
          throw new Error(`The function's process ended with ${code ?? signal}`);
        }),
      ])) as [Measured];
      return told;
    } finally {
      child.kill();
      await server.close();
    }
  }

  it.each(ANSWERS)(`stays within ${LIMIT} MB above idle for $what`, ({ what, outcome }) => {
    const found = measured.get(what);

    const megabytes = Math.round(((found?.peak ?? 0) - (found?.idle ?? 0)) / 1e6);
    console.log(`${what}: ${megabytes} MB above ${Math.round((found?.idle ?? 0) / 1e6)} MB`);
    expect(found?.outcome).toEqual(outcome);
    expect(megabytes).toBeLessThanOrEqual(LIMIT);
  });
});

/** Makes the answer when it is asked for first. */
function lazily(make: () => Send): Send {
  let made: Send | undefined;
  return (...given) => {
    made ??= make();
    return made(...given);
  };
}
