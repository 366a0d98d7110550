import { describe, expect, it } from "vitest";
import { readInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { Tenant } from "../../../functions/security-lake-exporter/settings.js";

const ACME: Tenant = {
  name: "acme",
  url: "https://123123123123.uw2.portal.vectra.ai",
  secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf",
  partitionAccountId: "333333333333",
  includeScoreDecreases: true,
  start: "beginning",
  api: "v3.4",
  profile: "vectra",
  rawData: false,
  filters: { accounts: "aws", prioritizedOnly: false },
  partitionBy: "fixed",
  assignmentRequired: false,
};
const settings = { tenants: [ACME, { ...ACME, name: "globex" }] };
const JANUARY = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };

describe("an invocation", () => {
  it("is for the tenant that the event names", () => {
    expect(readInvocation({ tenant: "acme" }, settings)).toEqual({
      tenant: ACME,
      redrive: false,
      backfill: undefined,
    });
  });

  it("may ask for the quarantine", () => {
    expect(readInvocation({ tenant: "globex", redrive: true }, settings)).toMatchObject({
      tenant: { name: "globex" },
      redrive: true,
    });
  });

  it("may ask for a backfill, which by default overlaps nothing and has no limits but its range", () => {
    expect(readInvocation({ tenant: "acme", backfill: JANUARY }, settings)).toEqual({
      tenant: ACME,
      redrive: false,
      backfill: { range: JANUARY, allowOverlap: false, estimate: false },
    });
  });

  it("may bound a backfill, slow it down, or only count its events", () => {
    const options = { maxEvents: 5000, requestsPerMinute: 30, allowOverlap: true, estimate: true };

    expect(
      readInvocation({ tenant: "acme", backfill: { ...JANUARY, ...options } }, settings).backfill,
    ).toEqual({
      range: JANUARY,
      ...options,
    });
  });

  it("is refused where the tenant is unknown", () => {
    expect(() => readInvocation({ tenant: "other" }, settings)).toThrow(
      'The event names an unknown tenant: expected {"tenant": "<name>"} with one of acme, globex. ' +
        "Check the input of the schedule that invoked the function.",
    );
  });

  it.each([
    [undefined, "The event is invalid: event: "],
    ["acme", "The event is invalid: event: "],
    [{}, "The event is invalid: event.tenant: "],
    [{ tenant: 7 }, "The event is invalid: event.tenant: "],
    [
      { tenant: "acme", backfill: { ...JANUARY, from: "2026-01-01" } },
      "event.backfill.from: must look like 2026-01-31T00:00:00Z: UTC, whole seconds",
    ],
    [
      { tenant: "acme", backfill: { ...JANUARY, to: "2026-13-01T00:00:00Z" } },
      "event.backfill.to: is not a valid time",
    ],
    [
      { tenant: "acme", backfill: { from: JANUARY.to, to: JANUARY.from } },
      "event.backfill: from must be before to",
    ],
    [{ tenant: "acme", backfill: { ...JANUARY, maxEvents: 0 } }, "event.backfill.maxEvents: "],
    [
      { tenant: "acme", backfill: { ...JANUARY, requestsPerMinute: 0 } },
      "event.backfill.requestsPerMinute: ",
    ],
    [
      { tenant: "acme", backfill: JANUARY, redrive: true },
      "The event has both redrive and backfill: invoke the function for one of them.",
    ],
  ])("is refused for the event %j", (event, message) => {
    expect(() => readInvocation(event, settings)).toThrow(message);
  });
});
