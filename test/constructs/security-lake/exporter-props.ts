import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";

/** Props of an exporter with one tenant and nothing optional. Its bundle is deleted after the tests of the file. */
export function requiredProps(): ExporterProps {
  const directory = mkdtempSync(join(tmpdir(), "exporter bundle "));
  const zipPath = join(directory, "security-lake-exporter.zip");
  writeFileSync(zipPath, "zip");
  afterAll(() => rmSync(directory, { recursive: true }));
  return {
    name: "vectra-exporter",
    accountId: "333333333333",
    region: "eu-west-1",
    bundle: { zipPath, sourceCodeHash: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
    tenants: [
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        partitionAccountId: "333333333333",
      },
    ],
    lake: {
      location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/",
      region: "eu-west-1",
      roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
      externalId: "0123456789abcdef",
    },
  };
}
