import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openDeployedExporter } from "../../../../cli/exporters/deployed/deployed-exporter.js";
import type { ExporterTarget } from "../../../../cli/exporters/exporter-target.js";
import { type AwsAnswer, AwsFailure, type AwsStandIn, FunctionFailure, startAws } from "./deployed-aws.js";

const NAME = "vectra-cdr-exporter";

function configuration(changes: object = {}): object {
  const tenant = (name: string, api: string) => ({
    name,
    url: `https://${name}.uw2.portal.vectra.ai`,
    secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme",
    partitionAccountId: "333333333333",
    includeScoreDecreases: true,
    start: "beginning",
    api,
  });
  return {
    FunctionName: NAME,
    FunctionArn: `arn:aws:lambda:eu-west-1:333333333333:function:${NAME}`,
    Timeout: 240,
    DeadLetterConfig: { TargetArn: `arn:aws:sqs:eu-west-1:333333333333:${NAME}-dead-letters` },
    Environment: {
      Variables: {
        TENANTS: JSON.stringify([tenant("acme", "v3.4"), tenant("globex", "v3.3")]),
        CHECKPOINT_TABLE: `${NAME}-checkpoints`,
        LAKE_LOCATION: "s3://aws-security-data-lake-eu-west-1-abc/ext/vectra-cdr/",
        LAKE_REGION: "eu-west-1",
        LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/provider",
        LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
      },
    },
    ...changes,
  };
}

const RUN = { tenant: "acme", outcome: "exported", eventsWritten: 48, caughtUp: true };
const RANGE = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };

let aws: AwsStandIn;
let exporter: ExporterTarget | undefined;

/** AWS answers as told, and the exporter in it is open. */
async function open(
  answers: Readonly<Record<string, AwsAnswer>> = {},
  athena?: { database: string; table: string },
) {
  await answering(answers);
  exporter = await openDeployedExporter({ functionName: NAME, athena });
  return exporter;
}

async function answering(answers: Readonly<Record<string, AwsAnswer>>) {
  aws = await startAws({ GetFunctionConfiguration: () => configuration(), ...answers });
  for (const [name, value] of Object.entries(aws.environment)) {
    vi.stubEnv(name, value);
  }
}

afterEach(async () => {
  await exporter?.close();
  await aws.close();
  exporter = undefined;
  vi.unstubAllEnvs();
});

