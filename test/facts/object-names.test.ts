import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backfillName,
  eventDayOf,
  type ObjectName,
  objectKey,
  objectName,
  objectNamePrefix,
  parseBackfillName,
  parseObjectKey,
  parseObjectName,
  sourcePrefix,
} from "../../facts/object-names.js";

const JANUARY = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
const JANUARY_NAME = "backfill-20260101T000000Z-20260201T000000Z";

/** Names that a tenant may have, among them those that look like a part of an object's name. */
const tenant = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
  fc.constantFrom("acme", "a-v3", "a-v3-1-2", "v3", "redrive-1", "a-v3-redrive-1", "backfill-1-2", "a--b-"),
);
const api = fc.constantFrom("v3.4", "v3.3", "v3.2", "v3.1", "v3.0", "v3");
const cursors = { from: fc.maxSafeNat(), to: fc.maxSafeNat() };
const second = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);
const slice = fc.record({ from: second, to: second });
const name: fc.Arbitrary<ObjectName> = fc.oneof(
  fc.record({ kind: fc.constant("live" as const), tenant, api, ...cursors }),
  fc.record({
    kind: fc.constant("backfill" as const),
    tenant,
    api,
    job: slice.map(backfillName),
    ...cursors,
  }),
  fc.record({
    kind: fc.constant("redrive" as const),
    tenant,
    api,
    event: fc.stringMatching(/^[0-9a-f]{16}$/),
  }),
);
const place = fc.record({
  region: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  accountId: fc.stringMatching(/^\d{12}$/),
  eventDay: fc.stringMatching(/^\d{8}$/),
  name: name.map(objectName),
});

describe("the name of an object", () => {
  it("says what is in it", () => {
    const acme = { tenant: "acme", api: "v3.4" };

    expect(objectName({ kind: "live", ...acme, from: 0, to: 1200 })).toBe(
      "vectra-acme-v3.4-0-1200.zstd.parquet",
    );
    expect(objectName({ kind: "backfill", ...acme, job: JANUARY_NAME, from: 0, to: 12 })).toBe(
      "vectra-acme-v3.4-backfill-20260101T000000Z-20260201T000000Z-0-12.zstd.parquet",
    );
    expect(objectName({ kind: "redrive", ...acme, event: "0123456789abcdef" })).toBe(
      "vectra-acme-v3.4-redrive-0123456789abcdef.zstd.parquet",
    );
    expect(objectNamePrefix(acme)).toBe("vectra-acme-v3.4-");
  });

  it("is read back as it was written, whatever the tenant is called", () => {
    fc.assert(
      fc.property(name, (object) => {
        expect(parseObjectName(objectName(object))).toEqual(object);
        expect(objectName(object).startsWith(objectNamePrefix(object))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    "",
    "vectra-acme-v3.4-0-1200.parquet",
    "vectra-acme-v3.4-0-1200.zstd.parquet.tmp",
    "vectra-acme-v3.4-0.zstd.parquet",
    "vectra-acme-0-1200.zstd.parquet",
    "vectra-acme-v3.4-backfill-20260101-20260201-0-12.zstd.parquet",
    "other-acme-v3.4-0-1200.zstd.parquet",
    ".host%2F1%2F0b0e7c1a.tmp",
  ])("is not %j", (other) => {
    expect(parseObjectName(other)).toBeUndefined();
  });
});

describe("the key of an object", () => {
  const PLACE = {
    region: "eu-west-1",
    accountId: "333333333333",
    eventDay: "20260131",
    name: "vectra-acme-v3.4-0-1200.zstd.parquet",
  };

  it("is Security Lake's partitions and the name", () => {
    expect(objectKey(PLACE)).toBe(
      "region=eu-west-1/accountId=333333333333/eventDay=20260131/vectra-acme-v3.4-0-1200.zstd.parquet",
    );
  });

  it("is read back as it was written, also as a path of Windows", () => {
    fc.assert(
      fc.property(place, (object) => {
        expect(parseObjectKey(objectKey(object))).toEqual(object);
        expect(parseObjectKey(objectKey(object).replaceAll("/", "\\"))).toEqual(object);
      }),
    );
  });

  it.each([
    "",
    "region=eu-west-1",
    "region=eu-west-1/accountId=333333333333/eventDay=20260131",
    "region=eu-west-1/accountId=33333/eventDay=20260131/a.parquet",
    "region=eu-west-1/accountId=333333333333/eventDay=2026-01-31/a.parquet",
    "dry-run/region=eu-west-1/accountId=333333333333/eventDay=20260131/a.parquet",
    "region=eu-west-1/accountId=333333333333/eventDay=20260131/more/a.parquet",
  ])("is not %j", (other) => {
    expect(parseObjectKey(other)).toBeUndefined();
  });

  it("has the UTC day of its records", () => {
    expect(eventDayOf(Date.parse("2026-01-31T23:59:59.999Z"))).toBe("20260131");
    expect(eventDayOf(Date.parse("2026-02-01T00:00:00+01:00"))).toBe("20260131");
  });

  it("is below the folder of its custom source", () => {
    expect(sourcePrefix("vectra-cdr")).toBe("ext/vectra-cdr/");
  });
});

describe("the name of a backfill", () => {
  it("says its range, and the range is read from it again", () => {
    expect(backfillName(JANUARY)).toBe(JANUARY_NAME);
    expect(parseBackfillName("backfill-20260101T000000Z-20260201T000000Z")).toEqual(JANUARY);
    fc.assert(
      fc.property(slice, (any) => {
        expect(parseBackfillName(backfillName(any))).toEqual(any);
      }),
    );
  });

  it.each(["", "backfill", "backfill-20260101-20260201", "xbackfill-20260101T000000Z-20260201T000000Z"])(
    "is not %j",
    (other) => {
      expect(parseBackfillName(other)).toBeUndefined();
    },
  );
});
