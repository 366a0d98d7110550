import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cloudTrailFile } from "./deployment/cloudtrail-deployment.js";
import { deploymentWith, VALID_DEPLOYMENT } from "./deployment/valid-deployment.js";

/** Each test starts a Node of its own, which takes a while on a busy machine. */
const PATIENCE_MILLISECONDS = 30_000;

/** A state as Terraform writes it, as far as it is looked at. */
const STATE = JSON.stringify({
  version: 4,
  resources: [
    {
      mode: "data",
      type: "aws_kms_key",
      instances: [{ attributes: { arn: "arn:aws:kms:eu-west-1:1:key/1" } }],
    },
    { mode: "managed", type: "aws_s3_bucket", instances: [{ attributes: { arn: "arn:aws:s3:::our-logs" } }] },
  ],
});

const MAIN = join(import.meta.dirname, "..", "main.ts");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "a deployment "));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function runMain(...parameters: string[]) {
  return runMainWith({}, ...parameters);
}

function runMainWith(settings: Record<string, string>, ...parameters: string[]) {
  const { CDKTF_OUTDIR: _, ...rest } = process.env;
  const env = { ...rest, ...settings };
  return spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), MAIN, ...parameters], {
    cwd: folder,
    encoding: "utf8",
    env,
    timeout: PATIENCE_MILLISECONDS,
  });
}

it(
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

it(
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
    expect(stdout).not.toContain("\n\n\n");
    expect(stdout).toContain("\n\nTerraform JSON is in cdktf.out/stacks.");
    expect(readdirSync(join(folder, "cdktf.out", "stacks")).sort()).toEqual([
      "log-archive",
      "management",
      "security-lake",
    ]);
  },
  PATIENCE_MILLISECONDS,
);

it(
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
    expect(stdout).toContain(
      "\nWarning (log-archive): deployment.yaml:13:40  cloudTrail.role.create.policyStatements[0] allows Vectra more than the logs: {",
    );
    expect(stdout).toContain(
      "\nTo do (log-archive): eu-central-2 is an opt-in region, launched after 2019: tokens of the global STS endpoint are not valid there",
    );
    expect(stdout).toContain(
      "\n    aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token\n",
    );
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN a deployment that only its constructs refuse WHEN the app runs THEN it exits with 1 and says where, without a stack trace",
  () => {
    writeFileSync(
      join(folder, "deployment.yaml"),
      cloudTrailFile({ logBucket: "{ existing: { name: our-logs, policy: refuse } }" }),
    );

    const { status, stderr } = runMain();

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^deployment\.yaml:9:52 {2}cloudTrail\.logBucket\.existing\.policy: is "refuse": its policy would need /,
    );
    expect(stderr).not.toContain("Allowed:");
    expect(stderr).not.toContain("    at ");
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN a state under the name of an earlier version WHEN the app runs THEN it exits with 1, prints the command that keeps the state, and writes no stack",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), cloudTrailFile());
    writeFileSync(join(folder, "terraform.log-archive.tfstate"), STATE);

    const { status, stderr } = runMain();

    expect(status).toBe(1);
    expect(stderr).toBe(
      [
        "deployment.yaml:1:7  name: the state in terraform.log-archive.tfstate (2 resources, including arn:aws:s3:::our-logs) has a file name of earlier versions, without the deployment's name: Terraform would not find it and would create everything again. If it belongs to vectra-cdr, rename it as shown below, run npm run synth again, then terraform init -reconfigure in each of these stacks. If it belongs to another deployment, use that deployment's name instead of vectra-cdr.",
        "  1 | name: vectra-cdr",
        "    |       ^^^^^^^^^^",
        "  $ mv terraform.log-archive.tfstate terraform.vectra-cdr.log-archive.tfstate",
        "",
        "1 error; nothing was written.",
        "",
      ].join("\n"),
    );
    expect(readdirSync(join(folder, "cdktf.out", "stacks"))).toEqual([]);
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN an output folder that another deployment has used WHEN the app runs THEN it names the stacks and deletes nothing",
  () => {
    writeFileSync(join(folder, "first.yaml"), cloudTrailFile().replace("name: vectra-cdr", "name: first"));
    writeFileSync(join(folder, "second.yaml"), cloudTrailFile().replace("name: vectra-cdr", "name: second"));
    mkdirSync(join(folder, "cdktf.out", "stacks", "member-555555555555"), { recursive: true });

    expect(runMain("first.yaml").status).toBe(0);
    const { status, stdout } = runMain("second.yaml");

    expect(status).toBe(0);
    expect(stdout).toContain(
      "\nWarning: cdktf.out/stacks/log-archive was written for deployment first and is now second's.",
    );
    expect(stdout).toContain("init -reconfigure, never -migrate-state");
    expect(stdout).toContain(
      "\nWarning: cdktf.out/stacks/member-555555555555 was left unchanged: stack member-555555555555 is not, or no longer, in the deployment",
    );
    expect(readdirSync(join(folder, "cdktf.out", "stacks")).sort()).toEqual([
      "log-archive",
      "member-555555555555",
    ]);
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN CDKTF_OUTDIR and a cdktf.json with an output WHEN the app runs THEN the environment wins, and the stacks keep their ids",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), cloudTrailFile());
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ output: "from-cdktf-json" }));

    expect(runMainWith({ CDKTF_OUTDIR: "from-environment" }).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "deployment.yaml", "from-environment"]);
    expect(readdirSync(join(folder, "from-environment", "stacks"))).toEqual(["log-archive"]);

    expect(runMain().status).toBe(0);
    expect(readdirSync(join(folder, "from-cdktf-json", "stacks"))).toEqual(["log-archive"]);
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN an output folder that cannot be made WHEN the app runs THEN it says which and what to do, without a stack trace",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), cloudTrailFile());
    writeFileSync(join(folder, "occupied"), "a file");

    const { status, stderr } = runMainWith({ CDKTF_OUTDIR: "occupied" });

    expect(status).toBe(1);
    expect(stderr).toBe(
      "occupied: the output cannot be written (EEXIST). Free the path or fix its permissions, or choose another folder: CDKTF_OUTDIR=<folder> npm run synth.\n",
    );
  },
  PATIENCE_MILLISECONDS,
);

