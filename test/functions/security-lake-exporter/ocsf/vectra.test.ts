import { describe, expect, it } from "vitest";
import { vectraProfile } from "../../../../functions/security-lake-exporter/ocsf/vectra.js";
import { anEnrichedEvent } from "../events.js";

const TENANT = { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" };

/** Every row of the product document's "OCSF Field Mapping Table", in its order, for the event of events.ts. */
const ROWS: readonly (readonly [field: string, value: unknown])[] = [
  ["activity", "Generate"],
  ["activity_id", 1],
  ["category_name", "Findings"],
  ["category_uid", 2],
  ["class_name", "Security Findings"],
  ["class_uid", 2001],
  ["finding.title", "Generate"],
  ["finding.src_url", "https://123123123123.uw2.portal.vectra.ai/accounts/8"],
  ["finding.uid", "8"],
  ["finding.supporting_data.assignment", "analyst1"],
  ["finding.supporting_data.last_detection_href", "https://123123123123.uw2.portal.vectra.ai/detections/103"],
  ["finding.supporting_data.last_detection_type", "AWS S3 Enumeration"],
  ["finding.supporting_data.last_detection_id", 103],
  ["finding.supporting_data.active_detection_types", ["AWS S3 Enumeration", "AWS Organization Discovery"]],
  ["message", "Account Host Score Change"],
  ["metadata.version", "1.0.0"],
  ["metadata.product.lang", "en"],
  ["metadata.product.uid", "123123123123"],
  ["metadata.product.vendor_name", "Vectra AI"],
  ["metadata.product.name", "Vectra Detect"],
  ["time", 1738354208000],
  ["severity", "High"],
  ["severity_id", 4],
  ["status_detail", "Score increase"],
  ["state_id", 1],
  ["type_uid", 200101],
  ["type_name", "Security Finding: Generate"],
];

function valueAt(record: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, name) => {
    // supporting_data is one JSON string in the lake.
    const parent = typeof value === "string" ? JSON.parse(value) : value;
    return (parent as Record<string, unknown>)[name];
  }, record);
}

describe("the default profile", () => {
  it.each(ROWS)("maps %s to %j", (field, expected) => {
    expect(valueAt(vectraProfile.map(anEnrichedEvent(), TENANT), field)).toEqual(expected);
  });

  it("writes the attributes of the table and no other", () => {
    const record = vectraProfile.map(anEnrichedEvent(), TENANT);

    const topLevel = new Set(ROWS.map(([field]) => field.split(".")[0]));
    expect(new Set(Object.keys(record))).toEqual(topLevel);
    expect(new Set(vectraProfile.columns.map(({ name }) => name))).toEqual(topLevel);
  });

  it("leaves unknown what the event and the account do not say", () => {
    const record = vectraProfile.map(
      anEnrichedEvent(
        { severity: null, url: null, last_detection: null, active_detection_types: [] },
        { account: undefined, direction: "unknown" },
      ),
      TENANT,
    );

    expect(record).toMatchObject({
      severity: "Unknown",
      severity_id: 0,
      status_detail: "Score direction unknown",
      finding: {
        src_url: null,
        supporting_data:
          '{"assignment":null,"last_detection_href":null,"last_detection_type":null,' +
          '"last_detection_id":null,"active_detection_types":[]}',
      },
    });
  });

  it.each([
    ["decrease", "Score decrease"],
    ["unchanged", "Score unchanged"],
  ] as const)("calls a score that is on the %s %s", (direction, expected) => {
    expect(vectraProfile.map(anEnrichedEvent({}, { direction }), TENANT)).toMatchObject({
      status_detail: expected,
    });
  });

  it("keeps the name of an alert that is not account scoring", () => {
    expect(vectraProfile.map(anEnrichedEvent({ category: "HOST SCORING" }), TENANT)).toMatchObject({
      message: "HOST SCORING",
    });
  });

  it("takes a timestamp with an offset as the instant it is", () => {
    const record = vectraProfile.map(
      anEnrichedEvent({ event_timestamp: "2025-02-01T00:30:00+02:00" }),
      TENANT,
    );

    expect(record.time).toBe(Date.UTC(2025, 0, 31, 22, 30, 0));
  });

  it.each([
    ["https://999999999.ew1.portal.vectra.ai/accounts/8", "https://other.example", "999999999"],
    [null, "https://1231231231231.uw2.portal.vectra.ai", "1231231231231"],
    ["/accounts/8", "https://1231231231231.uw2.portal.vectra.ai", "1231231231231"],
    [null, "http://127.0.0.1:8080", "127.0.0.1"],
  ])("names the UI of link %s and tenant %s as product uid %s", (url, tenantUrl, uid) => {
    expect(vectraProfile.map(anEnrichedEvent({ url }), { tenantUrl })).toMatchObject({
      metadata: { product: { uid } },
    });
  });
});
