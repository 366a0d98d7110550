import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { requireLocalRuntime } from "../../cli/commands/choose-target.js";
import { runProgram } from "../../cli/program.js";
import { vectraCdr } from "./command-line.js";
import { startAws } from "./exporters/deployed/deployed-aws.js";

const CHECKPOINT_ITEM = { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" }, next_from: { N: "4383" } };

const COMMANDS: readonly (readonly [readonly string[]])[] = [
  [["export"]],
  [["preview"]],
  [["backfill"]],
  [["redrive"]],
  [["status"]],
  [["checkpoint", "show"]],
  [["checkpoint", "set"]],
  [["checkpoint", "restore"]],
  [["checkpoint", "abandon"]],
  [["checkpoint", "adopt"]],
  [["checkpoint", "overlap"]],
  [["quarantine", "list"]],
  [["quarantine", "show"]],
  [["quarantine", "discard"]],
  [["query"]],
  [["egress"]],
];

it.each(COMMANDS)(
  "GIVEN %j WHEN help is asked for THEN it has an example, and knows --json",
  async (names) => {
    const { code, out } = await vectraCdr([...names, "--help"]);

    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\n  vectra-cdr ${names.join(" ")} `));
    expect(out).toContain("--json");
  },
);

it("GIVEN no command WHEN help is asked for THEN every command is listed, with the exit codes", async () => {
  const { out } = await vectraCdr(["--help"]);

  for (const [[name]] of COMMANDS) {
    expect(out).toContain(`\n  ${name} `);
  }
  expect(out).toContain("Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.");
});

const AND_THOSE_ABOVE: typeof COMMANDS = [[[]], ...COMMANDS, [["checkpoint"]], [["quarantine"]]];

it.each(AND_THOSE_ABOVE)("GIVEN %j WHEN the version is asked for THEN it is the project's", async (names) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"));

  expect(await vectraCdr([...names, "--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

it("GIVEN a command that fails while it writes THEN the code is 1 and the reason is told in a line", async () => {
  let err = "";

  const code = await runProgram(["egress"], {
    out: () => {
      throw new Error("the disk is full");
    },
    err: (text) => {
      err += text;
    },
  });

  expect([code, err]).toEqual([1, "error: the disk is full\n"]);
});

it("GIVEN a Node that lacks what an exporter needs THEN the error is one line with the way out", () => {
  expect(() => requireLocalRuntime("20.19.0")).toThrow(
    "A local exporter requires Node 24, the function's version; this is Node 20.19.0. " +
      "Use npm run vectra-cdr, which always runs on Node 24.",
  );
  expect(() => requireLocalRuntime("24.21.0")).not.toThrow();
});

it("GIVEN the name of a function WHEN its status is asked for THEN the state in AWS is shown, dead letters too", async () => {
  const aws = await startAws({
    GetFunctionConfiguration: () => ({
      FunctionName: "exporter",
      FunctionArn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
      DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-west-1:333333333333:exporter-dead-letters" },
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
          CHECKPOINT_TABLE: "checkpoints",
          LAKE_LOCATION: "s3://lake/ext/vectra-cdr/",
          LAKE_REGION: "eu-west-1",
          LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/provider",
          LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
        },
      },
    }),
    BatchGetItem: (request) => ({
      Responses: { checkpoints: JSON.stringify(request).includes("acme#v3.4") ? [CHECKPOINT_ITEM] : [] },
    }),
    Query: (request) => {
      const { ":prefix": prefix } = request["ExpressionAttributeValues"] as Record<string, { S: string }>;
      return prefix?.S === "checkpoint" ? { Items: [CHECKPOINT_ITEM] } : { Items: [] };
    },
    GetQueueUrl: () => ({ QueueUrl: `${process.env["AWS_ENDPOINT_URL"]}/333333333333/dead-letters` }),
    GetQueueAttributes: () => ({ Attributes: { ApproximateNumberOfMessages: "2" } }),
  });
  for (const [name, value] of Object.entries(aws.environment)) {
    vi.stubEnv(name, value);
  }

  const outcome = await vectraCdr(["status", "--function", "exporter"]);

  vi.unstubAllEnvs();
  await aws.close();
  expect(outcome).toEqual({
    code: 0,
    err: "",
    out: [
      "acme (function exporter in eu-west-1)",
      "  cursor        4383",
      "  lag           unknown: no event yet",
      "  last success  never",
      "  lease         free",
      "  unfinished    none",
      "  quarantine    0 events",
      "dead letters: 2",
      "",
    ].join("\n"),
  });
});
