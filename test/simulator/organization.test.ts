import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createOrganization } from "../../simulator/organization.js";

const START = Date.parse("2026-02-01T00:00:00Z");

/** SHA-256 of everything that an organization is and does in 200 ticks. */
function fingerprint(options: Parameters<typeof createOrganization>[0]): string {
  const organization = createOrganization(options);
  const hash = createHash("sha256").update(JSON.stringify(organization.accounts));
  for (let tick = 0; tick < 200; tick++) {
    hash.update(JSON.stringify(organization.nextTick()));
  }
  return hash.digest("hex");
}

describe("Organization", () => {
  // A fault report names a seed, which must give the same bytes in later versions.
  it("is the same for a seed, byte by byte", () => {
    expect(
      fingerprint({
        seed: 1,
        startTime: START,
        accounts: 120,
        eventsPerTick: 50,
        portalUrl: "https://acme.portal.vectra.ai",
      }),
    ).toBe("61df6368b7f57cb0a821b4a7a84bc4620710b68bb62f8856ff98629dfc33a8f0");
    expect(
      fingerprint({
        seed: 4_294_967_295,
        startTime: START,
        accounts: 3,
        eventsPerTick: 5,
        portalUrl: "http://127.0.0.1:8080",
        fractions: true,
      }),
    ).toBe("b473bd1592f39cbe4107a3eafc1ed1cce3163536ed79a954a8081211586eaae6");
  });
});
