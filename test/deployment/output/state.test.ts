import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RefusedDeployment } from "../../../deployment/file/refusal.js";
import { parseDeployment } from "../../../deployment/load.js";
import { outputFolderWarnings, stacksIn } from "../../../deployment/output/output-folder.js";
import { oldStateWarnings } from "../../../deployment/output/state-in-danger.js";
import { plannedStacks, synthDeployment } from "../../../deployment/synth.js";
import { cloudTrailFile } from "../cloudtrail-deployment.js";

let folder: string;
let outdir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  outdir = join(folder, "cdktf.out");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const MEMBERS =
  '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }, { id: "555555555552" }] }';

/** What is synthesized into the folder, and what a person is warned of. */
function synth(text: string): string[] {
  const deployment = parseDeployment(text, "deployment.yaml");
  const found = stacksIn(outdir);
  const summaries = synthDeployment({
    deployment,
    outdir,
    bundle: () => {
      throw new Error("There is no exporter");
    },
  });
  const planned = plannedStacks(deployment, summaries);
  return [...outputFolderWarnings(outdir, found, planned), ...oldStateWarnings(outdir, planned)];
}

function refusalOf(text: string) {
  try {
    synth(text);
  } catch (error) {
    if (error instanceof RefusedDeployment) {
      return error.refusal;
    }
    throw error;
  }
  throw new Error("The deployment was accepted");
}

function named(name: string, parts: Parameters<typeof cloudTrailFile>[0] = {}, backend = ""): string {
  return `${cloudTrailFile(parts).replace("name: vectra-cdr", `name: ${name}`)}${backend}`;
}

function stateOf(stack: string): unknown {
  const json = JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
  return json.terraform.backend;
}

function writeState(name: string, resources: readonly unknown[]): void {
  writeFileSync(join(folder, name), JSON.stringify({ version: 4, resources }));
}

const A_TRAIL = {
  mode: "managed",
  type: "aws_cloudtrail",
  instances: [{ attributes: { arn: "arn:of-the-trail" } }],
};

describe("GIVEN two deployments in one checkout", () => {
  it("WHEN both are synthesized THEN each has a local state of its own", () => {
    synth(named("first"));
    expect(stateOf("log-archive")).toEqual({
      local: { path: "../../../terraform.first.log-archive.tfstate" },
    });

    synth(named("second"));
    expect(stateOf("log-archive")).toEqual({
      local: { path: "../../../terraform.second.log-archive.tfstate" },
    });
  });

  it("WHEN both name one key prefix of an S3 backend THEN the second is refused at that field", () => {
    const backend =
      "terraform: { backend: { s3: { bucket: our-state, region: eu-west-1, keyPrefix: cdr } } }\n";
    synth(named("first", {}, backend));

    expect(refusalOf(named("second", {}, backend))).toEqual({
      path: ["terraform", "backend", "s3", "keyPrefix"],
      problem:
        "s3://our-state/cdr/log-archive.tfstate is the state of deployment first: two deployments would replace each other's resources",
      remedy: `Omit keyPrefix, or give each deployment its own. If you renamed the deployment and want to replace its resources, delete ${join(outdir, "stacks", "log-archive")} first.`,
    });
    // The same deployment again is nothing new.
    expect(synth(named("first", {}, backend))).toEqual([]);
  });

  it("WHEN an S3 backend names no key prefix THEN their keys differ", () => {
    const backend = "terraform: { backend: { s3: { bucket: our-state, region: eu-west-1 } } }\n";

    synth(named("first", {}, backend));
    expect(stateOf("log-archive")).toMatchObject({ s3: { key: "first/log-archive.tfstate" } });
    synth(named("second", {}, backend));
    expect(stateOf("log-archive")).toMatchObject({ s3: { key: "second/log-archive.tfstate" } });
  });
});

