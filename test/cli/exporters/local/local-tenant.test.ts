import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localTenants } from "../../../../cli/exporters/local/local-tenant.js";

const URL = "https://123123123123.uw2.portal.vectra.ai";
const NONE = new Map<string, unknown>();

/** A tenant of which only the URL is known. */
const DEFAULTS = {
  name: "tenant",
  url: URL,
  secretArn: "none",
  region: "local",
  partitionAccountId: "000000000000",
  partitionBy: "fixed",
  includeScoreDecreases: true,
  start: "beginning",
  api: "v3.4",
  profile: "vectra",
  rawData: false,
  filters: { accounts: "all", prioritizedOnly: false },
  assignmentRequired: false,
};

describe("GIVEN a folder that remembers no tenant", () => {
  it("WHEN only a URL is given THEN everything else is a default that no AWS account or region could be", async () => {
    expect(await localTenants(NONE, { url: URL })).toEqual([DEFAULTS]);
  });

  it("WHEN options are given THEN they count", async () => {
    const options = {
      url: URL,
      tenant: "acme",
      profile: "detection-finding-1.3",
      api: "v3.3",
      partitionAccount: "333333333333",
      start: "latest",
    } as const;

    expect(await localTenants(NONE, options)).toEqual([
      {
        ...DEFAULTS,
        name: "acme",
        profile: "detection-finding-1.3",
        api: "v3.3",
        partitionAccountId: "333333333333",
        start: "latest",
      },
    ]);
  });

  it("WHEN nothing tells of a tenant THEN there is none", async () => {
    expect(await localTenants(NONE, {})).toEqual([]);
  });

  it.each([
    ["http://123123123123.uw2.portal.vectra.ai"],
    [`${URL}/api`],
    ["https://user@123123123123.uw2.portal.vectra.ai"],
    ["acme"],
  ])("WHEN the URL is %s THEN it is refused", async (url) => {
    await expect(localTenants(NONE, { url })).rejects.toThrow(
      "tenant.url: must be an https origin without a path",
    );
  });

  it("WHEN a tenant is named without a URL THEN the error says how to add it", async () => {
    await expect(localTenants(NONE, { tenant: "acme" })).rejects.toThrow(
      "Unknown tenant acme (known: none). To add it, pass --url <its address>.",
    );
  });
});

describe("GIVEN a folder that remembers tenants", () => {
  const ACME = { ...DEFAULTS, name: "acme", profile: "security-finding-1.1" };
  const remembered = new Map<string, unknown>([
    ["acme", ACME],
    ["globex", { ...DEFAULTS, name: "globex" }],
  ]);

  it("WHEN none is named THEN all of them are as they were", async () => {
    expect(await localTenants(remembered, {})).toEqual([ACME, { ...DEFAULTS, name: "globex" }]);
  });

  it("WHEN one is named THEN options change only what they say", async () => {
    expect(await localTenants(remembered, { tenant: "acme", partitionAccount: "333333333333" })).toEqual([
      { ...ACME, partitionAccountId: "333333333333" },
    ]);
  });

  it("WHEN a filter is given THEN the others are as they were", async () => {
    const [filtered] = await localTenants(remembered, { tenant: "acme", accounts: "aws" });
    expect(filtered?.filters).toEqual({ accounts: "aws", prioritizedOnly: false });

    const [both] = await localTenants(new Map([["acme", filtered]]), {
      prioritizedOnly: true,
      minimumSeverity: "High",
    });
    expect(both?.filters).toEqual({ accounts: "aws", prioritizedOnly: true, minimumSeverity: "High" });

    const [neither] = await localTenants(new Map([["acme", both]]), {
      accounts: "all",
      prioritizedOnly: false,
      minimumSeverity: "Low",
    });
    expect(neither?.filters).toEqual({ accounts: "all", prioritizedOnly: false, minimumSeverity: "Low" });
  });

  it("WHEN another one is named THEN the error lists those that are known", async () => {
    await expect(localTenants(remembered, { tenant: "initech" })).rejects.toThrow("known: acme, globex");
  });

  it("WHEN a URL is given for all of them THEN it is not clear whose it is", async () => {
    await expect(localTenants(remembered, { url: URL })).rejects.toThrow(
      "Name it with --tenant: one of acme, globex",
    );
  });
});

describe("GIVEN a deployment file", () => {
  it("WHEN it is named THEN its tenants are taken with their settings, the lake's account and region", async () => {
    expect(await localTenants(NONE, { deployment: example("organization") })).toEqual([
      { ...DEFAULTS, name: "acme", region: "eu-west-1", partitionAccountId: "333333333333" },
    ]);
  });

  it("WHEN a URL is given too THEN the file's settings are tried out on another tenant", async () => {
    const url = "http://127.0.0.1:8080";

    expect(await localTenants(NONE, { deployment: example("organization"), tenant: "acme", url })).toEqual([
      { ...DEFAULTS, name: "acme", url, region: "eu-west-1", partitionAccountId: "333333333333" },
    ]);
  });

  it("WHEN it has no lake THEN the error says what to do", async () => {
    await expect(localTenants(NONE, { deployment: example("s3-data-events") })).rejects.toThrow(
      /deployment.yaml has no securityLake, and therefore no tenants. Use another file, or pass --url/,
    );
  });
});

function example(situation: string): string {
  return join(import.meta.dirname, "..", "..", "..", "..", "examples", situation, "deployment.yaml");
}
