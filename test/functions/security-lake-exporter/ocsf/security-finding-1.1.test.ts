import { describe, expect, it } from "vitest";
import { securityFinding11 } from "../../../../functions/security-lake-exporter/ocsf/security-finding-1.1.js";
import { anEnrichedEvent } from "../events.js";
import { attributesOf } from "./attributes.js";

const TENANT = { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" };

/** Every attribute of the record for the event of events.ts. */
const ROWS: readonly (readonly [attribute: string, value: unknown])[] = [
  ["activity_id", 1],
  ["activity_name", "Create"],
  ["analytic.name", "AWS S3 Enumeration"],
  ["analytic.type", "Behavioral"],
  ["analytic.type_id", 2],
  ["category_name", "Findings"],
  ["category_uid", 2],
  ["class_name", "Security Finding"],
  ["class_uid", 2001],
  ["cloud.account.type", "AWS Account"],
  ["cloud.account.type_id", 10],
  ["cloud.account.uid", "111122223333"],
  ["cloud.provider", "AWS"],
  ["finding.created_time", 1738354208000],
  ["finding.src_url", "https://123123123123.uw2.portal.vectra.ai/accounts/8"],
  [
    "finding.supporting_data",
    '{"assignment":"analyst1","last_detection_href":"https://123123123123.uw2.portal.vectra.ai/detections/103",' +
      '"last_detection_type":"AWS S3 Enumeration","last_detection_id":103,' +
      '"active_detection_types":["AWS S3 Enumeration","AWS Organization Discovery"]}',
  ],
  ["finding.title", "Account Host Score Change: AWS:111122223333/role:build-agent"],
  ["finding.types[0]", "AWS S3 Enumeration"],
  ["finding.types[1]", "AWS Organization Discovery"],
  ["finding.uid", "123123123123/4711"],
  ["message", "Account Host Score Change"],
  ["metadata.event_code", "ACCOUNT SCORING"],
  ["metadata.original_time", "2025-01-31T20:10:08Z"],
  ["metadata.product.lang", "en"],
  ["metadata.product.name", "Vectra Detect"],
  ["metadata.product.uid", "123123123123"],
  ["metadata.product.vendor_name", "Vectra AI"],
  ["metadata.profiles[0]", "cloud"],
  ["metadata.tenant_uid", "123123123123"],
  ["metadata.uid", "4711"],
  ["metadata.version", "1.1.0"],
  ["raw_data", null],
  ["resources[0].criticality", "1"],
  ["resources[0].name", "AWS:111122223333/role:build-agent"],
  ["resources[0].type", "account"],
  ["resources[0].uid", "8"],
  ["risk_score", 76],
  ["severity", "High"],
  ["severity_id", 4],
  ["state", "New"],
  ["state_id", 1],
  ["status_detail", "Score increase"],
  ["time", 1738354208000],
  ["type_name", "Security Finding: Create"],
  ["type_uid", 200101],
  ["unmapped.attack_rating", "7"],
  ["unmapped.breadth_contrib", "1"],
  ["unmapped.is_prioritized", "true"],
  ["unmapped.urgency_reason", "example"],
  ["unmapped.velocity_contrib", "2"],
];

describe("security-finding-1.1", () => {
  it.each(ROWS)("maps %s to %j", (attribute, expected) => {
    const record = securityFinding11.map(anEnrichedEvent(), TENANT);

    expect(attributesOf(record)[attribute]).toEqual(expected);
  });

  it("writes these attributes and no other", () => {
    const record = securityFinding11.map(anEnrichedEvent(), TENANT);

    expect(Object.keys(attributesOf(record)).toSorted()).toEqual(
      ROWS.map(([attribute]) => attribute).toSorted(),
    );
  });

  it("declares the columns that Security Lake is told of", () => {
    expect(securityFinding11).toMatchObject({
      name: "security-finding-1.1",
      eventClass: "SECURITY_FINDING",
      classUid: 2001,
      version: "1.1.0",
    });
  });

  it("makes null what the event and the account do not say, never a struct of nulls", () => {
    const record = securityFinding11.map(
      anEnrichedEvent(
        {
          name: null,
          type: null,
          category: null,
          severity: null,
          urgency_score: null,
          urgency_reason: null,
          is_prioritized: null,
          importance: null,
          attack_rating: null,
          breadth_contrib: null,
          velocity_contrib: null,
          active_detection_types: [],
          last_detection: { id: null, type: "", url: null },
          url: null,
        },
        { account: undefined, direction: "unknown" },
      ),
      TENANT,
    );

    expect(record).toMatchObject({
      analytic: null,
      cloud: null,
      finding: {
        src_url: null,
        supporting_data:
          '{"assignment":null,"last_detection_href":null,"last_detection_type":null,' +
          '"last_detection_id":null,"active_detection_types":[]}',
        title: "Account Host Score Change",
        types: [],
        uid: "123123123123/4711",
      },
      message: "Account Host Score Change",
      metadata: { event_code: null, profiles: null },
      resources: [{ criticality: null, name: null, type: null, uid: "8" }],
      risk_score: null,
      severity: "Unknown",
      severity_id: 0,
      status_detail: "Score direction unknown",
      unmapped: null,
    });
  });
});
