import { describe, expect, it } from "vitest";
import { detectionFinding13 } from "../../../../functions/security-lake-exporter/ocsf/detection-finding-1.3.js";
import { readEvent } from "../../../../functions/security-lake-exporter/vectra/read-event.js";
import { anEnrichedEvent, anEvent } from "../events.js";
import { attributesOf } from "./attributes.js";

const TENANT = { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" };

/** Every attribute of the record for the event of events.ts. */
const ROWS: readonly (readonly [attribute: string, value: unknown])[] = [
  ["activity_id", 1],
  ["activity_name", "Create"],
  ["category_name", "Findings"],
  ["category_uid", 2],
  ["class_name", "Detection Finding"],
  ["class_uid", 2004],
  ["cloud.account.type", "AWS Account"],
  ["cloud.account.type_id", 10],
  ["cloud.account.uid", "111122223333"],
  ["cloud.provider", "AWS"],
  ["evidences[0].user.account.type", "AWS Account"],
  ["evidences[0].user.account.type_id", 10],
  ["evidences[0].user.account.uid", "111122223333"],
  ["evidences[0].user.name", "build-agent"],
  ["evidences[0].user.type", "role"],
  ["evidences[0].user.type_id", 99],
  ["finding_info.analytic.name", "AWS S3 Enumeration"],
  ["finding_info.analytic.type", "Behavioral"],
  ["finding_info.analytic.type_id", 2],
  ["finding_info.created_time", 1738354208000],
  ["finding_info.src_url", "https://123123123123.uw2.portal.vectra.ai/accounts/8"],
  ["finding_info.title", "Account Host Score Change: AWS:111122223333/role:build-agent"],
  ["finding_info.types[0]", "AWS S3 Enumeration"],
  ["finding_info.types[1]", "AWS Organization Discovery"],
  ["finding_info.uid", "123123123123/4711"],
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
  ["metadata.version", "1.3.0"],
  ["raw_data", null],
  ["resources[0].criticality", "1"],
  ["resources[0].name", "AWS:111122223333/role:build-agent"],
  ["resources[0].type", "account"],
  ["resources[0].uid", "8"],
  ["risk_details", "example"],
  ["risk_score", 76],
  ["severity", "High"],
  ["severity_id", 4],
  ["status", "New"],
  ["status_detail", "Score increase"],
  ["status_id", 1],
  ["time", 1738354208000],
  ["type_name", "Detection Finding: Create"],
  ["type_uid", 200401],
  ["unmapped.assignment.assigned_to.username", "analyst1"],
  ["unmapped.attack_rating", "7"],
  ["unmapped.breadth_contrib", "1"],
  ["unmapped.is_prioritized", "true"],
  ["unmapped.last_detection.id", "103"],
  ["unmapped.last_detection.url", "https://123123123123.uw2.portal.vectra.ai/detections/103"],
  ["unmapped.velocity_contrib", "2"],
];

describe("detection-finding-1.3", () => {
  it.each(ROWS)("maps %s to %j", (attribute, expected) => {
    const record = detectionFinding13.map(anEnrichedEvent(), TENANT);

    expect(attributesOf(record)[attribute]).toEqual(expected);
  });

  it("writes these attributes and no other", () => {
    const record = detectionFinding13.map(anEnrichedEvent(), TENANT);

    expect(Object.keys(attributesOf(record)).toSorted()).toEqual(
      ROWS.map(([attribute]) => attribute).toSorted(),
    );
  });

  it("is what a source for Detection Finding holds", () => {
    expect(detectionFinding13).toMatchObject({
      name: "detection-finding-1.3",
      eventClass: "DETECTION_FINDING",
      classUid: 2004,
      version: "1.3.0",
    });
  });

  it("names OCSF's profile cloud for AWS accounts, also where the name carries no account", () => {
    const record = detectionFinding13.map(
      anEnrichedEvent({ name: "AWS:None/us-1-east/config:AWSConfig-Describe" }),
      TENANT,
    );

    expect(record).toMatchObject({
      cloud: { account: null, provider: "AWS" },
      evidences: null,
      metadata: { profiles: ["cloud"] },
      resources: [{ name: "AWS:None/us-1-east/config:AWSConfig-Describe" }],
    });
  });

  it("has no cloud for an account of another kind", () => {
    const record = detectionFinding13.map(anEnrichedEvent({ name: "O365:someone@example.com" }), TENANT);

    expect(record).toMatchObject({ cloud: null, evidences: null, metadata: { profiles: null } });
  });

  it("has no analytic and leaves the map to what is there, without detection, assignment and reason", () => {
    const record = detectionFinding13.map(
      anEnrichedEvent({ last_detection: null, urgency_reason: null }, { account: undefined }),
      TENANT,
    );

    expect(record).toMatchObject({ finding_info: { analytic: null }, risk_details: null });
    expect(record["unmapped"]).toEqual({
      attack_rating: "7",
      breadth_contrib: "1",
      is_prioritized: "true",
      velocity_contrib: "2",
    });
  });

  it("keeps fields that this version does not know", () => {
    const record = detectionFinding13.map(
      anEnrichedEvent({ retired: false, tags: ["crown jewel"], note: "see ticket" }),
      TENANT,
    );

    expect(record["unmapped"]).toMatchObject({
      retired: "false",
      tags: '["crown jewel"]',
      note: "see ticket",
    });
  });

  it("keeps a field of an older name only where it contradicts the newer one", () => {
    const event = readEvent({ ...anEvent(), entity_type: "account", entity_importance: 2 });
    if (!event.success) {
      throw event.error;
    }

    const record = detectionFinding13.map({ ...anEnrichedEvent(), event: event.data }, TENANT);

    expect(record).toMatchObject({ resources: [{ criticality: "1", type: "account" }] });
    expect(Object.keys(record["unmapped"] as object)).toEqual([
      "attack_rating",
      "breadth_contrib",
      "is_prioritized",
      "velocity_contrib",
      "assignment.assigned_to.username",
      "last_detection.id",
      "last_detection.url",
      "entity_importance",
    ]);
  });

  it("rounds an urgency that is no whole number", () => {
    expect(detectionFinding13.map(anEnrichedEvent({ urgency_score: 76.5 }), TENANT)).toMatchObject({
      risk_score: 77,
    });
  });

  it("has a finding uid for each event of an account", () => {
    const uids = [4711, 4712].map(
      (id) => attributesOf(detectionFinding13.map(anEnrichedEvent({ id }), TENANT))["finding_info.uid"],
    );

    expect(uids).toEqual(["123123123123/4711", "123123123123/4712"]);
  });
});

describe("the raw event", () => {
  it("is kept as JSON when that is switched on", () => {
    const record = detectionFinding13.map(anEnrichedEvent({ retired: false }), { ...TENANT, rawData: true });

    expect(JSON.parse(String(record["raw_data"]))).toEqual({
      id: 4711,
      entity_id: 8,
      name: "AWS:111122223333/role:build-agent",
      type: "account",
      category: "ACCOUNT SCORING",
      severity: "High",
      urgency_score: 76,
      urgency_reason: "example",
      is_prioritized: true,
      importance: 1,
      attack_rating: 7,
      breadth_contrib: 1,
      velocity_contrib: 2,
      active_detection_types: ["AWS S3 Enumeration", "AWS Organization Discovery"],
      last_detection: {
        id: 103,
        type: "AWS S3 Enumeration",
        url: "https://123123123123.uw2.portal.vectra.ai/detections/103",
      },
      url: "https://123123123123.uw2.portal.vectra.ai/accounts/8",
      event_timestamp: "2025-01-31T20:10:08Z",
      retired: false,
    });
  });

  it("is kept as it came, in names and values that are read otherwise", () => {
    const sent = {
      id: 12,
      entity_id: 8,
      name: "",
      entity_type: "account",
      category: "ACCOUNT_SCORING",
      entity_importance: 1,
      active_detection_types: null,
      event_timestamp: "2025-01-31T20:10:08Z",
    };
    const event = readEvent(sent);
    if (!event.success) {
      throw event.error;
    }

    const record = detectionFinding13.map(
      { event: event.data, account: undefined, direction: "unknown" },
      { ...TENANT, rawData: true },
    );

    expect(JSON.parse(String(record["raw_data"]))).toEqual(sent);
    expect(record).toMatchObject({
      message: "Account Host Score Change",
      metadata: { event_code: "ACCOUNT SCORING" },
      resources: [{ criticality: "1", name: null, type: "account" }],
      unmapped: null,
    });
  });

  it("is left out where it is longer than OCSF lets a text be", () => {
    const record = detectionFinding13.map(anEnrichedEvent({ note: "x".repeat(65_535) }), {
      ...TENANT,
      rawData: true,
    });

    expect(record["raw_data"]).toBeNull();
  });
});
