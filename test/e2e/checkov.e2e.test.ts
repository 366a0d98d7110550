import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter } from "../../functions/security-lake-exporter/bundle.js";
import { type AcceptedFinding, acceptedFindings } from "../checkov/accepted.js";
import { checkovVerdict, type Finding } from "../checkov/findings.js";
import { type Plan, planOf } from "../checkov/plan.js";
import { checkovEnvironment } from "./python-environment.js";
import type { Attributes } from "./terraform-json.js";

const examples = join(import.meta.dirname, "..", "..", "examples");
const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-checkov-"));
const plans = new Map<string, Plan>();

let findings: readonly Finding[];
let resources: number;

beforeAll(async () => {
  const bundle = bundleExporter(join(directory, "bundle"));
  for (const example of readdirSync(examples)) {
    const deployment = loadDeployment(join(examples, example, "deployment.yaml"));
    const outdir = join(directory, "synthesized", example);
    for (const { id } of synthDeployment({ deployment, outdir, bundle: () => bundle })) {
      const text = readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8");
      plans.set(`${example}/${id}`, planOf(JSON.parse(text) as Attributes));
    }
  }
  const python = await checkovEnvironment();
  ({ findings, resources } = await checkovVerdict(python, join(directory, "examples"), plans));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function accepts({ check, resource }: AcceptedFinding, finding: Finding): boolean {
  const sameResource = resource.endsWith("*")
    ? finding.resource.startsWith(resource.slice(0, -1))
    : finding.resource === resource;
  return sameResource && finding.check === check;
}

describe("Checkov, on every stack of every example", () => {
  it("has looked at every resource", () => {
    const planned = [...plans.values()].map((plan) => plan.planned_values.root_module.resources.length);
    expect(plans.size).toBeGreaterThan(8);
    expect(resources).toBe(planned.reduce((sum, count) => sum + count, 0));
  });

  it("finds nothing but what test/checkov/accepted.ts lists with a reason", () => {
    const unlisted = findings.filter((finding) => !acceptedFindings.some((entry) => accepts(entry, finding)));
    expect(
      unlisted.map(({ plan, check, title, resource }) => `${plan}: ${check} at ${resource}: ${title}`),
    ).toEqual([]);
  });

  it.each(acceptedFindings)("still finds $check at $resource", (entry) => {
    expect(entry.reason).toMatch(/\.$/);
    expect(findings.some((finding) => accepts(entry, finding))).toBe(true);
  });
});

describe("Checkov, on a stack with faults", () => {
  it("judges policies, which are text, and resources that belong together", async () => {
    // GIVEN a log archive whose key never rotates, whose bucket may be public and whose policies allow too much
    const sound = plans.get("organization/log-archive");
    if (sound === undefined) {
      throw new Error("examples/organization has no log-archive stack.");
    }
    const faulty = sound.planned_values.root_module.resources
      .filter(({ type }) => type !== "aws_s3_bucket_public_access_block")
      .map((resource) => ({ ...resource, values: { ...resource.values, ...faults[resource.type] } }));
    const plan = { ...sound, planned_values: { root_module: { resources: faulty } } };

    const verdict = await checkovVerdict(
      await checkovEnvironment(),
      join(directory, "faulty"),
      new Map([["faulty", plan]]),
    );

    const found = verdict.findings.map(({ check, resource }) => `${check} ${resource.split(".")[0]}`);
    expect(found).toEqual(
      expect.arrayContaining([
        "CKV_AWS_7 aws_kms_key",
        "CKV2_AWS_6 aws_s3_bucket",
        "CKV_AWS_63 aws_iam_role_policy",
        "CKV_AWS_169 aws_sns_topic_policy",
      ]),
    );
  });
});

function allow(Action: string, Principal?: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action, Resource: "*" }],
  });
}

const faults: Readonly<Record<string, Attributes>> = {
  aws_kms_key: { enable_key_rotation: false },
  aws_iam_role_policy: { policy: allow("*") },
  aws_sns_topic_policy: { policy: allow("sns:Subscribe", "*") },
};
