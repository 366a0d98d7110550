import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { vectraForOrganization } from "./cloudtrail/readme-organization.js";

/**
 * What only a deployment file's stacks have, in Terraform's own words: settings of Terraform and of the provider
 * (backend, versions, roles to assume, default tags), and what is shown to people.
 */
const ONLY_THE_FILES = ["//", "output", "provider", "terraform"];

/** The file that corresponds to the example of the organization. */
const ORGANIZATION = `
name: vectra-cdr
region: eu-west-1
accounts:
  management: { id: "111111111111" }
  logArchive: { id: "222222222222" }
  securityLake: { id: "333333333333" }
vectra: { accountId: "999999999999", externalId: shown-by-the-vectra-ui }
cloudTrail:
  organizationId: o-a1b2c3d4e5
  trail: { create: {} }
  logBucket: { create: { name: acme-vectra-cdr-logs } }
  logKey: { create: {} }
  topic: { create: {} }
  role: { create: {} }
securityLake:
  bucketName: aws-security-data-lake-eu-west-1-abcdefghij
  customSource: { create: { name: vectra-cdr, externalId: 5f0c6b2e9d1a4783 } }
  exporter:
    tenants:
      - { name: acme, url: "https://123123123123.uw2.portal.vectra.ai", secret: { create: {} } }
`;

/** The file that corresponds to the example of one account. Its names are those of `AccountConnection`. */
const ACCOUNT = `
name: vectra-cdr
region: eu-west-1
accounts: { single: { id: "111111111111" } }
vectra: { accountId: "999999999999", externalId: shown-by-the-vectra-ui }
cloudTrail:
  trail: { create: {} }
  logBucket: { create: { name: acme-vectra-cdr-logs } }
  logKey: { create: {} }
  topic: { create: {} }
  role: { create: { name: vectra-cdr } }
`;

let directory: string;
let bundle: { zipPath: string; sourceCodeHash: string };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "same-as-deployment-"));
  bundle = { zipPath: join(directory, "exporter.zip"), sourceCodeHash: "aGFzaA==" };
  writeFileSync(bundle.zipPath, "zip");
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A stack without what only a deployment file's stacks have. */
function stackOf(outdir: string, id: string): Record<string, unknown> {
  const stack = JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));
  return Object.fromEntries(Object.entries(stack).filter(([block]) => !ONLY_THE_FILES.includes(block)));
}

/** A stack as text, without CDKTF's note of each construct's path. */
function withoutMetadata(stack: object): string {
  return JSON.stringify(stack, (key, value) => (key === "//" ? undefined : value));
}

/** A deployment file's stacks, in a folder. */
function deployed(text: string, name: string): string {
  const outdir = join(directory, name);
  synthDeployment({
    deployment: parseDeployment(text, "deployment.yaml"),
    outdir,
    bundle: () => ({ ...bundle, bytes: 3, unzippedBytes: 3 }) as never,
  });
  return outdir;
}

describe("The constructs", () => {
  it("synthesize for an organization what its deployment file does, in three accounts", () => {
    const file = deployed(ORGANIZATION, "organization-file");
    const outdir = join(directory, "organization-constructs");
    const app = new App({ outdir, stackTraces: false });
    vectraForOrganization(app, bundle);
    app.synth();

    for (const id of ["log-archive", "management", "security-lake"]) {
      expect(stackOf(outdir, id)).toEqual(stackOf(file, id));
    }
    // The trail is there, with the key that it looked up
    expect(stackOf(outdir, "management")).toMatchObject({
      data: {
        aws_kms_key: {
          "log-key": { key_id: "arn:aws:kms:eu-west-1:222222222222:alias/vectra-cdr-logs" },
        },
      },
      resource: {
        aws_cloudtrail: { trail_trail: { kms_key_id: "${data.aws_kms_key.log-key.arn}" } },
      },
    });
  });

  it("synthesize for one account what its deployment file does, below the connection's own id", async () => {
    const file = deployed(ACCOUNT, "account-file");
    const outdir = join(directory, "account-constructs");
    vi.stubEnv("CDKTF_OUTDIR", outdir);
    // Another file may have run it in this process.
    vi.resetModules();
    await import("./cloudtrail/readme-account.js");
    vi.unstubAllEnvs();

    const connection = withoutMetadata(stackOf(outdir, "cloudtrail"));
    expect(JSON.parse(connection.replaceAll("vectra_", ""))).toEqual(
      JSON.parse(withoutMetadata(stackOf(file, "log-archive"))),
    );
    expect(connection).toContain('"vectra_trail_trail"');
  });
});
