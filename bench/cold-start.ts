import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { ENVIRONMENT } from "../facts/environment.js";
import type { TenantSettings } from "../facts/options/exporter-tenant.js";
import { bundleExporter } from "../functions/security-lake-exporter/bundle.js";
import { timed } from "./child.js";

const tenant: TenantSettings = {
  name: "acme",
  url: "https://123123123123.uw2.portal.vectra.ai",
  secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf",
  partitionAccountId: "333333333333",
  includeScoreDecreases: true,
  start: "beginning",
};

/**
 * The size of the function's bundle, and the time that Node takes to load it until the handler can be called, minus the time
 * that Node takes to start without a program.
 *
 * @returns zip size in kilobytes (10^3 bytes) and time in milliseconds.
 */
export async function measureColdStart(
  directory: string,
): Promise<{ kilobytes: number; milliseconds: number }> {
  const folder = join(directory, "bundle");
  mkdirSync(folder, { recursive: true });
  const bundle = bundleExporter(folder);
  const code = unzipSync(readFileSync(bundle.zipPath))["index.mjs"];
  if (code === undefined) {
    throw new Error("The bundle has no index.mjs.");
  }
  const module = join(folder, "index.mjs");
  writeFileSync(module, code);
  const environment = {
    PATH: process.env["PATH"],
    AWS_REGION: "eu-west-1",
    [ENVIRONMENT.tenants]: JSON.stringify([tenant]),
    [ENVIRONMENT.checkpointTable]: "checkpoints",
    [ENVIRONMENT.lakeLocation]: "s3://lake/ext/vectra-cdr/",
    [ENVIRONMENT.lakeRegion]: "eu-west-1",
    [ENVIRONMENT.lakeRoleArn]:
      "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
    [ENVIRONMENT.lakeExternalId]: "4f0c9a7e1d5b48c2a6e3",
  };
  const load = `const { handler } = await import(${JSON.stringify(pathToFileURL(module).href)}); process.exit(typeof handler === "function" ? 0 : 1)`;
  const nothing = await timed(
    process.execPath,
    ["--input-type=module", "-e", "process.exit(0)"],
    environment,
  );
  const ready = await timed(process.execPath, ["--input-type=module", "-e", load], environment);
  return { kilobytes: bundle.bytes / 1000, milliseconds: ready - nothing };
}
