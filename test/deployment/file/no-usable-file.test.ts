import { describe, expect, it } from "vitest";
import { loadDeployment } from "../../../deployment/load.js";
import { onlyDiagnosticOf } from "../errors.js";

describe("GIVEN no usable file", () => {
  it("WHEN it does not exist THEN the error says so", () => {
    expect(() => loadDeployment("no-such-file.yaml")).toThrow(
      "no-such-file.yaml:1:1  cannot be read (ENOENT). Copy examples/organization/deployment.yaml and fill in your values.",
    );
  });

  it("WHEN it is empty THEN the error says what belongs in it", () => {
    expect(onlyDiagnosticOf("")).toMatchObject({
      line: 1,
      column: 1,
      field: "",
      problem: "is empty",
      allowed:
        "a mapping with name, partition, region, retain, tags, terraform, accounts, vectra, cloudTrail, securityLake, brainEgress",
    });
  });

  it("WHEN an anchor holds itself THEN the error says so", () => {
    expect(onlyDiagnosticOf("accounts: &a\n  management: *a\n")).toMatchObject({ line: 2, column: 15 });
  });
});