describe("GIVEN a local state under the name that earlier versions gave", () => {
  it("WHEN it holds resources THEN synthesis stops and prints a command for each stack", () => {
    writeState("terraform.log-archive.tfstate", [A_TRAIL]);
    writeState("terraform.member-555555555552.tfstate", [A_TRAIL, A_TRAIL]);

    const { path, problem, commands } = refusalOf(cloudTrailFile({ accounts: MEMBERS }));

    expect(path).toEqual(["name"]);
    expect(problem).toContain(
      "member-555555555552.tfstate (2 resources, including arn:of-the-trail) has a file name of earlier versions, without the deployment's name",
    );
    expect(commands).toEqual([
      `mv ${folder}/terraform.log-archive.tfstate ${folder}/terraform.vectra-cdr.log-archive.tfstate`,
      `mv ${folder}/terraform.member-555555555552.tfstate ${folder}/terraform.vectra-cdr.member-555555555552.tfstate`,
    ]);
  });

  it("WHEN the output folder is a link THEN it is found beside the folder that the link leads to", () => {
    mkdirSync(join(folder, "elsewhere", "out"), { recursive: true });
    symlinkSync(join("elsewhere", "out"), outdir);
    writeState(join("elsewhere", "terraform.log-archive.tfstate"), [A_TRAIL]);

    expect(refusalOf(cloudTrailFile()).problem).toContain(
      "elsewhere/terraform.log-archive.tfstate (1 resource, including arn:of-the-trail)",
    );
  });

  it("WHEN the output folder's name ends in a dot THEN it is found beside that folder, not in it", () => {
    outdir = `${outdir}/.`;
    writeState("terraform.log-archive.tfstate", [A_TRAIL]);

    expect(refusalOf(cloudTrailFile()).commands).toEqual([
      `mv ${folder}/terraform.log-archive.tfstate ${folder}/terraform.vectra-cdr.log-archive.tfstate`,
    ]);
  });

  it("WHEN it cannot be read THEN it counts as one that holds something", () => {
    writeFileSync(join(folder, "terraform.log-archive.tfstate"), "no JSON");

    expect(refusalOf(cloudTrailFile()).problem).toContain(
      "terraform.log-archive.tfstate (contents that cannot be read)",
    );
  });

  it("WHEN it is empty after a destroy THEN nothing is said", () => {
    writeState("terraform.log-archive.tfstate", []);

    expect(synth(cloudTrailFile())).toEqual([]);
  });

  it("WHEN it has been renamed THEN synthesis goes on", () => {
    writeState("terraform.vectra-cdr.log-archive.tfstate", [A_TRAIL]);

    expect(synth(cloudTrailFile())).toEqual([]);
  });

  it("WHEN the deployment has a state of its own, or no such stack THEN it is a warning with the new name", () => {
    writeState("terraform.log-archive.tfstate", [A_TRAIL]);
    writeState("terraform.vectra-cdr.log-archive.tfstate", [A_TRAIL]);
    writeState("terraform.management.tfstate", [A_TRAIL]);

    expect(synth(cloudTrailFile())).toEqual([
      `${folder}/terraform.log-archive.tfstate holds 1 resource, including arn:of-the-trail, and no deployment uses it: it has a file name of earlier versions. Rename it to ${folder}/terraform.<deployment>.log-archive.tfstate, with the name of its deployment.`,
      `${folder}/terraform.management.tfstate holds 1 resource, including arn:of-the-trail, and no deployment uses it: it has a file name of earlier versions. Rename it to ${folder}/terraform.<deployment>.management.tfstate, with the name of its deployment.`,
    ]);
  });
});

describe("GIVEN an output folder that was used before", () => {
  it("WHEN a stack is no longer in the deployment THEN it is named, with the way to remove it, and stays", () => {
    synth(cloudTrailFile({ accounts: MEMBERS }));

    const warnings = synth(cloudTrailFile({ accounts: MEMBERS.replace(', { id: "555555555552" }', "") }));

    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("stack member-555555555552 is not, or no longer, in the deployment");
    expect(warnings[0]).toContain(
      `run terraform -chdir=${outdir}/stacks/member-555555555552 destroy, then delete the folder`,
    );
    expect(stacksIn(outdir).map(({ id }) => id)).toEqual([
      "log-archive",
      "member-555555555551",
      "member-555555555552",
    ]);
  });

  it("WHEN a stack belongs to another deployment THEN both are named", () => {
    synth(named("first", { accounts: MEMBERS }));

    const warnings = synth(named("second"));

    expect(warnings[0]).toContain("log-archive was written for deployment first and is now second's");
    expect(warnings[1]).toContain(
      "member-555555555551 belongs to deployment first, not to second. It was left unchanged.",
    );
  });

  it("WHEN the deployment of the same name was in another account and region THEN a second name is asked for", () => {
    synth(cloudTrailFile());

    expect(
      synth(cloudTrailFile({ accounts: '{ single: { id: "333333333333" } }', region: "eu-west-2" })),
    ).toEqual([
      `${outdir}/stacks/log-archive was written for account 222222222222, now 333333333333, and region eu-west-1, now eu-west-2, under the same deployment name. A plan would replace the deployed resources. If this is a second deployment, give it its own name.`,
    ]);
  });

  it("WHEN its record is damaged or it was written by an earlier version THEN nothing is said of its own stacks", () => {
    synth(cloudTrailFile());
    writeFileSync(join(outdir, "stacks", "log-archive", "written-for.json"), "null");
    expect(synth(cloudTrailFile())).toEqual([]);

    mkdirSync(join(outdir, "stacks", "management"));
    expect(synth(cloudTrailFile())).toHaveLength(1);
  });
});
