import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Provider, useProvider } from "./provider.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack "));
  writeFileSync(
    join(folder, "cdk.tf.json"),
    JSON.stringify({
      terraform: { required_providers: { aws: { source: "aws", version: ">= 6.29.0, < 7.0.0" } } },
      provider: { aws: [{ region: "eu-west-1" }] },
      resource: { aws_lambda_function: { exporter: { runtime: "nodejs24.x" } } },
    }),
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function provider(version: string, constraint: string): Provider {
  return { version, constraint, lockFile: "# the installation's lock file\n", environment: {} };
}

function override(): unknown {
  return JSON.parse(readFileSync(join(folder, "provider_override.tf.json"), "utf8"));
}

it("GIVEN a provider in the stacks' range THEN the stack is as it was, with the installation's lock file", () => {
  expect(useProvider(folder, provider("6.31.0", ">= 6.29.0, < 7.0.0"))).toEqual([]);
  expect(existsSync(join(folder, "provider_override.tf.json"))).toBe(false);
  expect(readFileSync(join(folder, ".terraform.lock.hcl"), "utf8")).toBe("# the installation's lock file\n");
});

it("GIVEN an older provider THEN the copy of the stack takes it, and it is said what was changed", () => {
  expect(useProvider(folder, provider("5.100.0", "5.100.0"))).toEqual([
    "required_providers relaxed from >= 6.29.0, < 7.0.0 to 5.100.0",
    "nodejs22.x instead of nodejs24.x, which provider 5.100.0 does not support",
  ]);
  expect(override()).toEqual({
    terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } },
    resource: { aws_lambda_function: { exporter: { runtime: "nodejs22.x" } } },
  });
});

it("GIVEN another provider 6 THEN the runtime stays", () => {
  expect(useProvider(folder, provider("6.20.0", "~> 6.0"))).toEqual([
    "required_providers relaxed from >= 6.29.0, < 7.0.0 to ~> 6.0",
  ]);
  expect(override()).toEqual({
    terraform: { required_providers: { aws: { source: "aws", version: "~> 6.0" } } },
  });
});
