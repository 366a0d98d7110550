import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vectraCdr } from "../cli/command-line.js";
import { type AwsStandIn, startAws } from "../cli/exporters/deployed/deployed-aws.js";

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
    .replaceAll("<tenant>#<api>", "acme#v3.4");
  const { Statement, ...policy } = JSON.parse(filledIn) as { Statement: { Sid: string }[] };
  return { ...policy, Statement: Statement.filter((statement) => statement.Sid === sid) };
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

const CHECKPOINT = { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" }, next_from: { N: "5103" } };
const QUARANTINED = {
  pk: { S: "acme#v3.4" },
  sk: { S: "quarantine#0000000000005081#5081" },
  event_key: { S: "5081" },
  event: { S: '{"id":5081}' },
  reason: { S: "event.event_timestamp: missing" },
  quarantined_at: { S: "2026-02-01T01:15:00.000Z" },
};

let aws: AwsStandIn;

beforeEach(async () => {
  aws = await startAws({
    GetFunctionConfiguration: () => CONFIGURATION,
    GetCallerIdentity: () =>
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::333333333333:user/ann</Arn>" +
      "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    BatchGetItem: () => ({ Responses: { "exporter-checkpoints": [CHECKPOINT] } }),
    Query: (request) => {
      const { ":prefix": prefix } = request["ExpressionAttributeValues"] as Record<string, { S: string }>;
      return { Items: [CHECKPOINT, QUARANTINED].filter(({ sk }) => sk.S.startsWith(prefix?.S ?? "")) };
    },
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
  const outcome = await vectraCdr([...command, "--function", "exporter", "--reason", "told so", "--yes"]);
  expect(outcome).toMatchObject({ code: 0, err: "" });
  return aws.requests("UpdateItem").map((request) => {
    const key = request["Key"] as Record<string, { S: string }>;
    return {
      action: "UpdateItem",
      leadingKeys: [String(key["pk"]?.S)],
      attributes: [...Object.keys(key), ...Object.values(request["ExpressionAttributeNames"] as object)],
      returnValues: String(request["ReturnValues"]),
    };
  });
}

describe.each([
  ["MoveCheckpoint", ["checkpoint", "set", "5081"]],
  ["DiscardQuarantined", ["quarantine", "discard", "5081"]],
])("The documented right %s", (sid, command) => {
  it("suffices for every update of its command", async () => {
    const updates = await updatesOf(...command);

    expect(updates).toHaveLength(3);
    for (const update of updates) {
      expect([update.attributes, await isAllowed(sid, update)]).toEqual([update.attributes, true]);
    }
  });

  it.each(["event", "event_key", "truncated", "reason", "quarantined_at", "expires_at", "score"])(
    "does not let its holder set %s, so no event and no score can be forged, and no item expires",
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
  it.each(["next_from", "intent", "moves", "last_keys"])(
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
    ["Query", "globex#v3.4", false],
  ])("lets its holder %s the items of %s: %s", async (action, leadingKey, allowed) => {
    expect(await isAllowed("ReadState", { action, leadingKeys: [leadingKey] })).toBe(allowed);
  });
});
