import { describe, expect, it } from "vitest";
import { optional } from "../../../../functions/security-lake-exporter/ocsf/attributes.js";
import { conformanceCheck } from "../../../../functions/security-lake-exporter/ocsf/conformance.js";
import type { OcsfRecord } from "../../../../functions/security-lake-exporter/ocsf/profile.js";
import { PROFILES, profileNamed } from "../../../../functions/security-lake-exporter/ocsf/profiles.js";
import { boolean } from "../../../../functions/security-lake-exporter/parquet/schema.js";
import { anEnrichedEvent } from "../events.js";

const TENANT = { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" };
const detectionFinding = profileNamed("detection-finding-1.3");
const violationsOf = conformanceCheck(detectionFinding);

/** A conforming record of detection-finding-1.3 with some of its attributes replaced. */
function aRecord(attributes: Readonly<Record<string, unknown>> = {}): OcsfRecord {
  return { ...detectionFinding.map(anEnrichedEvent(), TENANT), ...attributes };
}

function aStruct(name: string, attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { [name]: { ...(aRecord()[name] as object), ...attributes } };
}

describe("a record of its own profile", () => {
  it.each(PROFILES.map(({ name }) => name))("conforms: %s", (name) => {
    const profile = profileNamed(name);

    expect(conformanceCheck(profile)(profile.map(anEnrichedEvent(), TENANT))).toEqual([]);
  });

  it.each(PROFILES.map(({ name }) => name))("conforms where the event says next to nothing: %s", (name) => {
    const profile = profileNamed(name);
    const event = anEnrichedEvent(
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
        last_detection: null,
        url: null,
      },
      { account: undefined, direction: "unknown" },
    );

    expect(conformanceCheck(profile)(profile.map(event, TENANT))).toEqual([]);
  });
});

describe("a violation", () => {
  it.each([
    ["a required attribute is null", { time: null }, "time", "is required"],
    ["a required attribute is missing", { severity_id: undefined }, "severity_id", "is required"],
    [
      "a required attribute of a struct is missing",
      aStruct("finding_info", { uid: null }),
      "finding_info.uid",
      "is required",
    ],
    ["a required struct is missing", { finding_info: null }, "finding_info", "is required"],
    ["an attribute is not declared", { activity: "Generate" }, "activity", "is not declared by the profile"],
    [
      "an attribute of a struct is not declared",
      aStruct("cloud", { region: "eu-west-1" }),
      "cloud.region",
      "is not declared by the profile",
    ],
    [
      "a caption is not that of its id",
      { severity: "Low" },
      "severity",
      'must be "High" where severity_id is 4',
    ],
    ["a caption is missing", { status: null }, "status", 'must be "New" where status_id is 1'],
    [
      "an id is unknown",
      { severity_id: 6, severity: "Fatal" },
      "severity_id",
      "is 6, and may be 0, 2, 3, 4, 5",
    ],
    ["a text is none", { message: 4711 }, "message", "must be a string"],
    [
      "a text is too long",
      { message: "x".repeat(65_536) },
      "message",
      "must have at most 65535 characters, and has 65536",
    ],
    ["an integer is a fraction", { risk_score: 76.5 }, "risk_score", "must be a whole number of 32 bits"],
    ["an integer is a text", { risk_score: "76" }, "risk_score", "must be a whole number of 32 bits"],
    [
      "an integer is too large",
      { risk_score: 2_147_483_648 },
      "risk_score",
      "must be a whole number of 32 bits",
    ],
    [
      "an integer is too small",
      { risk_score: -2_147_483_649 },
      "risk_score",
      "must be a whole number of 32 bits",
    ],
    ["a time is no number", { time: Number.NaN }, "time", "must be a whole number below 2^53"],
    ["a time is in seconds", { time: 1_738_354_208 }, "time", "must be milliseconds between 2010 and 2100"],
    [
      "a time is in microseconds",
      { time: 1_738_354_208_000_000 },
      "time",
      "must be milliseconds between 2010 and 2100",
    ],
    [
      "a struct has nulls only",
      { cloud: { account: null, provider: null } },
      "cloud",
      "has no member: it must be null",
    ],
    ["a struct is a text", { cloud: "AWS" }, "cloud", "must be a struct"],
    [
      "neither of two attributes is there",
      aStruct("metadata", { product: { lang: "en", name: null, uid: null, vendor_name: "Vectra AI" } }),
      "metadata.product",
      "must have one of name, uid",
    ],
    ["a list is none", { resources: {} }, "resources", "must be a list"],
    ["an element of a list is wrong", { resources: [{ uid: 8 }] }, "resources[].uid", "must be a string"],
    ["an element of a list is null", { resources: [null] }, "resources[]", "must be a struct"],
    ["a map holds a number", { unmapped: { attack_rating: 7 } }, "unmapped", "must be a map of strings"],
    ["a map is a list", { unmapped: ["attack_rating"] }, "unmapped", "must be a map of strings"],
    [
      "the version is another",
      aStruct("metadata", { version: "1.1.0" }),
      "metadata.version",
      "must be 1.3.0",
    ],
  ])("is found when %s", (_, attributes, attribute, problem) => {
    expect(violationsOf(aRecord(attributes))).toEqual([{ attribute, problem }]);
  });

  it("is found in each number that says which class the record is of", () => {
    const violations = violationsOf(aRecord({ activity_id: 2, class_uid: 2001, category_uid: 3 }));

    expect(violations).toEqual([
      { attribute: "activity_id", problem: "is 2, and may be 1" },
      { attribute: "category_uid", problem: "is 3, and may be 2" },
      { attribute: "class_uid", problem: "is 2001, and may be 2004" },
      { attribute: "class_uid", problem: "must be 2004" },
      { attribute: "category_uid", problem: "must be 2" },
      { attribute: "type_uid", problem: "must be 200402" },
    ]);
  });

  it("is not that JSON is longer than a text may be", () => {
    const profile = profileNamed("security-finding-1.1");
    const types = Array.from({ length: 4000 }, () => "AWS Organization Discovery");
    const record = profile.map(anEnrichedEvent({ active_detection_types: types }), TENANT);

    expect(conformanceCheck(profile)(record)).toEqual([]);
  });

  it("is found in an attribute that a later profile may declare true or false", () => {
    const profile = {
      ...detectionFinding,
      columns: [...detectionFinding.columns, optional(boolean("is_alert"))],
    };

    expect(conformanceCheck(profile)(aRecord({ is_alert: true }))).toEqual([]);
    expect(conformanceCheck(profile)(aRecord({ is_alert: "yes" }))).toEqual([
      { attribute: "is_alert", problem: "must be true or false" },
    ]);
  });

  it("never repeats a text, which may be an account's name", () => {
    const record = aRecord({ severity: "AWS:111122223333/role:build-agent", unmapped: { name: 1 } });

    expect(JSON.stringify(violationsOf(record))).not.toContain("build-agent");
  });
});
