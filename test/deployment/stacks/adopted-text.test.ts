import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument, visit } from "yaml";
import { DeploymentError } from "../../../deployment/file/diagnostics.js";
import { RefusedDeployment } from "../../../deployment/file/refusal.js";
import { parseDeployment } from "../../../deployment/load.js";
import { synthDeployment } from "../../../deployment/synth.js";
import { bundleExporter, type ExporterBundle } from "../../../functions/security-lake-exporter/bundle.js";
import { evaluated } from "../../constructs/template-language.js";
import { existingFile, KEY, TOPIC } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");

let folder: string;
let bundle: ExporterBundle;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "adopted-"));
  bundle = bundleExporter(join(folder, "bundle"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Every string of every stack's Terraform JSON. */
function stringsOf(text: string): string[] {
  const outdir = mkdtempSync(join(folder, "out-"));
  const deployment = parseDeployment(text, "deployment.yaml");
  const stacks = synthDeployment({ deployment, outdir, bundle: () => bundle });
  return stacks.flatMap(({ id }) =>
    leavesOf(JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8"))),
  );
}

function leavesOf(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...leavesOf(item)])
    : [];
}

const POLICY = `[
  { Sid: Own, Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:root" }, Action: "*", Resource: "*" },
  { Sid: Users, Effect: Allow, Principal: { AWS: "*" }, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::our-logs/\${AWS:username}/*",
    Condition: { StringEquals: { "aws:PrincipalTag/team": "\${aws:PrincipalTag/x}" }, StringLike: { "s3:prefix": ["\${*}", "%{ if x }"] } } }
]`.replace(/\n\s*/g, " ");

const ADOPTED = existingFile({
  region:
    "eu-west-1\nterraform: { backend: { s3: { bucket: our-state, region: eu-west-1, roleArn: 'arn:aws:iam::222222222222:role/state' } } }",
  accounts:
    "{ single: { id: '222222222222', assumeRole: { roleArn: 'arn:aws:iam::222222222222:role/terraform' } } }",
  logBucket: `{ existing: { name: our-logs, policy: own, currentStatements: ${POLICY}, currentNotifications: { topics: [{ id: reports, topicArn: "arn:aws:sns:eu-west-1:222222222222:reports", events: ["s3:ObjectRemoved:*"], filterPrefix: "a", filterSuffix: "b" }], queues: [{ id: siem, queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem", events: ["s3:ObjectRemoved:*"], filterPrefix: "c" }], lambdaFunctions: [{ id: gone, lambdaFunctionArn: "arn:aws:lambda:eu-west-1:222222222222:function:gone", events: ["s3:ObjectRemoved:*"] }] } } }`,
  logKey: `{ existing: { arn: "${KEY}", policy: own, currentStatements: ${POLICY} } }`,
  topic: `{ existing: { arn: "${TOPIC}", policy: print } }`,
  notification: "{ s3: {} }",
  role: "{ existing: { arn: 'arn:aws:iam::222222222222:role/vectra' } }",
});

const CREATED = existingFile({
  trail:
    "{ create: { cloudWatchLogs: { role: { path: /a/, permissionsBoundary: 'arn:aws:iam::222222222222:policy/b' } } } }",
  logBucket: "{ create: { accessLogs: { bucketName: access-logs, prefix: a/ } } }",
  logKey: "{ create: {} }",
  topic: "{ create: { subscription: { endpoints: ['arn:aws:sqs:*:999999999999:*'] } } }",
  role: `{ create: { path: /a/, permissionsBoundary: "arn:aws:iam::222222222222:policy/b", vectraPrincipalArn: "arn:aws:iam::999999999999:role/a", policyStatements: [{ Effect: Allow, Action: ["s3:GetObject"], Resource: "*" }] } }`,
});

const WITH_LAKE = readFileSync(join(EXAMPLES, "organization", "deployment.yaml"), "utf8").replace(
  "  exporter:\n",
  "  exporter:\n    permissionsBoundary: arn:aws:iam::333333333333:policy/b\n    backfill: {}\n",
);

/** What Terraform would evaluate; paths may hold the word alone. */
const HOSTILE_WORD = "%{for}";
const HOSTILE = `\${timestamp()}${HOSTILE_WORD}`;

/** Forms of a value with the hostile text: at its end, in its path, in its place as a path. */
const FORMS: readonly ((value: string) => string)[] = [
  (value) => `${value}${HOSTILE}`,
  (value) => value.replace(/:(role|policy|user)\//, (start) => `${start}${HOSTILE_WORD}/`),
  (value) => value.replace(/^\/.*\/$/, () => `/${HOSTILE_WORD}/`),
];

/** The file with some of its texts replaced, each by its number. */
function withTexts(file: string, replacements: ReadonlyMap<number, string>): string {
  const document = parseDocument(file);
  let index = 0;
  visit(document, {
    Scalar: (key, node) => {
      if (typeof node.value === "string" && key !== "key") {
        const replacement = replacements.get(index);
        index += 1;
        if (replacement !== undefined) {
          node.value = replacement;
          node.type = "QUOTE_DOUBLE";
        }
      }
    },
  });
  return document.toString();
}

function textsIn(file: string): string[] {
  const texts: string[] = [];
  visit(parseDocument(file), {
    Scalar: (key, { value }) => {
      if (typeof value === "string" && key !== "key") {
        texts.push(value);
      }
    },
  });
  return texts;
}

/** What is synthesized from a file; nothing if the file or a construct refuses it. */
function stringsUnlessRefused(file: string): string[] {
  try {
    return stringsOf(file);
  } catch (error) {
    if (error instanceof DeploymentError || error instanceof RefusedDeployment) {
      return [];
    }
    throw error;
  }
}

function isAccepted(file: string): boolean {
  try {
    parseDeployment(file, "deployment.yaml");
    return true;
  } catch (error) {
    if (error instanceof DeploymentError) {
      return false;
    }
    throw error;
  }
}

/** The strings with hostile text of every file that is accepted: all texts at once, or else one at a time. */
function hostileStrings(file: string, form: (value: string) => string): string[] {
  const replacements = textsIn(file)
    .map((text, index) => [index, form(text), text] as const)
    .filter(([, hostile, text]) => hostile !== text)
    .filter(([index, hostile]) => isAccepted(withTexts(file, new Map([[index, hostile]]))))
    .map(([index, hostile]) => [index, hostile] as const);
  const together = stringsUnlessRefused(withTexts(file, new Map(replacements)));
  const strings =
    together.length > 0
      ? together
      : replacements.flatMap((replacement) => stringsUnlessRefused(withTexts(file, new Map([replacement]))));
  return strings.filter((string) => string.includes(HOSTILE_WORD));
}

describe("GIVEN a file in which any text holds what Terraform would evaluate", () => {
  it.each([
    ["everything exists and is owned", ADOPTED, 9],
    ["everything is created", CREATED, 5],
    ["the exporter", WITH_LAKE, 4],
  ])(
    "WHEN %s THEN it is refused or arrives as it was written",
    (_, file, least) => {
      expect(stringsOf(file).filter((string) => string.includes(HOSTILE_WORD))).toEqual([]);

      const hostile = FORMS.flatMap((form) => hostileStrings(file, form));

      for (const string of hostile) {
        const written = string.replace(/(?<!\$)\$\{(?:aws_|data\.|path\.)[^}]*\}/g, "reference");
        expect(evaluated(written), `Write it with terraformText(): ${string}`).toContain(HOSTILE_WORD);
      }
      expect(hostile.length).toBeGreaterThanOrEqual(least);
    },
    60_000,
  );

  it("WHEN it is a placeholder of CDKTF THEN it is refused at its line", () => {
    expect(
      onlyDiagnosticOf(
        existingFile({
          logBucket:
            "{ existing: { name: our-logs, currentStatements: [{ Effect: Deny, Resource: '${TfToken[TOKEN.3]}' }] } }",
        }),
      ),
    ).toMatchObject({
      line: 9,
      field: "cloudTrail.logBucket.existing.currentStatements[0].Resource",
      problem: "contains a CDKTF token, which has no value in a file",
      remedy: "Write the value itself.",
    });
  });
});

it("GIVEN statements with IAM's policy variables in any case WHEN they are owned THEN AWS receives them unchanged", () => {
  const policy = stringsOf(ADOPTED).find((string) => string.includes("username"));

  expect(policy).toContain('"Resource":"arn:aws:s3:::our-logs/$${AWS:username}/*"');
  expect(JSON.parse(evaluated(policy ?? "")).Statement[1]).toEqual({
    Sid: "Users",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["s3:GetObject"],
    Resource: "arn:aws:s3:::our-logs/${AWS:username}/*",
    Condition: {
      StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/x}" },
      StringLike: { "s3:prefix": ["${*}", "%{ if x }"] },
    },
  });
});
