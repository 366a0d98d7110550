import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeployment } from "../../deployment/load.js";
import { type StackSummary, synthDeployment } from "../../deployment/synth.js";
import type { StackJson } from "./synthesized.js";

/** A file with the Security Lake half alone; line 10 is the first of `exporter`, then come the tenants. */
export function securityLakeFile(parts: {
  readonly exporter?: string;
  readonly source?: string;
  /** In the place of `create` with an External ID and `source`; on line 7 and 8. */
  readonly customSource?: string;
  readonly tenants?: string;
  /** Lines at the end, in `securityLake`. */
  readonly lake?: string;
}): string {
  const customSource =
    parts.customSource ?? `create:\n      { externalId: 4f0c9a7e1d5b48c2${parts.source ?? ""} }`;
  return `name: vectra-cdr
region: eu-west-1
accounts: { single: { id: "333333333333" } }
securityLake:
  bucketName: aws-security-data-lake-eu-west-1-abc123
  customSource:
    ${customSource}
  exporter:
    ${parts.exporter ?? "deletionProtection: false"}
    tenants:
${parts.tenants ?? "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai }"}
${parts.lake === undefined ? "" : `  ${parts.lake}\n`}`;
}

/** Synthesizes a deployment with the Security Lake half, with a bundle that is none. */
export function synthSecurityLake(text: string): {
  readonly stack: StackJson;
  readonly summary: StackSummary | undefined;
} {
  const outdir = mkdtempSync(join(tmpdir(), "security-lake-"));
  try {
    const zipPath = join(outdir, "exporter.zip");
    writeFileSync(zipPath, "zip");
    const summaries = synthDeployment({
      deployment: parseDeployment(text, "deployment.yaml"),
      outdir,
      bundle: () => ({ zipPath, sourceCodeHash: "aGFzaA==", bytes: 3 }),
    });
    const json = readFileSync(join(outdir, "stacks", "security-lake", "cdk.tf.json"), "utf8");
    return {
      stack: JSON.parse(json) as StackJson,
      summary: summaries.find(({ id }) => id === "security-lake"),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