describe("GIVEN the name of a deployed function", () => {
  it("THEN its tenants, table and title come from its own configuration", async () => {
    const target = await open({
      Query: () => ({
        Items: [{ pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" }, next_from: { N: "4383" } }],
      }),
    });

    expect(target.title).toBe("function vectra-cdr-exporter in eu-west-1");
    expect(target.tenants).toEqual([
      { name: "acme", api: "v3.4", url: "https://acme.uw2.portal.vectra.ai", profile: "vectra" },
      { name: "globex", api: "v3.3", url: "https://globex.uw2.portal.vectra.ai", profile: "vectra" },
    ]);
    expect(await target.table.query("acme#v3.4", "checkpoint")).toEqual([
      { pk: "acme#v3.4", sk: "checkpoint", attributes: { next_from: 4383 } },
    ]);
    expect(aws.requests("Query")[0]).toMatchObject({ TableName: "vectra-cdr-exporter-checkpoints" });
  });

  it("WHEN it exports, redrives or backfills THEN the function is invoked with what it reads, and its answer is the result", async () => {
    const answers = [
      RUN,
      { objects: [], redriven: 1, filtered: 2, remaining: [] },
      RUN,
      { tenant: "acme", events: 7, overlap: null },
    ];
    const target = await open({ Invoke: () => answers.shift() });
    const request = { range: RANGE, maxEvents: 10, allowOverlap: true, estimate: false };

    expect(await target.exportOnce("acme")).toEqual(RUN);
    expect(await target.redriveQuarantine("acme")).toEqual({
      objects: [],
      redriven: 1,
      filtered: 2,
      remaining: [],
    });
    expect(await target.backfill("acme", request)).toEqual(RUN);
    expect(await target.estimateBackfill("acme", request)).toEqual({
      tenant: "acme",
      events: 7,
      overlap: null,
    });
    expect(aws.requests("Invoke")).toEqual([
      { tenant: "acme" },
      { tenant: "acme", redrive: true },
      { tenant: "acme", backfill: { ...RANGE, maxEvents: 10, allowOverlap: true, estimate: false } },
      { tenant: "acme", backfill: { ...RANGE, maxEvents: 10, allowOverlap: true, estimate: true } },
    ]);
  });

  it("WHEN it is named by its ARN THEN the ARN's region is the exporter's", async () => {
    await answering({});
    vi.stubEnv("AWS_REGION", "us-east-1");

    exporter = await openDeployedExporter({
      functionName: `arn:aws:lambda:eu-west-1:333333333333:function:${NAME}`,
    });

    expect(exporter.title).toBe("function vectra-cdr-exporter in eu-west-1");
  });

  it("WHEN the operator is asked for THEN it is the ARN that AWS knows the caller by", async () => {
    const target = await open({
      GetCallerIdentity: () =>
        "<GetCallerIdentityResponse><GetCallerIdentityResult>" +
        "<Arn>arn:aws:sts::333333333333:assumed-role/operator/alice</Arn>" +
        "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    });

    expect(await target.operator()).toBe("arn:aws:sts::333333333333:assumed-role/operator/alice");
  });

  it("WHEN it has no dead-letter queue THEN there are no dead letters to ask for", async () => {
    const target = await open({
      GetFunctionConfiguration: () => configuration({ DeadLetterConfig: undefined }),
    });

    expect(target.deadLetters).toBeUndefined();
  });
});

describe("GIVEN a run that does not end well", () => {
  it("WHEN the function throws THEN its own message is the error", async () => {
    const target = await open({
      Invoke: () => {
        throw new FunctionFailure("https://acme refused the API client (401 on POST /oauth2/token).");
      },
    });

    await expect(target.exportOnce("acme")).rejects.toThrow(
      "The function failed: https://acme refused the API client (401 on POST /oauth2/token).",
    );
    expect(aws.requests("Invoke")).toHaveLength(1);
  });

  it("WHEN no run is free THEN it is asked again", async () => {
    let calls = 0;
    const target = await open({
      Invoke: () => {
        calls += 1;
        if (calls === 1) {
          throw new AwsFailure("TooManyRequestsException", "Rate exceeded", 429);
        }
        return RUN;
      },
    });

    expect(await target.exportOnce("acme")).toEqual(RUN);
    expect(calls).toBe(2);
  });

  it("WHEN the connection breaks THEN it is not asked again, and the error says that the run goes on", async () => {
    const target = await open({
      Invoke: () => {
        throw new Error("cut");
      },
    });

    await expect(target.exportOnce("acme")).rejects.toThrow(
      /^The connection to AWS was lost while the function ran \(ECONNRESET\)\. The run continues in AWS; `status`/,
    );
    expect(aws.requests("Invoke")).toHaveLength(1);
  });

  it("WHEN an older function takes a backfill for an export THEN its answer is not taken for one", async () => {
    const target = await open({ Invoke: () => RUN });

    await expect(
      target.estimateBackfill("acme", { range: RANGE, allowOverlap: false, estimate: true }),
    ).rejects.toThrow("This version of vectra-cdr does not understand the function's result: deploy");
  });
});

describe("GIVEN something that is not there or not allowed THEN the error is one line with the remedy", () => {
  const notAllowed =
    "User: arn:aws:iam::333333333333:user/alice is not authorized to perform: lambda:GetFunctionConfiguration";

  it.each([
    [
      "a function of another name",
      new AwsFailure("ResourceNotFoundException", "Function not found", 404),
      "Function vectra-cdr-exporter does not exist in eu-west-1 in the account of these credentials: check --function, --region and AWS_PROFILE.",
    ],
    [
      "a caller without the permission",
      new AwsFailure("AccessDeniedException", notAllowed, 403),
      `Access denied by AWS: ${notAllowed}. Grant the action to the identity that runs this command; cli/exporters/deployed/README.md lists the policy for each command.`,
    ],
    [
      "a session that has ended",
      new AwsFailure("ExpiredTokenException", "The security token included in the request is expired", 403),
      "AWS rejected the credentials: The security token included in the request is expired. Sign in again (for example with `aws sso login`), or set another profile in AWS_PROFILE.",
    ],
  ])("%s", async (_, failure, message) => {
    await answering({
      GetFunctionConfiguration: () => {
        throw failure;
      },
    });

    await expect(openDeployedExporter({ functionName: NAME })).rejects.toThrow(new Error(message));
  });

  it("a function that is no exporter", async () => {
    await answering({ GetFunctionConfiguration: () => configuration({ Environment: { Variables: {} } }) });

    await expect(openDeployedExporter({ functionName: NAME })).rejects.toThrow(
      "Function vectra-cdr-exporter is not an exporter, or was deployed by another version: Environment variable LAKE_LOCATION is not set.",
    );
  });

  it("a customer key that the caller may not use", async () => {
    await answering({
      GetFunctionConfiguration: () =>
        configuration({
          Environment: { Error: { ErrorCode: "AccessDenied", Message: "Access denied by KMS." } },
        }),
    });

    await expect(openDeployedExporter({ functionName: NAME })).rejects.toThrow(
      "The environment of vectra-cdr-exporter cannot be decrypted: Access denied by KMS. Grant kms:Decrypt on the exporter's key to the identity that runs this command.",
    );
  });

  it("a table that is gone", async () => {
    const target = await open({
      Query: () => {
        throw new AwsFailure("ResourceNotFoundException", "Requested resource not found");
      },
    });

    await expect(target.table.query("acme#v3.4", "checkpoint")).rejects.toThrow(
      "Table vectra-cdr-exporter-checkpoints of vectra-cdr-exporter does not exist in eu-west-1: deploy the exporter again.",
    );
  });

  it("an exporter without a state machine", async () => {
    const target = await open({
      DescribeStateMachine: () => {
        throw new AwsFailure("StateMachineDoesNotExist", "State Machine Does Not Exist");
      },
    });

    await expect(target.fanOut?.concurrency()).rejects.toThrow(
      "State machine vectra-cdr-exporter-backfill does not exist: deploy the exporter with `backfill`, or omit --fan-out.",
    );
    expect(aws.requests("DescribeStateMachine")).toEqual([
      { stateMachineArn: "arn:aws:states:eu-west-1:333333333333:stateMachine:vectra-cdr-exporter-backfill" },
    ]);
  });

  it("a region that nobody has said", async () => {
    await answering({});
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");

    await expect(openDeployedExporter({ functionName: NAME })).rejects.toThrow(
      "The exporter's region is unknown: pass --region, or set AWS_REGION.",
    );
  });
});

describe("GIVEN messages in the dead-letter queue", () => {
  const message = (id: string, body: unknown) => {
    const Body = typeof body === "string" ? body : JSON.stringify(body);
    const MD5OfBody = createHash("md5").update(Body).digest("hex");
    return { MessageId: id, ReceiptHandle: `handle-${id}`, Body, MD5OfBody };
  };
  const queue = (messages: readonly object[], invoke: AwsAnswer): Readonly<Record<string, AwsAnswer>> => {
    const batches = [messages.slice(0, 2), messages.slice(2)];
    return {
      GetQueueUrl: () => ({ QueueUrl: `${process.env["AWS_ENDPOINT_URL"]}/333333333333/dead-letters` }),
      GetQueueAttributes: () => ({ Attributes: { ApproximateNumberOfMessages: String(messages.length) } }),
      ReceiveMessage: () => ({ Messages: batches.shift() ?? [] }),
      DeleteMessage: () => ({}),
      ChangeMessageVisibility: () => ({}),
      Invoke: invoke,
    };
  };
  const handles = (operation: string) => aws.requests(operation).map(({ ReceiptHandle }) => ReceiptHandle);

  it("WHEN they are counted THEN the queue is that of the function's configuration", async () => {
    const target = await open(queue([message("1", {}), message("2", {})], () => RUN));

    expect(await target.deadLetters?.count()).toBe(2);
    expect(aws.requests("GetQueueUrl")).toEqual([
      { QueueName: "vectra-cdr-exporter-dead-letters", QueueOwnerAWSAccountId: "333333333333" },
    ]);
  });

  it("WHEN they are redriven THEN each invocation is made once, and only its own messages are deleted", async () => {
    const target = await open(
      queue(
        [
          message("1", { tenant: "acme" }),
          message("2", { requestPayload: { tenant: "acme" }, responseContext: { statusCode: 200 } }),
          message("3", { tenant: "globex" }),
          message("4", { tenant: "acme" }),
        ],
        ({ tenant }) => {
          if (tenant === "globex") {
            throw new FunctionFailure("globex refused the API client.");
          }
          return RUN;
        },
      ),
    );

    expect(await target.deadLetters?.redrive()).toEqual({
      redriven: [{ payload: { tenant: "acme" }, messages: 3 }],
      remaining: [
        {
          payload: { tenant: "globex" },
          messages: 1,
          reason: "The function failed: globex refused the API client.",
        },
      ],
    });
    expect(aws.requests("Invoke")).toEqual([{ tenant: "acme" }, { tenant: "globex" }]);
    expect(handles("DeleteMessage").toSorted()).toEqual(["handle-1", "handle-2", "handle-4"]);
    expect(handles("ChangeMessageVisibility")).toEqual(["handle-3"]);
  });

  it.each([
    ["another run is at work", { tenant: "acme" }, "Another run is in progress: try again in a few minutes."],
    ["a message is not JSON", "hello", /^The event is invalid: .*/],
    [
      "a message names a tenant that is not exported",
      { tenant: "initech" },
      /^The event names an unknown tenant: .*/,
    ],
  ])("WHEN %s THEN the message stays", async (_, body, reason) => {
    const target = await open(queue([message("1", body)], () => ({ ...RUN, outcome: "lease-held" })));

    expect(await target.deadLetters?.redrive()).toEqual({
      redriven: [],
      remaining: [
        {
          payload: body,
          messages: 1,
          reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
        },
      ],
    });
    expect(handles("DeleteMessage")).toEqual([]);
    expect(handles("ChangeMessageVisibility")).toEqual(["handle-1"]);
    expect(aws.requests("Invoke")).toHaveLength(typeof reason === "string" ? 1 : 0);
  });
});

describe("GIVEN a question about the lake", () => {
  it("WHEN its table is not named THEN the options are", async () => {
    const target = await open();

    await expect(target.lastRecords(undefined, 5)).rejects.toThrow("pass --database and --table");
  });

  it("WHEN a tenant is named THEN only its objects are read", async () => {
    const target = await open(
      {
        GetTableMetadata: () => ({ TableMetadata: { Columns: [{ Name: "time", Type: "bigint" }] } }),
        StartQueryExecution: () => ({ QueryExecutionId: "q" }),
        GetQueryExecution: () => ({ QueryExecution: { Status: { State: "SUCCEEDED" } } }),
        GetQueryResults: () => ({
          ResultSet: {
            Rows: [{ Data: [{ VarCharValue: "time" }] }, { Data: [{ VarCharValue: "1738368564000" }] }],
          },
        }),
      },
      { database: "lake", table: "vectra" },
    );

    expect(await target.lastRecords("globex", 1)).toEqual([{ time: 1738368564000 }]);
    expect(aws.requests("StartQueryExecution")[0]?.["QueryString"]).toBe(
      `SELECT "time"\nFROM "lake"."vectra"\nWHERE "$path" LIKE '%/vectra-globex-v3.3-%'\nORDER BY "time" DESC LIMIT 1`,
    );
  });
});
