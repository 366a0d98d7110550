import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vectraCdr } from "../cli/command-line.js";
import { type AwsStandIn, listedObjects, startAws } from "../cli/exporters/deployed/deployed-aws.js";
import { isAllowed as isAllowedByIam } from "./evaluator.js";

const README = readFileSync(
  join(import.meta.dirname, "..", "..", "cli", "exporters", "deployed", "README.md"),
  "utf8",
);
const TABLE = "arn:aws:dynamodb:eu-west-1:333333333333:table/exporter-checkpoints";

/** One statement of the policy that is documented for operators, as a policy. */
function documented(sid: string): object {
  const [, json = ""] = /```json\n([\s\S]+?)```/.exec(README) ?? [];
  const filledIn = json
    .replaceAll("<region>", "eu-west-1")
    .replaceAll("<account>", "333333333333")
    .replaceAll("<exporter>", "exporter")
    .replaceAll("<tenant>", "acme")
    .replaceAll("<lake bucket>", "lake")
    .replaceAll("<source>", "vectra-cdr");
  const { Statement, ...policy } = JSON.parse(filledIn) as { Statement: Statement[] };
  return { ...policy, Statement: Statement.filter((statement) => statement.Sid === sid) };
}

interface Statement {
  readonly Sid: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The attributes that a documented statement lists. */
function attributesOf(sid: string): readonly string[] {
  const { Statement } = documented(sid) as { readonly Statement: readonly Statement[] };
  return Statement[0]?.Condition?.["ForAllValues:StringEquals"]?.["dynamodb:Attributes"] ?? [];
}

/** What DynamoDB tells IAM of a request. */
interface StateRequest {
  readonly action: string;
  readonly leadingKeys: readonly string[];
  readonly attributes?: readonly string[];
  readonly returnValues?: string;
}

async function isAllowed(sid: string, request: StateRequest): Promise<boolean> {
  const results = await runSimulation(
    {
      request: {
        principal: "arn:aws:iam::333333333333:user/operator",
        action: `dynamodb:${request.action}`,
        resource: { resource: TABLE, accountId: "333333333333" },
        contextVariables: {
          "dynamodb:LeadingKeys": [...request.leadingKeys],
          ...(request.attributes === undefined ? {} : { "dynamodb:Attributes": [...request.attributes] }),
          ...(request.returnValues === undefined ? {} : { "dynamodb:ReturnValues": request.returnValues }),
        },
      },
      identityPolicies: [{ name: sid, policy: documented(sid) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (results.resultType !== "single") {
    throw new Error(JSON.stringify(results));
  }
  const ignored = results.result.ignoredContextKeys ?? [];
  expect(ignored).toEqual([]);
  return results.overallResult === "Allowed";
}

const CONFIGURATION = {
  FunctionName: "exporter",
  FunctionArn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
  Environment: {
    Variables: {
      TENANTS: JSON.stringify([
        {
          name: "acme",
          url: "https://acme.uw2.portal.vectra.ai",
          secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme",
          partitionAccountId: "333333333333",
          includeScoreDecreases: true,
          start: "beginning",
        },
      ]),
      CHECKPOINT_TABLE: "exporter-checkpoints",
      LAKE_LOCATION: "s3://lake/ext/vectra-cdr/",
      LAKE_REGION: "eu-west-1",
      LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/provider",
      LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
    },
  },
};

const INTENT = {
  ...{ kind: { S: "live" }, from: { N: "5103" }, to: { N: "5110" }, events: { N: "2" } },
  ...{
    run: { S: "0c9f" },
    pieces: { N: "1" },
    digest: { S: "aa" },
    location: { S: "s3://lake/" },
    event_class: { S: "x" },
  },
};
const CHECKPOINT = {
  ...{ pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" }, next_from: { N: "5103" }, first_from: { N: "4000" } },
  ...{ api: { S: "v3.4" }, origin: { S: "https://old.uw2.portal.vectra.ai" } },
  intent: { M: INTENT },
};
/** A backfill whose checkpoint is lost. */
const JOB = "backfill-20260101T000000Z-20260102T000000Z";
const PARTITION = "ext/vectra-cdr/region=eu-west-1/accountId=333333333333/eventDay=20260201";
const QUARANTINED = {
  pk: { S: "acme#v3.4" },
  sk: { S: "quarantine#0000000000005081#5081" },
  event_key: { S: "5081" },
  event: { S: '{"id":5081}' },
  reason: { S: "event.event_timestamp: missing" },
  quarantined_at: { S: "2026-02-01T01:15:00.000Z" },
};

type Key = Readonly<Record<"pk" | "sk", { readonly S: string }>>;

let aws: AwsStandIn;

beforeEach(async () => {
  aws = await startAws({
    GetFunctionConfiguration: () => CONFIGURATION,
    GetCallerIdentity: () =>
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::333333333333:user/ann</Arn>" +
      "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    BatchGetItem: (request) => {
      const { "exporter-checkpoints": asked } = request["RequestItems"] as Record<string, { Keys: Key[] }>;
      const keys = asked?.Keys.map(({ pk, sk }) => `${pk.S} ${sk.S}`) ?? [];
      const items = [CHECKPOINT].filter(({ pk, sk }) => keys.includes(`${pk.S} ${sk.S}`));
      return { Responses: { "exporter-checkpoints": items } };
    },
    Query: (request) => {
      const { ":prefix": prefix } = request["ExpressionAttributeValues"] as Record<string, { S: string }>;
      return { Items: [CHECKPOINT, QUARANTINED].filter(({ sk }) => sk.S.startsWith(prefix?.S ?? "")) };
    },
    ListObjectsV2: () =>
      listedObjects([
        `${PARTITION}/vectra-acme-v3.4-5110-5120.zstd.parquet`,
        // Of the quarantined event.
        `${PARTITION}/vectra-acme-v3.4-redrive-6f0b709f42dae821.zstd.parquet`,
        `${PARTITION}/vectra-acme-v3.4-${JOB}-100-150.zstd.parquet`,
      ]),
    UpdateItem: () => ({}),
  });
  for (const [name, value] of Object.entries(aws.environment)) {
    vi.stubEnv(name, value);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

/** What the command really asked DynamoDB to update. */
async function updatesOf(...command: string[]): Promise<StateRequest[]> {
  const earlier = aws.requests("UpdateItem").length;
  const outcome = await vectraCdr([...command, "--function", "exporter", "--reason", "told so", "--yes"]);
  expect(outcome).toMatchObject({ code: 0, err: "" });
  return aws
    .requests("UpdateItem")
    .slice(earlier)
    .map((request) => {
      const key = request["Key"] as Record<string, { S: string }>;
      return {
        action: "UpdateItem",
        leadingKeys: [String(key["pk"]?.S)],
        attributes: [...Object.keys(key), ...Object.values(request["ExpressionAttributeNames"] as object)],
        returnValues: String(request["ReturnValues"]),
      };
    });
}

/** The commands that need a statement, and the number of updates that they make. */
const COMMANDS: readonly (readonly [sids: readonly string[], command: readonly string[], updates: number])[] =
  [
    [["MoveCheckpoint"], ["checkpoint", "set", "5081"], 3],
    [["MoveCheckpoint"], ["checkpoint", "adopt"], 3],
    [["MoveCheckpoint"], ["checkpoint", "abandon"], 3],
    [["MoveCheckpoint"], ["checkpoint", "overlap", "--since", "2026-02-01"], 3],
    [["MoveCheckpoint", "DiscardQuarantined"], ["checkpoint", "restore"], 7],
    [["DiscardQuarantined"], ["quarantine", "discard", "5081"], 3],
  ];

describe("The documented rights to change the table", () => {
  it.each(COMMANDS)("%j suffice for every update of %j", async (sids, command, count) => {
    const updates = await updatesOf(...command);

    expect(updates).toHaveLength(count);
    for (const update of updates) {
      const allowed = await Promise.all(sids.map((sid) => isAllowed(sid, update)));
      expect([update.attributes, allowed.includes(true)]).toEqual([update.attributes, true]);
    }
  });

  it.each(["MoveCheckpoint", "DiscardQuarantined"])(
    "%s lists no attribute that its commands do not change or check",
    async (sid) => {
      const used = new Set<string>();
      for (const [sids, command] of COMMANDS) {
        const updates = sids.includes(sid) ? await updatesOf(...command) : [];
        for (const update of updates) {
          if (await isAllowed(sid, update)) {
            for (const attribute of update.attributes ?? []) {
              used.add(attribute);
            }
          }
        }
      }

      expect(attributesOf(sid)).toEqual([...used].sort());
    },
  );
});

describe.each([["MoveCheckpoint"], ["DiscardQuarantined"]])("The documented right %s", (sid) => {
  it.each([
    "event",
    "event_key",
    "truncated",
    "reason",
    "quarantined_at",
    "expires_at",
    "score",
    "bytes",
    "events",
    "home",
  ])(
    "does not let its holder set %s, so no event, score or prepared work can be forged, no item expires, and no state is elsewhere",
    async (attribute) => {
      const request = {
        action: "UpdateItem",
        leadingKeys: ["acme#v3.4"],
        attributes: ["pk", "sk", attribute],
      };

      expect(await isAllowed(sid, request)).toBe(false);
    },
  );

  it.each([
    [
      "another tenant's items",
      { action: "UpdateItem", leadingKeys: ["globex#v3.4"], attributes: ["pk", "sk"] },
    ],
    ["prepared work", { action: "UpdateItem", leadingKeys: ["acme#pieces"], attributes: ["pk", "sk"] }],
    [
      "an item as an answer",
      { action: "UpdateItem", leadingKeys: ["acme#v3.4"], attributes: ["pk", "sk"], returnValues: "ALL_OLD" },
    ],
    ["deleting", { action: "DeleteItem", leadingKeys: ["acme#v3.4"], attributes: ["pk", "sk"] }],
    ["putting", { action: "PutItem", leadingKeys: ["acme#v3.4"], attributes: ["pk", "sk"] }],
  ])("does not give its holder %s", async (_, request) => {
    expect(await isAllowed(sid, request)).toBe(false);
  });
});

describe("The documented right DiscardQuarantined", () => {
  it.each(["next_from", "intent", "moves", "last_keys", "origin", "redo_to", "sequence"])(
    "does not reach %s of a checkpoint",
    async (attribute) => {
      const request = {
        action: "UpdateItem",
        leadingKeys: ["acme#v3.4"],
        attributes: ["pk", "sk", attribute],
      };

      expect(await isAllowed("DiscardQuarantined", request)).toBe(false);
    },
  );
});

describe("The documented right ReadState", () => {
  it.each([
    ["Query", "acme#v3.4", true],
    ["BatchGetItem", "acme#v3.4", true],
    ["BatchGetItem", "acme#v3", true],
    ["Query", "globex#v3.4", false],
    ["Query", "acme#pieces", false],
    ["BatchGetItem", "acme#pieces", false],
  ])("lets its holder %s the items of %s: %s", async (action, leadingKey, allowed) => {
    expect(await isAllowed("ReadState", { action, leadingKeys: [leadingKey] })).toBe(allowed);
  });
});

describe("The documented right ListLake", () => {
  it.each([
    ["ListBucket", "arn:aws:s3:::lake", "ext/vectra-cdr/region=eu-west-1/", true],
    ["ListBucket", "arn:aws:s3:::lake", "ext/another-source/", false],
    ["ListBucket", "arn:aws:s3:::lake", "", false],
    ["ListBucket", "arn:aws:s3:::another-lake", "ext/vectra-cdr/region=eu-west-1/", false],
    ["GetObject", "arn:aws:s3:::lake/ext/vectra-cdr/region=eu-west-1/x", "", false],
  ])("lets its holder %s %s under '%s': %s", async (action, resource, prefix, allowed) => {
    const result = await isAllowedByIam({
      principal: "arn:aws:iam::333333333333:user/operator",
      action: `s3:${action}`,
      resource,
      account: "333333333333",
      identityPolicies: [documented("ListLake")],
      ...(action === "ListBucket" ? { context: { "s3:prefix": prefix } } : {}),
    });

    expect(result).toBe(allowed);
  });

  it("is what checkpoint restore asks of S3", async () => {
    await updatesOf("checkpoint", "restore");

    expect(aws.requests("ListObjectsV2")).toEqual([
      { bucket: "lake", prefix: "ext/vectra-cdr/region=eu-west-1/" },
    ]);
  });
});
