import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeployment, parseDeployment } from "../../deployment/load.js";
import { type StackSummary, synthDeployment } from "../../deployment/synth.js";
import { bundleExporter, type ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import { deploymentWith, VALID_DEPLOYMENT } from "./valid-deployment.js";

const EXAMPLE_FILE = join(import.meta.dirname, "..", "..", "examples", "organization", "deployment.yaml");

/** The parts of a stack's Terraform JSON that every stack has. */
interface StackJson {
  readonly terraform: Record<string, unknown>;
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly output: Record<string, { readonly value: string; readonly description: string }>;
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

let folder: string;
let bundle: ExporterBundle;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "synth-"));
  bundle = bundleExporter(join(folder, "bundle"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function synth(text: string, name: string): { outdir: string; summaries: StackSummary[] } {
  const outdir = join(folder, name);
  const deployment = parseDeployment(text, "deployment.yaml");
  return { outdir, summaries: synthDeployment({ deployment, outdir, bundle: () => bundle }) };
}

function readStack(outdir: string, stack: string): StackJson {
  return JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as StackJson;
}

function filesIn(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .toSorted()
      .map((path) => [path.slice(directory.length + 1), readFileSync(path).toString("base64")]),
  );
}

describe("GIVEN the example", () => {
  let outdir: string;
  let summaries: StackSummary[];

  beforeAll(() => {
    outdir = join(folder, "example");
    summaries = synthDeployment({ deployment: loadDeployment(EXAMPLE_FILE), outdir, bundle: () => bundle });
  });

  it("WHEN it is synthesized THEN each account's stack is summed up in the order of applying", () => {
    expect(summaries.map(({ id, accountId, region }) => [id, accountId, region])).toEqual([
      ["log-archive", "222222222222", "eu-west-1"],
      ["management", "111111111111", "eu-west-1"],
      ["security-lake", "333333333333", "eu-west-1"],
    ]);
    expect(summaries[1]).toEqual({
      id: "management",
      accountId: "111111111111",
      region: "eu-west-1",
      resources: { aws_cloudtrail: 1 },
      purpose: "trail vectra-cdr of organization o-a1b2c3d4e5",
      toDo: [
        {
          what:
            "Before you apply, make sure that CloudTrail has trusted access in AWS Organizations: without it an " +
            "organization trail cannot be created. The management account enables it once.",
          text: "aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com",
        },
      ],
      warnings: [],
    });
  });

  it.each([
    ["log-archive", "222222222222"],
    ["management", "111111111111"],
    ["security-lake", "333333333333"],
  ])("THEN the provider of %s is bound to account %s, role, session, region and tags", (stack, accountId) => {
    expect(readStack(outdir, stack).provider.aws).toEqual([
      {
        region: "eu-west-1",
        allowed_account_ids: [accountId],
        assume_role: [{ role_arn: `arn:aws:iam::${accountId}:role/terraform`, session_name: "vectra-cdr" }],
        default_tags: [{ tags: { owner: "security" } }],
      },
    ]);
  });

  it.each(["log-archive", "management", "security-lake"])(
    "THEN %s asks for Terraform 1.11 and keeps its state beside cdktf.out",
    (stack) => {
      expect(readStack(outdir, stack).terraform).toMatchObject({
        required_version: ">= 1.11.0",
        backend: { local: { path: `../../../terraform.vectra-cdr.${stack}.tfstate` } },
      });
    },
  );

  it("THEN log-archive outputs exactly what the Vectra UI asks for, each with a description", () => {
    expect(readStack(outdir, "log-archive").output).toEqual({
      vectra_role_arn: {
        value: "${aws_iam_role.vectra-role_role.arn}",
        description: "For the Vectra UI: ARN of the role that Vectra assumes.",
      },
      log_bucket_name: {
        value: "${aws_s3_bucket.log-bucket_bucket.bucket}",
        description: "For the Vectra UI: name of the bucket with the log files.",
      },
      log_bucket_region: {
        value: "eu-west-1",
        description: "For the Vectra UI: region of that bucket.",
      },
      notification_topic_arn: {
        value: "${aws_sns_topic.topic_topic.arn}",
        description:
          "For the Vectra UI: ARN of the SNS topic that announces new log files. Vectra subscribes to it.",
      },
      vectra_ui_values: {
        value: [
          "Paste these three values into the Vectra UI:",
          "  Role ARN:  ${aws_iam_role.vectra-role_role.arn}",
          "  S3 bucket: ${aws_s3_bucket.log-bucket_bucket.bucket} (eu-west-1)",
          "  SNS topic: ${aws_sns_topic.topic_topic.arn}",
          "",
        ].join("\n"),
        description: "The three values above as text: terraform output -raw vectra_ui_values.",
      },
    });
  });

  it("THEN security-lake outputs the command that fills the tenant's secret, under the secret's own name", () => {
    const { output, resource } = readStack(outdir, "security-lake");

    expect(output["client_secret_arn_acme"]?.description).toContain(
      "aws secretsmanager put-secret-value --region eu-west-1 --secret-id vectra-cdr-exporter/acme --secret-string file://client.json",
    );
    expect(Object.values(resource["aws_secretsmanager_secret"] ?? {}).map(({ name }) => name)).toEqual([
      "vectra-cdr-exporter/acme",
    ]);
  });

  it("THEN management comes after log-archive and no stack reads another's state", () => {
    const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    const json = ["log-archive", "management", "security-lake"].map((stack) =>
      readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"),
    );

    expect(manifest.stacks["management"]?.dependencies).toEqual(["log-archive"]);
    expect(manifest.stacks["log-archive"]?.dependencies).toEqual([]);
    expect(manifest.stacks["security-lake"]?.dependencies).toEqual([]);
    expect(json.join("\n")).not.toContain("terraform_remote_state");
  });

  it("THEN the trail finds key, bucket and topic of the log archive by their names", () => {
    const { resource } = readStack(outdir, "management");

    expect(resource["aws_cloudtrail"]?.["trail_trail"]).toMatchObject({
      name: "vectra-cdr",
      s3_bucket_name: "vectra-cdr-logs-222222222222-eu-west-1",
      sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
      kms_key_id: "${data.aws_kms_key.log-key.arn}",
    });
    expect(readStack(outdir, "management")).toMatchObject({
      data: {
        aws_kms_key: { "log-key": { key_id: "arn:aws:kms:eu-west-1:222222222222:alias/vectra-cdr-logs" } },
      },
    });
  });
});

describe("GIVEN one deployment", () => {
  it("WHEN it is synthesized in two folders, one with a space in its name THEN every byte is the same", () => {
    const deployment = loadDeployment(EXAMPLE_FILE);
    const outdirs = [join(folder, "first", "cdktf.out"), join(folder, "a second folder", "cdktf.out")];

    const [first, second] = outdirs.map((outdir) => {
      synthDeployment({ deployment, outdir, bundle: () => bundleExporter(join(outdir, "bundle")) });
      return filesIn(outdir);
    });

    expect(second).toEqual(first);
    expect(
      Object.keys(first ?? {})
        .map((file) => basename(file))
        .toSorted(),
    ).toEqual([
      "cdk.tf.json",
      "cdk.tf.json",
      "cdk.tf.json",
      "manifest.json",
      "security-lake-exporter.zip",
      "security-lake-exporter.zip",
      "written-for.json",
      "written-for.json",
      "written-for.json",
    ]);
  });

  it("WHEN it is synthesized THEN no path of this machine is in the output", () => {
    const { outdir } = synth(VALID_DEPLOYMENT, "paths");

    for (const stack of ["log-archive", "management", "security-lake"]) {
      const json = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
      expect(json).not.toContain(folder);
      expect(json).not.toContain(process.cwd());
    }
  });
});

describe("GIVEN an S3 backend", () => {
  it("WHEN it is synthesized THEN each stack has its own state, encrypted and locked by S3", () => {
    const { outdir } = synth(
      deploymentWith(
        "{ local: {} }",
        '{ s3: { bucket: our-state, region: eu-west-2, roleArn: "arn:aws:iam::555555555555:role/state" } }',
      ),
      "s3-backend",
    );

    expect(readStack(outdir, "management").terraform["backend"]).toEqual({
      s3: {
        bucket: "our-state",
        key: "vectra-cdr/management.tfstate",
        region: "eu-west-2",
        encrypt: true,
        use_lockfile: true,
        assume_role: { role_arn: "arn:aws:iam::555555555555:role/state" },
      },
    });
    expect(readStack(outdir, "security-lake").terraform["backend"]).toMatchObject({
      s3: { key: "vectra-cdr/security-lake.tfstate" },
    });
  });

  it("WHEN prefix and key are given THEN they are used", () => {
    const { outdir } = synth(
      deploymentWith(
        "{ local: {} }",
        "{ s3: { bucket: our-state, region: eu-west-2, keyPrefix: cdr/prod, kmsKeyId: alias/state } }",
      ),
      "s3-backend-prefix",
    );

    expect(readStack(outdir, "log-archive").terraform["backend"]).toMatchObject({
      s3: { key: "cdr/prod/log-archive.tfstate", kms_key_id: "alias/state" },
    });
  });
});

describe("GIVEN accounts that are used in another way", () => {
  it("WHEN an account has no role to assume THEN its provider uses the caller's credentials", () => {
    const { outdir } = synth(VALID_DEPLOYMENT, "no-role");

    expect(readStack(outdir, "log-archive").provider.aws).toEqual([
      {
        region: "eu-west-1",
        allowed_account_ids: ["222222222222"],
        default_tags: [{ tags: { owner: "security" } }],
      },
    ]);
  });

  it("WHEN the role has a session name and External ID THEN the provider presents them", () => {
    const { outdir } = synth(
      deploymentWith('role/terraform" }', 'role/terraform", sessionName: pipeline, externalId: ours }'),
      "session",
    );

    expect(readStack(outdir, "management").provider.aws[0]?.["assume_role"]).toEqual([
      {
        role_arn: "arn:aws:iam::111111111111:role/terraform",
        session_name: "pipeline",
        external_id: "ours",
      },
    ]);
  });

  it("WHEN the management account holds the logs THEN there are three stacks still, and the trail names its topic", () => {
    const { outdir, summaries } = synth(
      VALID_DEPLOYMENT.replace("222222222222", "111111111111"),
      "one-account",
    );

    expect(summaries.map(({ id, accountId }) => [id, accountId])).toEqual([
      ["log-archive", "111111111111"],
      ["management", "111111111111"],
      ["security-lake", "333333333333"],
    ]);
    expect(readStack(outdir, "management").resource["aws_cloudtrail"]?.["trail_trail"]).toMatchObject({
      sns_topic_name: "vectra-cdr-logs",
    });
  });

  it("WHEN only the exporter is described THEN only its stack is made, in the single account", () => {
    const half = VALID_DEPLOYMENT.slice(VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName"));
    const { summaries } = synth(
      `name: vectra-cdr\nregion: eu-west-1\naccounts: { single: { id: "333333333333" } }\n${half}`,
      "exporter-alone",
    );

    expect(summaries.map(({ id, accountId }) => [id, accountId])).toEqual([
      ["security-lake", "333333333333"],
    ]);
  });

  it("WHEN the lake is in another region THEN its stack is there, and the others stay", () => {
    const { summaries } = synth(
      deploymentWith(
        "  bucketName: aws-security-data-lake-eu-west-1-abc123",
        "  region: us-east-1\n  bucketName: aws-security-data-lake-us-east-1-abc123",
      ),
      "two-regions",
    );

    expect(summaries.map(({ id, region }) => [id, region])).toEqual([
      ["log-archive", "eu-west-1"],
      ["management", "eu-west-1"],
      ["security-lake", "us-east-1"],
    ]);
  });
});

describe("GIVEN names and settings of one's own", () => {
  it("WHEN they are synthesized THEN every stack uses the same names", () => {
    const { outdir } = synth(
      VALID_DEPLOYMENT.replace(
        "trail: { create: {} }",
        "trail: { create: { name: our-trail, events: { s3DataEvents: { only: [{ bucketName: treasure, keyPrefix: gold/ }] } } } }",
      )
        .replace("logBucket: { create: {} }", "logBucket: { create: { name: our-logs, keyPrefix: trails } }")
        .replace("topic: { create: {} }", "topic: { create: { name: our-topic } }")
        .replace("role: { create: {} }", "role: { create: { name: our-role, path: /security/ } }"),
      "own-names",
    );
    const logArchive = JSON.stringify(readStack(outdir, "log-archive"));

    expect(readStack(outdir, "management").resource["aws_cloudtrail"]?.["trail_trail"]).toMatchObject({
      name: "our-trail",
      s3_bucket_name: "our-logs",
      s3_key_prefix: "trails",
      sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:our-topic",
    });
    expect(logArchive).toContain("arn:aws:cloudtrail:eu-west-1:111111111111:trail/our-trail");
    expect(logArchive).toContain("arn:aws:iam::222222222222:role/security/our-role");
    expect(JSON.stringify(readStack(outdir, "management"))).toContain("arn:aws:s3:::treasure/gold/");
  });

  it("WHEN they are as long or odd as the schema allows THEN the constructs take them too", () => {
    const text = VALID_DEPLOYMENT.replace("name: vectra-cdr", "name: a-deployment-of-31-characters-x")
      .replace(
        "customSource:\n    create:\n",
        "customSource:\n    create:\n      name: A_source-with.20:chr\n",
      )
      .replace("role: { create: {} }", "role: { create: { name: 'a+=,.@-_', path: /a/b/c/d/ } }")
      .replace("topic: { create: {} }", "topic: { create: { name: _ } }")
      .replace("trail: { create: {} }", "trail: { create: { name: 1a.b-c_d } }")
      .replace("logBucket: { create: {} }", "logBucket: { create: { name: 3.c, keyPrefix: a/b!*'() } }")
      .replace("name: acme", "name: t23456789-123456789-1234")
      .replace("https://123123123123.uw2.portal.vectra.ai", "https://1.ew1.portal.vectra.ai:8443/");

    expect(synth(text, "edges").summaries).toHaveLength(3);
  });

  it("WHEN a tenant brings a secret THEN no secret is made and no command is shown for it", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-AbCdEf";
    const { outdir } = synth(
      `${VALID_DEPLOYMENT}        secret: { existing: { arn: "${arn}" } }\n`,
      "own-secret",
    );
    const { output, resource } = readStack(outdir, "security-lake");

    expect(resource["aws_secretsmanager_secret"]).toBeUndefined();
    expect(Object.keys(output).toSorted()).toEqual([
      "checkpoint_table_name",
      "exporter_function_name",
      "lake_location",
    ]);
    expect(JSON.stringify(resource["aws_lambda_function"])).toContain(arn);
  });
});
