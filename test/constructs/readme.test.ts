import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import { CloudTrailForVectra } from "./cloudtrail/readme-example.js";
import { SecurityLakeForVectra } from "./security-lake/readme-example.js";

describe.each(["cloudtrail", "security-lake"])("The example in constructs/%s/README.md", (family) => {
  it("is the file that is compiled and synthesized here", () => {
    const example = readFileSync(join(import.meta.dirname, family, "readme-example.ts"), "utf8");
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
    expect(Testing.synth(cloudTrail, true)).toContain('"aws_cloudtrail"');
    expect(Testing.synth(securityLake, true)).toContain('"aws_securitylake_custom_log_source"');
    rmSync(directory, { recursive: true });
  });
});
