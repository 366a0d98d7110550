import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OcsfRecord } from "../../functions/security-lake-exporter/ocsf/profile.js";
import { profileNamed } from "../../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../../functions/security-lake-exporter/parquet/encode.js";
import { simulatedEvents, TENANT_URL } from "../ocsf/simulated-events.js";
import { pythonEnvironment } from "./python-environment.js";

const judge = join(import.meta.dirname, "..", "ocsf", "judge.py");
const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-ocsf-"));

let python: string;
let events: Awaited<ReturnType<typeof simulatedEvents>>;

beforeAll(async () => {
  python = await pythonEnvironment();
  events = await simulatedEvents(5000);
});

afterAll(() => rmSync(directory, { recursive: true }));

function mapped(profileName: string): readonly OcsfRecord[] {
  const { map } = profileNamed(profileName);
  return events.map((event) => map(event, { tenantUrl: TENANT_URL, rawData: true }));
}

/** What the official schema of a class says of records, written with a profile's columns and read with PyArrow. */
async function judged(
  records: readonly OcsfRecord[],
  profileName: string,
  ...classAndVersion: [className: string, version: string]
): Promise<unknown> {
  const file = join(directory, `${profileName}.parquet`);
  writeFileSync(file, encodeParquet(records, profileNamed(profileName).columns));
  const { stdout } = await promisify(execFile)(python, [judge, file, ...classAndVersion]);
  return JSON.parse(stdout);
}

describe("5,000 simulated events under the official OCSF schema", () => {
  it("security-finding-1.1: no violation, and no deprecation but that of the class itself", async () => {
    const records = mapped("security-finding-1.1");

    expect(await judged(records, "security-finding-1.1", "security_finding", "1.1.0")).toEqual({
      records: 5000,
      violations: {},
      deprecated: ["finding", "security_finding"],
    });
  });

  it("detection-finding-1.3: no violation, nothing deprecated", async () => {
    const records = mapped("detection-finding-1.3");

    expect(await judged(records, "detection-finding-1.3", "detection_finding", "1.3.0")).toEqual({
      records: 5000,
      violations: {},
      deprecated: [],
    });
  });

  it("vectra: the departures of docs/ocsf-departures.md, in every record, and no other", async () => {
    expect(await judged(mapped("vectra"), "vectra", "security_finding", "1.0.0")).toEqual({
      records: 5000,
      violations: {
        "record: Additional properties are not allowed ('activity' was unexpected)": 5000,
        "class_name: 'Security Findings' is not 'Security Finding'": 5000,
        "type_name: 'Security Finding: Generate' is not 'Security Finding: Create'": 5000,
      },
      deprecated: [],
    });
  });
});

describe("the judge", () => {
  it.each([
    [
      "a struct of nulls",
      { cloud: { account: null, provider: null } },
      "cloud: 'provider' is a required property",
    ],
    [
      "cloud without the profile of that name",
      { metadata: { product: { name: "x", vendor_name: "x" }, version: "1.3.0" } },
      "record: Additional properties are not allowed ('cloud' was unexpected)",
    ],
    ["a caption that is another id's", { severity: "Fatal" }, "severity: 'Fatal' is not 'High'"],
    [
      "a type that is another class's",
      { type_uid: 200101, type_name: null },
      "type_uid: 200101 is not 200401",
    ],
    [
      "an element of a list that lacks what it must have",
      { resources: [{ type: "account" }] },
      "resources.[]: {'type': 'account'} is not valid under any of the given schemas",
    ],
  ])("sees %s", async (_, attributes, violation) => {
    const [event] = events.filter(({ event: { severity } }) => severity === "High");
    if (event === undefined) {
      throw new Error("No simulated event has severity High.");
    }
    const record = profileNamed("detection-finding-1.3").map(event, { tenantUrl: TENANT_URL });

    const verdict = await judged(
      [{ ...record, ...attributes }],
      "detection-finding-1.3",
      "detection_finding",
      "1.3.0",
    );

    expect(verdict).toMatchObject({ records: 1, violations: { [violation]: 1 } });
  });
});
