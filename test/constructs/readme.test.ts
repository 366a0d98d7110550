import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { describe, expect, it, vi } from "vitest";
import { CloudTrailForVectra } from "./cloudtrail/readme-example.js";
import { SecurityLakeForVectra } from "./security-lake/readme-example.js";

describe.each([
  ["cloudtrail", "readme-account.ts"],
  ["cloudtrail", "readme-organization.ts"],
  ["cloudtrail", "readme-example.ts"],
  ["security-lake", "readme-example.ts"],
])("The example in constructs/%s/README.md", (family, file) => {
  it(`is ${file}, which is compiled and synthesized here`, () => {
    const example = readFileSync(join(import.meta.dirname, family, file), "utf8");
    const readme = readFileSync(join(import.meta.dirname, "../../constructs", family, "README.md"), "utf8");

    expect(readme).toContain(
      `\`\`\`ts\n${example.replaceAll("../../../constructs/", "./constructs/")}\`\`\`\n`,
    );
  });
});

describe("The examples", () => {
  it("synthesize with validations", () => {
    // GIVEN a bundle
    const directory = mkdtempSync(join(tmpdir(), "bundle-"));
    const zipPath = join(directory, "exporter.zip");
    writeFileSync(zipPath, "zip");
    // WHEN both stacks are made
    const app = Testing.app();
    const cloudTrail = new CloudTrailForVectra(app, "cloudtrail");
    const securityLake = new SecurityLakeForVectra(app, "security-lake", {
      zipPath,
      sourceCodeHash: "aGFzaA==",
    });
    // THEN
    expect(Testing.synth(cloudTrail, true)).toContain('"aws_s3_bucket_notification"');
    expect(Testing.synth(securityLake, true)).toContain('"aws_securitylake_custom_log_source"');
    rmSync(directory, { recursive: true });
  });

  it("connect one account in fifteen lines", async () => {
    // GIVEN a folder for CDKTF's output
    const directory = mkdtempSync(join(tmpdir(), "account-"));
    vi.stubEnv("CDKTF_OUTDIR", directory);
    // WHEN the program is run
    // Another file may have run it in this process.
    vi.resetModules();
    await import("./cloudtrail/readme-account.js");
    // THEN
    expect(readFileSync(join(directory, "stacks/cloudtrail/cdk.tf.json"), "utf8")).toContain(
      '"aws_cloudtrail"',
    );
    const program = readFileSync(join(import.meta.dirname, "cloudtrail/readme-account.ts"), "utf8");
    expect(program.split("\n").filter((line) => line.trim() !== "")).toHaveLength(15);
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
});
