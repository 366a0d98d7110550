import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import { cloudTrailFile } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";
import { synthesized } from "../synthesized.js";

const ORGANIZATION = {
  accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
  organizationId: "o-a1b2c3d4e5",
};

/** What the stacks of a deployment require, with these lines at the top of the file. */
function required(terraform: string): unknown[] {
  const { stacks } = synthesized(`${terraform}${cloudTrailFile(ORGANIZATION)}`);
  return Object.values(stacks).map((stack) => stack.terraform.required_providers);
}

describe("GIVEN a deployment of two stacks", () => {
  it("WHEN it names no version THEN every stack takes any AWS provider from 6.29.0 on, below 7", () => {
    const aws = { source: "aws", version: ">= 6.29.0, < 7.0.0" };

    expect(required("")).toEqual([{ aws }, { aws }]);
  });

  it("WHEN it pins a version THEN every stack takes that one", () => {
    const aws = { source: "aws", version: "6.31.0" };

    expect(required("terraform: { providerVersion: 6.31.0 }\n")).toEqual([{ aws }, { aws }]);
  });

  it.each(["6.29.0", "6.100.2"])("WHEN it pins %s THEN it is accepted", (version) => {
    const aws = { source: "aws", version };

    expect(required(`terraform: { providerVersion: ${version} }\n`)).toEqual([{ aws }, { aws }]);
  });

  it.each(["6.25.0", "6.28.9", "5.100.0", "7.0.0", "10.0.0"])(
    "WHEN it pins %s, which is out of range, THEN it is refused at its line",
    (version) => {
      expect(
        onlyDiagnosticOf(`terraform: { providerVersion: ${version} }\n${cloudTrailFile({})}`),
      ).toMatchObject({
        line: 1,
        column: 31,
        field: "terraform.providerVersion",
        problem: `${version} is not a supported version of the AWS provider`,
        allowed: "one version, from 6.29.0 on, below 7.0.0",
        remedy: "Name one version, or omit it for any in that range.",
      });
    },
  );

  it.each(['"6.31.0.1"', '"~> 6.31"', '">= 6.29.0"', "latest", "6.31.0-beta1", "06.31.0"])(
    "WHEN it pins %s, which is not one version, THEN it is refused at its line",
    (version) => {
      expect(
        onlyDiagnosticOf(`terraform: { providerVersion: ${version} }\n${cloudTrailFile({})}`),
      ).toMatchObject({
        line: 1,
        column: 31,
        field: "terraform.providerVersion",
        allowed: "one version such as 6.31.0, from 6.29.0 on, below 7.0.0",
        remedy: "Name one version, or omit it for any in that range.",
      });
    },
  );

  it("WHEN the version is a number for YAML THEN it is refused, too", () => {
    expect(onlyDiagnosticOf(`terraform: { providerVersion: 6.31 }\n${cloudTrailFile({})}`)).toMatchObject({
      field: "terraform.providerVersion",
      problem: "YAML reads 6.31 as a number, not text",
    });
  });
});

describe("GIVEN the bindings that the constructs are written against", () => {
  it("THEN their provider is of the range's major version and no newer than its lowest", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const { terraformGeneratorMetadata } = new AwsProvider(stack, "aws");

    // Every argument of theirs is known to 6.29.0; a newer one would need a higher lower bound.
    expect(terraformGeneratorMetadata?.providerVersion).toMatch(/^6\.(?:\d|1\d|2\d)\.\d+$/);
  });
});

it("GIVEN the decision about the range THEN it names the same bounds as the stacks", () => {
  const decision = readFileSync(
    join(import.meta.dirname, "..", "..", "..", "docs", "adr", "0024-a-range-of-aws-providers.md"),
    "utf8",
  );

  expect(decision).toContain('"terraform.required_providers.aws.version", ">= 6.29.0, < 7.0.0"');
});
