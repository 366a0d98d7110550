import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../cli/program.js";
import { clientSecret, type DeployedExporter, deployExporter } from "./deployed-exporter.js";
import { makeGlueTable } from "./glue-table.js";
import type { EmulatedClient } from "./ministack.js";
import { documentedStatements, operator } from "./operator.js";

const minute = 60_000;
const name = "vectra-cdr-exporter";

let exporter: DeployedExporter;

beforeAll(async () => {
  exporter = await deployExporter({
    // Only the operator invokes the function: the declared schedule first fires after the test.
    schedule: "rate(5 minutes)",
    settings: { backfill: { maxConcurrency: 2 } },
  });
});

afterAll(async () => {
  await exporter?.close();
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const operators = new Map<string, Promise<EmulatedClient>>();

/** The user who has these statements of the documented policy. */
function operatorWith(statements: readonly string[]): Promise<EmulatedClient> {
  const key = statements.join();
  const known = operators.get(key);
  if (known !== undefined) {
    return known;
  }
  const made = operator(exporter.root, `operator-${operators.size + 1}`, statements, {
    region: "eu-west-1",
    account: "333333333333",
    exporter: name,
    workgroup: "primary",
    database: "lake",
    table: "vectra_cdr",
    "results bucket": exporter.logBucket,
    tenant: "acme",
    "lake bucket": exporter.lakeBucket,
    source: "vectra-cdr",
  });
  operators.set(key, made);
  return made;
}

/** One command line against the deployed exporter, as a user with some statements. */
async function runWith(statements: readonly string[], line: readonly string[]): Promise<Outcome> {
  const { endpoint, region, credentials } = await operatorWith(statements);
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  vi.stubEnv("AWS_PROFILE", undefined);
  let out = "";
  let err = "";
  try {
    const code = await runProgram([...line, "--function", name, "--region", region], {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  } finally {
    vi.unstubAllEnvs();
  }
}

/** One command line, as a user with the statements that are documented for the command. */
function run(command: string, ...options: string[]): Promise<Outcome> {
  return runWith(documentedStatements(command), [...command.split(" "), ...options]);
}

/** The document that a command has written. */
async function json(command: string, ...options: string[]) {
  const outcome = await run(command, ...options, "--json");
  expect(outcome).toMatchObject({ code: 0, err: "" });
  return JSON.parse(outcome.out);
}

/** Checks that a command needs each of its statements. */
async function expectNeeded(command: string, statements: readonly string[], ...options: string[]) {
  for (const statement of statements) {
    const others = documentedStatements(command).filter((other) => other !== statement);
    const { code, out, err } = await runWith(others, [...command.split(" "), ...options]);
    expect({ statement, code }).toEqual({ statement, code: 1 });
    expect(`${out}${err}`).toMatch(
      /Access denied by AWS: .+ is not authorized to perform: [a-z0-9]+:[A-Za-z]+ /,
    );
    expect(`${out}${err}`).toContain("cli/exporters/deployed/README.md lists the policy for each command.");
  }
}

function nextCursor(): number {
  return (exporter.tenant.events().at(-1)?.id ?? 0) + 1;
}

/** Every record of the lake, as account and time. */
async function lakeRecords(): Promise<string[]> {
  const { table } = await exporter.readLake();
  return (table?.rows ?? []).map(({ finding_uid, time }) => `${finding_uid} at ${time}`).sort();
}

function tenantEvents(): string[] {
  return exporter.tenant
    .events()
    .map((event) => `${event.entity_id} at ${Date.parse(event.event_timestamp)}`)
    .sort();
}

describe("vectra-cdr against a deployed exporter, by a user with the documented permissions", () => {
  it("status: nothing yet", async () => {
    expect(await json("status")).toMatchObject({
      exporter: "function vectra-cdr-exporter in eu-west-1",
      tenants: [{ tenant: "acme", cursor: null, lastSuccessAt: null, quarantine: 0, backfills: [] }],
      deadLetters: 0,
    });
    await expectNeeded("status", ["ReadExporter", "ReadState", "CountDeadLetters"]);
  });

  it("export --once: new events are in the lake", async () => {
    await expectNeeded("export --once", ["ReadExporter", "InvokeExporter"]);
    exporter.tenant.advance(20 * minute);

    const { code, out } = await run("export --once");

    expect(code).toBe(0);
    expect(out).toContain(`acme: 48 events read, 48 written into 2 objects, cursor ${nextCursor()}\n`);
    expect(await lakeRecords()).toEqual(tenantEvents());
    expect(await json("status")).toMatchObject({
      tenants: [{ cursor: nextCursor(), lease: null, unfinishedWindow: null }],
    });
  });

  it("redrive: a quarantined event that can be read now", async () => {
    // GIVEN an event that the function cannot read
    const [, event] = exporter.tenant.advance(5 * minute);
    const account = event?.entity_id;
    Object.assign(event ?? {}, { entity_id: "eight" });
    expect(await json("export --once")).toMatchObject({
      results: [{ eventsRead: 12, eventsQuarantined: 1 }],
    });
    expect(await json("status")).toMatchObject({ tenants: [{ quarantine: 1 }] });
    const failed = await run("redrive");
    expect(failed).toMatchObject({ code: 1, err: "error: 1 event is still in quarantine.\n" });
    // WHEN a new version of the function can
    Object.assign(event ?? {}, { entity_id: account });
    await mendQuarantined(event ?? {});
    // THEN it comes out
    expect(await json("redrive")).toMatchObject({
      results: [{ tenant: "acme", redriven: 1, remaining: [] }],
    });
    expect(await lakeRecords()).toEqual(tenantEvents());
    await expectNeeded("redrive", ["ReadExporter", "InvokeExporter"]);
  });

  it("redrive --dead-letters: the failed invocation is made again, what is none stays", async () => {
    // GIVEN an invocation that failed, and a message from elsewhere
    exporter.tenant.rotateSecret("another-secret");
    exporter.tenant.advance(5 * minute);
    await exporter.invoke();
    const QueueUrl = String(exporter.stack.only("aws_sqs_queue")["url"]);
    await new SQSClient(exporter.root).send(new SendMessageCommand({ QueueUrl, MessageBody: '"hello"' }));
    await vi.waitFor(async () => expect(await json("status")).toMatchObject({ deadLetters: 2 }), {
      timeout: 30_000,
      interval: 500,
    });
    // WHEN the secret is right again
    exporter.tenant.rotateSecret(clientSecret);
    await expectNeeded("redrive --dead-letters", documentedStatements("redrive --dead-letters"));
    const { code, out, err } = await run("redrive --dead-letters");
    // THEN
    expect(out).toContain('{"tenant":"acme"}: done, 1 message deleted\n');
    expect(out).toMatch(/^"hello": failed again, 1 message kept: The event is invalid/m);
    expect({ code, err }).toEqual({ code: 1, err: "error: 1 invocation is still among the dead letters.\n" });
    expect(await json("status")).toMatchObject({ deadLetters: 1, tenants: [{ cursor: nextCursor() }] });
    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("checkpoint set: the cursor moves, and says who moved it", async () => {
    const before = nextCursor();
    exporter.tenant.advance(10 * minute);
    const set = [String(nextCursor()), "--reason", "told so", "--yes"];
    await expectNeeded("checkpoint set", ["ReadExporter", "ReadState", "MoveCheckpoint"], ...set);

    const move = await json("checkpoint set", ...set);

    expect(move).toMatchObject({
      from: before,
      to: nextCursor(),
      by: expect.stringMatching(/^arn:aws:iam::333333333333:user\/operator-\d+$/),
      reason: "told so",
    });
    expect(await json("checkpoint show")).toMatchObject({
      checkpoints: [{ tenant: "acme", cursor: nextCursor(), moves: [{ from: before, reason: "told so" }] }],
    });
    await expectNeeded("checkpoint show", ["ReadExporter", "ReadState"]);
    expect(await json("export --once")).toMatchObject({ results: [{ eventsRead: 0 }] });
  });

  it("backfill: what the cursor skipped, not what the live export has exported", async () => {
    const left = ["--from", "2025-02-01T00:20:00Z", "--to", "2025-02-01T00:30:00Z"];
    await expectNeeded("backfill", ["ReadExporter", "InvokeExporter"], ...left);

    expect(await json("backfill", ...left, "--estimate")).toEqual({
      estimate: { tenant: "acme", events: 24, overlap: null },
    });
    const refused = await run("backfill", "--from", "2025-02-01", "--to", "2025-02-01T00:20:00Z", "--yes");
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^error: The live export of acme writes all events from 2025-02-01T00:00:00Z /,
      ),
    });
    const part = await json("backfill", ...left, "--max-events", "10", "--yes");
    expect(part).toMatchObject({ result: { eventsWritten: 10, caughtUp: false } });
    const rest = await json("backfill", ...left, "--requests-per-minute", "600", "--yes");
    expect(rest).toMatchObject({
      estimate: { events: 14, overlap: null },
      result: { eventsWritten: 14, caughtUp: true },
    });
    expect(await lakeRecords()).toEqual(tenantEvents());
    expect(await json("status")).toMatchObject({
      tenants: [
        { backfills: [{ from: "2025-02-01T00:20:00Z", to: "2025-02-01T00:30:00Z", unfinishedWindow: null }] },
      ],
    });
  });

  it("backfill --fan-out: slices in parallel, each event once", async () => {
    // GIVEN half an hour of events that the live export skips
    exporter.tenant.advance(30 * minute);
    await json("checkpoint set", String(nextCursor()), "--reason", "backfill it", "--yes");
    const range = ["--from", "2025-02-01T00:30:00Z", "--to", "2025-02-01T00:50:00Z", "--yes"];
    const beforeItStarts = ["ReadExporter", "InvokeExporter", "StartFanOut", "FollowFanOut"];
    await expectNeeded("backfill --fan-out", beforeItStarts, "7", ...range);
    // WHEN twenty minutes of them are exported in seven slices
    const done = await json("backfill --fan-out", "7", ...range, "--requests-per-minute", "600");
    // THEN
    expect(done).toEqual({
      estimate: { tenant: "acme", events: 48, overlap: null },
      result: {
        execution:
          "arn:aws:states:eu-west-1:333333333333:execution:vectra-cdr-exporter-backfill:" +
          "acme-20250201T003000Z-20250201T005000Z-7-1",
        windows: 7,
        resumed: false,
      },
    });
    const { tenants } = await json("status");
    expect(tenants[0].backfills).toHaveLength(8);
    // AND other slices of the same range would be other backfills
    expect(await run("backfill --fan-out", "8", ...range)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^error: The backfill from \S+ to \S+ exports part of these events already\./,
      ),
    });
    // AND an execution continues after its caller has stopped
    const rest = ["--from", "2025-02-01T00:50:00Z", "--to", "2025-02-01T01:00:00Z", "--yes"];
    await expectNeeded("backfill --fan-out", ["FollowWindows"], "2", ...rest);
    await vi.waitFor(async () => expect(await lakeRecords()).toEqual(tenantEvents()), {
      timeout: 30_000,
      interval: 1000,
    });
  });

  it("checkpoint restore: the newest window is written again after the table was restored", async () => {
    // GIVEN a table from before the last window
    const backup = await stateItems();
    exporter.tenant.advance(5 * minute);
    await json("export --once");
    await restoreItems(backup);
    // MiniStack does not tell IAM the attributes of an update, so MoveCheckpoint covers the others.
    await expectNeeded(
      "checkpoint restore",
      ["ReadExporter", "ReadState", "ListLake"],
      "--reason",
      "r",
      "--yes",
    );
    // WHEN
    const restored = await json("checkpoint restore", "--reason", "table restored", "--yes");
    // THEN
    expect(restored).toMatchObject({
      reason: "table restored",
      restored: [{ backfill: null, to: nextCursor() }],
    });
    expect(await json("export --once")).toMatchObject({ results: [{ eventsRead: 12, eventsWritten: 12 }] });
    expect(await json("status")).toMatchObject({ tenants: [{ cursor: nextCursor(), writesAgainTo: null }] });
    expect((await run("checkpoint restore", "--reason", "again", "--yes")).err).toBe(
      "error: The checkpoint of acme is not behind the lake. Nothing was changed.\n",
    );
    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("checkpoint adopt, overlap and abandon: noted, or refused with the reason", async () => {
    const items = await stateItems();
    await restoreItems(
      items.map((item) =>
        item["sk"]?.S === "checkpoint"
          ? { ...item, origin: { S: "https://old.uw2.portal.vectra.ai" } }
          : item,
      ),
    );
    expect(await run("export --once")).toMatchObject({
      code: 1,
      err: expect.stringContaining('vectra-cdr checkpoint adopt --reason "<why>"'),
    });
    await expectNeeded(
      "checkpoint adopt",
      ["ReadExporter", "ReadState", "MoveCheckpoint"],
      "--reason",
      "r",
      "--yes",
    );
    expect(await json("checkpoint adopt", "--reason", "moved", "--yes")).toMatchObject({
      from: "https://old.uw2.portal.vectra.ai",
      reason: "moved",
    });
    expect(await json("export --once")).toMatchObject({ results: [{ eventsRead: 0 }] });
    const overlap = ["--since", "2025-02-01", "--reason", "chosen", "--yes"];
    await expectNeeded("checkpoint overlap", ["ReadExporter", "ReadState", "MoveCheckpoint"], ...overlap);
    expect(await json("checkpoint overlap", ...overlap)).toMatchObject({ since: "2025-02-01T00:00:00Z" });
    expect(await run("checkpoint abandon", "--reason", "r", "--yes")).toMatchObject({
      code: 1,
      err: "error: The export of acme has no unfinished work. Nothing was changed.\n",
    });
  });

  it("query: the newest records, as Athena reads them", async () => {
    await makeGlueTable(exporter.root, {
      database: "lake",
      name: "vectra_cdr",
      location: `s3://${exporter.lakeBucket}/ext/vectra-cdr/`,
      columns: {
        finding: "struct<title:string,src_url:string,uid:string,supporting_data:string>",
        metadata:
          "struct<version:string,product:struct<lang:string,name:string,uid:string,vendor_name:string>>",
        severity: "string",
        severity_id: "int",
        status_detail: "string",
        time: "bigint",
      },
      partitionKeys: { region: "string", accountid: "string", eventday: "string" },
    });
    const table = [
      "--database",
      "lake",
      "--table",
      "vectra_cdr",
      "--output",
      `s3://${exporter.logBucket}/athena/`,
    ];
    // MiniStack reads table and lake, and keeps the results, in its own name.
    await expectNeeded("query", ["ReadExporter", "QueryLake"], ...table);

    const { records } = await json("query", "--limit", "3", ...table);

    const newest = exporter.tenant.events().slice(-3).reverse();
    expect(records.map(({ time }: { time: number }) => time)).toEqual(
      newest.map((event) => Date.parse(event.event_timestamp)),
    );
    expect(records[0]).toMatchObject({
      finding: { title: "Generate", uid: expect.stringMatching(/^\d+$/) },
      metadata: { version: "1.0.0", product: { name: "Vectra Detect", uid: "123123123123" } },
      severity_id: expect.any(Number),
    });
  });
});

type Item = Record<string, AttributeValue>;

/** Everything that is stored about acme, except prepared work. */
async function stateItems(): Promise<readonly Item[]> {
  const { Items = [] } = await new DynamoDBClient(exporter.root).send(
    new QueryCommand({
      TableName: tableName(),
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "acme#v3.4" } },
    }),
  );
  return Items;
}

/** Makes the table hold those items and no others, as one that is restored from a backup. */
async function restoreItems(items: readonly Item[]): Promise<void> {
  const dynamodb = new DynamoDBClient(exporter.root);
  for (const { pk, sk } of await stateItems()) {
    const Key = { pk: pk ?? { S: "" }, sk: sk ?? { S: "" } };
    await dynamodb.send(new DeleteItemCommand({ TableName: tableName(), Key }));
  }
  for (const Item of items) {
    await dynamodb.send(new PutItemCommand({ TableName: tableName(), Item }));
  }
}

function tableName(): string {
  return String(exporter.stack.only("aws_dynamodb_table")["name"]);
}

/** Changes an event in quarantine, as a new version of the function would read it otherwise. */
async function mendQuarantined(event: object): Promise<void> {
  const dynamodb = new DynamoDBClient(exporter.root);
  const TableName = tableName();
  const { Items } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": { S: "acme#v3.4" }, ":sk": { S: "quarantine#" } },
    }),
  );
  const [item] = Items ?? [];
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: item?.["pk"] ?? { S: "" }, sk: item?.["sk"] ?? { S: "" } },
      UpdateExpression: "SET event = :event",
      ExpressionAttributeValues: { ":event": { S: JSON.stringify(event) } },
    }),
  );
}
