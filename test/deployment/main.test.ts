import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cloudTrailFile } from "./cloudtrail-deployment.js";
import { deploymentWith, VALID_DEPLOYMENT } from "./valid-deployment.js";

/** Each test starts a Node of its own, which takes a while on a busy machine. */
const PATIENCE_MILLISECONDS = 30_000;

const MAIN = join(import.meta.dirname, "..", "..", "main.ts");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "a deployment "));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function runMain(...parameters: string[]) {
  const { CDKTF_OUTDIR: _, ...env } = process.env;
  return spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), MAIN, ...parameters], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
}

test(
  "GIVEN a broken deployment.yaml WHEN the app runs THEN it exits with 1, without a stack trace, and writes nothing",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), deploymentWith('"222222222222"', '"22222222222"'));
    mkdirSync(join(folder, "cdktf.out"));
    writeFileSync(join(folder, "cdktf.out", "manifest.json"), "the last output");

    const { status, stdout, stderr } = runMain();

    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      [
        'deployment.yaml:11:9  accounts.logArchive.id: "22222222222" (11 digits) is not valid. Allowed: 12 digits in quotes. Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
        '  11 |     id: "22222222222"',
        "     |         ^^^^^^^^^^^^^",
        "",
        "1 error; nothing was written.",
        "",
      ].join("\n"),
    );
    expect(readdirSync(folder).sort()).toEqual(["cdktf.out", "deployment.yaml"]);
    expect(readdirSync(join(folder, "cdktf.out"))).toEqual(["manifest.json"]);
    expect(readFileSync(join(folder, "cdktf.out", "manifest.json"), "utf8")).toBe("the last output");
  },
  PATIENCE_MILLISECONDS,
);

test(
  "GIVEN a valid file in a folder with a space in its name WHEN the app runs on it THEN it says what goes where",
  () => {
    writeFileSync(join(folder, "ours.yaml"), VALID_DEPLOYMENT);

    const { status, stdout, stderr } = runMain("ours.yaml");

    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "ours.yaml:",
      "  log-archive    222222222222  eu-west-1  bucket vectra-cdr-logs-222222222222-eu-west-1, key vectra-cdr-logs, topic vectra-cdr-logs, role vectra-cdr-log-reader for Vectra (13 resources)",
      "  management     111111111111  eu-west-1  trail vectra-cdr of organization o-a1b2c3d4e5 (1 resource)",
      "  security-lake  333333333333  eu-west-1  custom source vectra-cdr, exporter for acme every 5 minutes (23 resources)",
    ]);
    expect(readdirSync(join(folder, "cdktf.out", "stacks")).sort()).toEqual([
      "log-archive",
      "management",
      "security-lake",
    ]);
  },
  PATIENCE_MILLISECONDS,
);

test(
  "GIVEN a deployment that needs something done elsewhere WHEN the app runs THEN it says what, and warns",
  () => {
    writeFileSync(
      join(folder, "deployment.yaml"),
      cloudTrailFile({
        region: "eu-central-2",
        role: '{ create: { policyStatements: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] } }',
      }),
    );

    const { status, stdout, stderr } = runMain();

    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("\nWarning (log-archive): policyStatements");
    expect(stdout).toContain(
      "\nTo do (log-archive): eu-central-2 is a region that accounts opt in to, launched after 2019: tokens of the global STS endpoint are not valid there",
    );
    expect(stdout).toContain(
      "\n    aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token\n",
    );
  },
  PATIENCE_MILLISECONDS,
);

test(
  "GIVEN a deployment that only its constructs refuse WHEN the app runs THEN it exits with 1 and says where, without a stack trace",
  () => {
    writeFileSync(
      join(folder, "deployment.yaml"),
      cloudTrailFile({ logBucket: "{ existing: { name: our-logs, policy: refuse } }" }),
    );

    const { status, stderr } = runMain();

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^deployment\.yaml:9:52 {2}cloudTrail\.logBucket\.existing\.policy: policy is "refuse"\. /,
    );
    expect(stderr).not.toContain("    at ");
  },
  PATIENCE_MILLISECONDS,
);