it.skipIf(!existsSync("/proc/self"))(
  "GIVEN an output folder below one in which none can be created WHEN the app runs THEN it says so and ends",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), cloudTrailFile());

    const { status, stderr } = runMainWith({ CDKTF_OUTDIR: "/proc/vectra-cdr/output" });

    expect(status).toBe(1);
    expect(stderr).toBe(
      "/proc/vectra-cdr: the output cannot be written (ENOENT). Free the path or fix its permissions, or choose another folder: CDKTF_OUTDIR=<folder> npm run synth.\n",
    );
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN an option that is not known, or a second file WHEN the app runs THEN it says how it is used, with 2",
  () => {
    for (const parameters of [["--jsn"], ["a.yaml", "b.yaml"]]) {
      const { status, stdout, stderr } = runMain(...parameters);

      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`error: unexpected argument ${parameters.at(-1)}.\n`);
      expect(stderr).toContain("npm run synth -- [file]");
    }
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN main.ts WHEN help or the version is asked for THEN that is all it does",
  () => {
    expect(runMain("--help")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("npm run synth -- [file]"),
    });
    expect(runMain("--version")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(readdirSync(folder)).toEqual([]);
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN a file whose text clears the screen WHEN it is refused THEN the excerpt shows that instead",
  () => {
    writeFileSync(join(folder, "deployment.yaml"), deploymentWith('"222222222222"', '"22\u009b2J\u202e"'));

    const { stderr } = runMain();

    expect(stderr).toContain("\\u009b2J\\u202e");
    expect(stderr).not.toContain("\u009b");
    expect(stderr).not.toContain("\u202e");
  },
  PATIENCE_MILLISECONDS,
);

it(
  "GIVEN a deployment in a pipe WHEN the app runs THEN it reads it once, and warns of its placeholders all the same",
  () => {
    const script = `mkfifo pipe && { cat "$1" > pipe & } && exec "$2" --import "$3" "$4" pipe`;
    const example = join(MAIN, "..", "examples", "single-account", "deployment.yaml");
    const parameters = ["-c", script, "sh", example, process.execPath, import.meta.resolve("tsx"), MAIN];

    const { status, stdout } = spawnSync("sh", parameters, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, CDKTF_OUTDIR: "out" },
      timeout: PATIENCE_MILLISECONDS,
    });

    expect(stdout).toContain(
      "Warning: pipe: values from the examples are still in the file: 111111111111 (line 9)",
    );
    expect(status).toBe(0);
  },
  PATIENCE_MILLISECONDS,
);
