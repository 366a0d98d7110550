import { describe, expect, it } from "vitest";
import { errorOf } from "../errors.js";
import { deploymentWith, VALID_DEPLOYMENT } from "../valid-deployment.js";

describe("GIVEN a file that holds a secret", () => {
  const tenant = "        url: https://123123123123.uw2.portal.vectra.ai\n";
  const advice =
    "Remove it, and replace it in Vectra if anyone else may have seen it: secrets do not belong in this file. " +
    "The tenant's client id and secret belong in AWS Secrets Manager; " +
    "the outputs of the security-lake stack show the command that stores them.";

  it("WHEN it stands under a key of its own THEN the error says where it belongs and does not repeat it", () => {
    const error = errorOf(deploymentWith(tenant, `${tenant}        clientSecret: hunter2\n`));

    expect(error.diagnostics).toEqual([
      {
        file: "deployment.yaml",
        line: 33,
        column: 9,
        field: "securityLake.exporter.tenants[0].clientSecret",
        problem: "unknown key",
        allowed:
          "name, url, partitionAccountId, includeScoreDecreases, start, api, profile, rawData, partitionBy, assignmentRequired, secret, filters, accumulate",
        remedy: advice,
        excerpt: "  33 |         clientSecret: ***\n     |         ^^^^^^^^^^^^",
      },
    ]);
    expect(error.message).not.toContain("hunter2");
  });

  it("WHEN it stands in the place of the secret's ARN THEN it is not repeated either", () => {
    const error = errorOf(deploymentWith(tenant, `${tenant}        secret: hunter2\n`));

    expect(error.diagnostics[0]).toMatchObject({
      line: 33,
      field: "securityLake.exporter.tenants[0].secret",
      problem: "a value that is not shown here is not valid",
      remedy: advice,
    });
    expect(error.message).not.toContain("hunter2");
  });

  it.each([
    ["beside another error in one line", "{ name: b, clientSecret: hunter2, url: http://b.example }"],
    ["below an unknown key", "{ name: b, url: https://b.example, login: { user: hunter2 }, start: now }"],
    ["in an address", "{ name: b, url: https://me:hunter2@b.example }"],
    [
      "as a value of the secret",
      "{ name: b, url: https://b.example, secret: { create: {}, value: hunter2 } }",
    ],
    ["in text of several lines", '{ name: b, url: 7, api_key: "hunter2\n          hunter2" }'],
  ])("WHEN it stands %s THEN no excerpt shows it", (_, other) => {
    expect(errorOf(`${VALID_DEPLOYMENT}      - ${other}\n`).message).not.toContain("hunter2");
  });

  it("WHEN its quote is not closed THEN no excerpt shows it", () => {
    expect(errorOf(`${VALID_DEPLOYMENT}        clientSecret: "hunter2\n`).message).not.toContain("hunter2");
  });
});
