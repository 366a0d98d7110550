import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter, type ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(ROOT, "deployment", "deployment.schema.json"), "utf8")),
);

const ROLE = ["aws_iam_role.vectra-role_role", "aws_iam_role_policy.vectra-role_policy"];
const KEY = ["aws_kms_alias.log-key_alias", "aws_kms_key.log-key_key"];
const BUCKET = [
  "aws_s3_bucket.log-bucket_bucket",
  "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle",
  "aws_s3_bucket_ownership_controls.log-bucket_ownership-controls",
  "aws_s3_bucket_policy.log-bucket_policy",
  "aws_s3_bucket_public_access_block.log-bucket_public-access-block",
  "aws_s3_bucket_server_side_encryption_configuration.log-bucket_encryption",
  "aws_s3_bucket_versioning.log-bucket_versioning",
];
const TOPIC = ["aws_sns_topic.topic_topic", "aws_sns_topic_policy.topic_policy"];
const TRAIL = ["aws_cloudtrail.trail_trail"];

/**
 * What each example deploys, stack by stack in the order of applying, as Terraform addresses: they tie
 * resources to their state. A change here is a `moved` block or a replaced bucket, key, topic or trail in
 * somebody's account.
 */
const EXAMPLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "control-tower-existing": { "log-archive": ROLE },
  "existing-notifications": {
    "log-archive": [...ROLE, "aws_s3_bucket_notification.s3-notification_notification", ...TOPIC],
  },
  govcloud: {
    "log-archive": [
      ...ROLE,
      ...KEY,
      ...BUCKET,
      "aws_s3_bucket_object_lock_configuration.log-bucket_object-lock",
      ...TOPIC,
    ],
    management: TRAIL,
  },
  "member-trails": {
    "log-archive": [...ROLE, ...KEY, ...BUCKET, ...TOPIC],
    "member-555555555551": TRAIL,
    "member-555555555552": TRAIL,
    "member-555555555553": TRAIL,
  },
  organization: {
    "log-archive": [...ROLE, ...KEY, ...BUCKET, ...TOPIC],
    management: TRAIL,
    "security-lake": [
      "aws_cloudwatch_log_group.exporter_function_log-group",
      "aws_cloudwatch_metric_alarm.exporter_alarms_authentication-acme",
      "aws_cloudwatch_metric_alarm.exporter_alarms_dead-letters",
      "aws_cloudwatch_metric_alarm.exporter_alarms_errors",
      "aws_cloudwatch_metric_alarm.exporter_alarms_lag-acme",
      "aws_cloudwatch_metric_alarm.exporter_alarms_no-successful-run-acme",
      "aws_cloudwatch_metric_alarm.exporter_alarms_quarantine-acme",
      "aws_cloudwatch_metric_alarm.exporter_alarms_throttling-acme",
      "aws_dynamodb_table.exporter_checkpoints_table",
      "aws_iam_role.custom-source_crawler-role",
      "aws_iam_role.exporter_function_role",
      "aws_iam_role.exporter_schedules_role",
      "aws_iam_role_policy.custom-source_crawler-policy",
      "aws_iam_role_policy.exporter_function_policy",
      "aws_iam_role_policy.exporter_schedules_policy",
      "aws_iam_role_policy_attachment.custom-source_crawler-service-policy",
      "aws_lambda_function.exporter_function_lambda",
      "aws_lambda_function_event_invoke_config.exporter_function_invoke-config",
      "aws_scheduler_schedule.exporter_schedules_schedule-acme",
      "aws_scheduler_schedule_group.exporter_schedules_group",
      "aws_secretsmanager_secret.exporter_client-secret-acme_secret",
      "aws_securitylake_custom_log_source.custom-source_source",
      "aws_sqs_queue.exporter_dead-letters_queue",
    ],
  },
  "quadrant-egress": {
    "log-archive": [...TRAIL, ...ROLE, ...KEY, ...BUCKET, ...TOPIC],
    brain: [
      "aws_ec2_managed_prefix_list.brain-egress_prefix-list",
      "aws_networkfirewall_rule_group.brain-egress_firewall-rules",
      "aws_vpc_security_group_egress_rule.brain-egress_egress-sg-0123456789abcdef0",
    ],
  },
  "s3-data-events": {
    "log-archive": [...ROLE, ...KEY, ...BUCKET, ...TOPIC],
    management: TRAIL,
  },
  "single-account": { "log-archive": [...TRAIL, ...ROLE, ...KEY, ...BUCKET, ...TOPIC] },
};

let folder: string;
let bundle: ExporterBundle;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "examples-"));
  bundle = bundleExporter(join(folder, "bundle"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function addressesOf(outdir: string, stack: string): string[] {
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, unknown>>;
  };
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${type}.${name}`),
  );
}

it("GIVEN the folders of examples/ THEN each is in this test", () => {
  expect(readdirSync(join(ROOT, "examples")).toSorted()).toEqual(Object.keys(EXAMPLES));
});

describe.each(Object.entries(EXAMPLES))("GIVEN examples/%s", (example, stacks) => {
  const directory = join(ROOT, "examples", example);
  const file = join(directory, "deployment.yaml");

  it("WHEN it is synthesized THEN its resources have the addresses that they always had", () => {
    const outdir = join(folder, example);

    const summaries = synthDeployment({ deployment: loadDeployment(file), outdir, bundle: () => bundle });

    expect(summaries.map(({ id }) => id)).toEqual(Object.keys(stacks));
    for (const [stack, addresses] of Object.entries(stacks)) {
      expect(addressesOf(outdir, stack).toSorted()).toEqual(addresses.toSorted());
    }
  });

  it("THEN the JSON Schema of editors accepts it, named in its first line, and refuses an unknown key", () => {
    const text = readFileSync(file, "utf8");
    const example: unknown = parse(text);

    expect(text.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../../deployment/deployment.schema.json",
    );
    expect(SCHEMA.safeParse(example).error).toBeUndefined();
    expect(SCHEMA.safeParse({ ...Object(example), regoin: "eu-west-1" }).success).toBe(false);
  });

  it("THEN its README says in about ten lines what it is and what to do", () => {
    const lines = readFileSync(join(directory, "README.md"), "utf8").trimEnd().split("\n");

    expect(lines[0]).toMatch(/^# \S/);
    expect(lines.length).toBeGreaterThanOrEqual(8);
    expect(lines.length).toBeLessThanOrEqual(14);
  });
});
