import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AthenaQueries } from "../../constructs/security-lake/athena-queries.js";
import type { ProfileName } from "../../facts/profiles.js";
import type { ScoreDirection } from "../../functions/security-lake-exporter/enrichment/enrichment.js";
import { partition } from "../../functions/security-lake-exporter/lake/partition.js";
import { profileNamed } from "../../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../../functions/security-lake-exporter/parquet/encode.js";
import { synthTemplate } from "../constructs/template.js";
import { anEnrichedEvent } from "../functions/security-lake-exporter/events.js";
import { pythonEnvironment } from "./python-environment.js";

type Row = Readonly<Record<string, unknown>>;

const NOW = "2026-03-20T12:00:00Z";
const ACME = "https://123123123123.uw2.portal.vectra.ai";
const GLOBEX = "https://456456456456.uw2.portal.vectra.ai";

const BUILD_AGENT = { entity_id: 8, name: "AWS:111122223333/role:build-agent", tenant: ACME };
const ALICE = { entity_id: 9, name: "AWS:111122223333/user:alice", tenant: ACME };
const DEPLOY = { entity_id: 10, name: "AWS:444455556666/role:deploy", tenant: ACME };
const CONFIG = { entity_id: 11, name: "AWS:None/us-1-east/config:AWSConfig-Describe", tenant: ACME };
const BACKUP = { entity_id: 12, name: "AWS:111122223333/role:backup", tenant: ACME };
const REPORTS = { entity_id: 13, name: "AWS:111122223333/role:reports", tenant: ACME };
/** The same number as the build agent's, of another tenant. */
const NAMESAKE = { entity_id: 8, name: "AWS:777788889999/role:other", tenant: GLOBEX };

type Story = readonly [
  account: typeof BUILD_AGENT,
  time: string,
  severity: string,
  score: number,
  direction: ScoreDirection,
  assignee: string | null,
];

const STORY: readonly Story[] = [
  // Before the 30 days that the queries look back on.
  [BUILD_AGENT, "2026-01-01T00:00:00Z", "Critical", 99, "unknown", "somebody"],
  [BUILD_AGENT, "2026-03-01T10:00:00Z", "Medium", 30, "decrease", null],
  [REPORTS, "2026-03-05T00:00:00Z", "Low", 5, "unknown", null],
  [REPORTS, "2026-03-05T01:00:00Z", "Low", 5, "unchanged", "analyst1"],
  [REPORTS, "2026-03-05T02:00:00Z", "Low", 5, "unchanged", "analyst1"],
  [REPORTS, "2026-03-06T00:00:00Z", "Low", 5, "unchanged", null],
  [REPORTS, "2026-03-06T00:30:00Z", "Low", 5, "unchanged", "analyst1"],
  [ALICE, "2026-03-10T08:00:00Z", "Critical", 90, "unknown", "analyst2"],
  [BUILD_AGENT, "2026-03-15T10:00:00Z", "High", 60, "increase", null],
  [CONFIG, "2026-03-16T10:00:00Z", "Low", 10, "unknown", null],
  [CONFIG, "2026-03-18T10:00:00Z", "Low", 20, "increase", null],
  [BACKUP, "2026-03-19T23:59:59Z", "Critical", 80, "unknown", null],
  [BACKUP, "2026-03-20T00:00:00Z", "High", 70, "decrease", null],
  [BACKUP, "2026-03-20T00:10:00Z", "Critical", 85, "increase", null],
  [REPORTS, "2026-03-20T06:00:00Z", "High", 5, "unchanged", "analyst1"],
  [ALICE, "2026-03-20T08:30:00Z", "Critical", 91, "increase", "analyst2"],
  [NAMESAKE, "2026-03-20T08:50:00Z", "Critical", 5, "unknown", null],
  [BUILD_AGENT, "2026-03-20T09:00:00Z", "Critical", 95, "increase", "analyst1"],
  [DEPLOY, "2026-03-20T10:30:00Z", "Critical", 99, "unknown", null],
  [DEPLOY, "2026-03-20T11:00:00Z", "Critical", 95, "decrease", null],
];

const CLOUDTRAIL = [
  apiCall("2026-03-15T10:20:00Z", "arn:aws:sts::111122223333:assumed-role/build-agent/job-1", "ListUsers"),
  apiCall("2026-03-20T07:59:59Z", "arn:aws:sts::111122223333:assumed-role/build-agent/job-2", "TooEarly"),
  apiCall("2026-03-20T08:20:00Z", "arn:aws:iam::111122223333:user/team/alice", "CreateAccessKey"),
  apiCall("2026-03-20T08:40:00Z", "arn:aws:sts::111122223333:assumed-role/build-agent/job-3", "ListBuckets"),
  apiCall("2026-03-20T08:45:00Z", "arn:aws:sts::999988887777:assumed-role/build-agent/job-4", "OtherAccount"),
  apiCall("2026-03-20T08:45:00Z", "arn:aws:iam::111122223333:root", "ConsoleLogin"),
  apiCall("2026-03-20T10:00:01Z", "arn:aws:sts::111122223333:assumed-role/build-agent/job-5", "TooLate"),
];

/** What the queries read of CloudTrail's own table, source version 2. */
function apiCall(time_dt: string, uid: string, operation: string): Row {
  return {
    time_dt,
    api: { service: { name: "s3.amazonaws.com" }, operation, response: { error: "AccessDenied" } },
    actor: { user: { uid, type: "AssumedRole" } },
    cloud: { region: "eu-west-1" },
    src_endpoint: { ip: "192.0.2.1" },
  };
}

const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-athena-"));
let answers: Record<string, readonly Row[]>;

beforeAll(async () => {
  answers = Object.fromEntries(
    await Promise.all([
      answersOf("vectra"),
      answersOf("security-finding-1.1"),
      answersOf("detection-finding-1.3"),
    ]).then((all) => all.flat()),
  );
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true }));

/** The answer of each query that is made for a profile, by the end of its Terraform address. */
async function answersOf(profile: ProfileName): Promise<[string, readonly Row[]][]> {
  const lake = join(directory, profile);
  writeLake(lake, profile);
  const database = "lake_db";
  const template = synthTemplate((stack) => {
    new AthenaQueries(stack, "athena", {
      name: "vectra-exporter",
      workgroup: "primary",
      table: { database, name: "findings" },
      profiles: [profile],
      cloudTrailTable: { database, name: "cloud_trail_mgmt_2_0" },
    });
  });
  const queries = template.resources("aws_athena_named_query");
  const results = await run({
    now: NOW,
    lake: { [`${database}.findings`]: lake },
    rows: { [`${database}.cloud_trail_mgmt_2_0`]: CLOUDTRAIL },
    queries: queries.map(({ attributes }) => String(attributes["query"])),
  });
  return queries.map(({ name }, index) => [name.replace(/^athena_/, ""), results[index] ?? []]);
}

/** The story as the exporter writes it: mapped, one object a day, encoded. */
function writeLake(folder: string, profile: ProfileName): void {
  const { map, columns } = profileNamed(profile);
  const records = STORY.map(
    ([account, event_timestamp, severity, urgency_score, direction, username], id) => {
      const { entity_id, name, tenant } = account;
      const event = { id, entity_id, name, severity, urgency_score, event_timestamp };
      const enriched = anEnrichedEvent(
        { ...event, url: `${tenant}/accounts/${entity_id}` },
        {
          direction,
          account: {
            id: entity_id,
            threat: 50,
            certainty: 50,
            assignment: username === null ? null : { assigned_to: { username } },
          },
        },
      );
      return { record: map(enriched, { tenantUrl: tenant }), accountId: "333333333333" };
    },
  );
  for (const { accountId, eventDay, records: ofDay } of partition(records)) {
    const path = join(folder, "region=eu-west-1", `accountId=${accountId}`, `eventDay=${eventDay}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "events.zstd.parquet"), encodeParquet(ofDay, columns));
  }
}

async function run(request: object): Promise<readonly (readonly Row[])[]> {
  const python = await pythonEnvironment();
  return new Promise((resolve, reject) => {
    const child = execFile(
      python,
      [join(import.meta.dirname, "run_athena_queries.py")],
      (error, stdout, stderr) =>
        error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr, { cause: error })),
    );
    child.stdin?.end(JSON.stringify(request));
  });
}

/** Of every row only these columns. */
function columns(query: string, ...names: string[]): unknown[] {
  return (answers[query] ?? []).map((row) => names.map((name) => row[name]));
}

describe("The Athena queries, over what the exporter writes", () => {
  it("are four for each strict profile; profile vectra has nothing to join CloudTrail with", () => {
    expect(Object.keys(answers).toSorted()).toEqual([
      "accounts-that-rose-most-detection-finding-1-3",
      "accounts-that-rose-most-security-finding-1-1",
      "accounts-that-rose-most-vectra",
      "cloudtrail-activity-detection-finding-1-3",
      "cloudtrail-activity-security-finding-1-1",
      "new-criticals-today-detection-finding-1-3",
      "new-criticals-today-security-finding-1-1",
      "new-criticals-today-vectra",
      "time-to-assignment-detection-finding-1-3",
      "time-to-assignment-security-finding-1-1",
      "time-to-assignment-vectra",
    ]);
  });

  it.each(["vectra", "security-finding-1-1", "detection-finding-1-3"])(
    "%s: accounts that became Critical today, not those that stayed so",
    (profile) => {
      expect(
        columns(`new-criticals-today-${profile}`, "became_critical", "tenant", "account_id", "assignee"),
      ).toEqual([
        ["2026-03-20 10:30:00+00", "123123123123", "10", null],
        ["2026-03-20 09:00:00+00", "123123123123", "8", "analyst1"],
        ["2026-03-20 08:50:00+00", "456456456456", "8", null],
        ["2026-03-20 00:10:00+00", "123123123123", "12", null],
      ]);
      expect(answers[`new-criticals-today-${profile}`]?.[1]).toMatchObject({
        last_detection: "AWS S3 Enumeration",
        link: "https://123123123123.uw2.portal.vectra.ai/accounts/8",
      });
    },
  );

  it.each(["security-finding-1-1", "detection-finding-1-3"])(
    "%s: how far accounts rose in a week, by score, from what they had before it",
    (profile) => {
      expect(
        columns(
          `accounts-that-rose-most-${profile}`,
          "account",
          "rise",
          "score_before",
          "score_now",
          "increases",
          "severity",
          "assignee",
        ),
      ).toEqual([
        [BUILD_AGENT.name, 65, 30, 95, 2, "Critical", "analyst1"],
        [CONFIG.name, 10, 10, 20, 1, "Low", null],
        [BACKUP.name, 5, 80, 85, 1, "Critical", null],
        [ALICE.name, 1, 90, 91, 1, "Critical", "analyst2"],
      ]);
    },
  );

  it("vectra: how far accounts rose in a week, by severity and by increases", () => {
    expect(
      columns(
        "accounts-that-rose-most-vectra",
        "account_id",
        "severity_steps",
        "severity",
        "increases",
        "decreases",
        "net_increases",
      ).toSorted(),
    ).toEqual([
      ["11", 0, "Low", 1, 0, 1],
      ["12", 0, "Critical", 1, 1, 0],
      ["8", 2, "Critical", 2, 0, 2],
      ["9", 0, "Critical", 1, 0, 1],
    ]);
    expect(columns("accounts-that-rose-most-vectra", "account_id").flat()[0]).toBe("8");
    expect(columns("accounts-that-rose-most-vectra", "account_id").flat()[3]).toBe("12");
  });

  it.each(["vectra", "security-finding-1-1", "detection-finding-1-3"])(
    "%s: between which bounds an account waited for its assignee, each time that it did",
    (profile) => {
      expect(
        columns(
          `time-to-assignment-${profile}`,
          "account_id",
          "unassigned_since",
          "minutes_at_least",
          "minutes_at_most",
          "assignee",
        ),
      ).toEqual([
        ["8", "2026-03-01 10:00:00+00", 20160, 27300, "analyst1"],
        ["13", "2026-03-05 00:00:00+00", 0, 60, "analyst1"],
        ["13", "2026-03-06 00:00:00+00", 0, 30, "analyst1"],
      ]);
    },
  );

  it.each(["security-finding-1-1", "detection-finding-1-3"])(
    "%s: the API calls of the finding's role or user within an hour of it, and of nobody else",
    (profile) => {
      expect(
        columns(`cloudtrail-activity-${profile}`, "found", "account", "called", "operation", "error"),
      ).toEqual([
        ["2026-03-20 09:00:00+00", BUILD_AGENT.name, "2026-03-20 08:40:00", "ListBuckets", "AccessDenied"],
        ["2026-03-20 08:30:00+00", ALICE.name, "2026-03-20 08:20:00", "CreateAccessKey", "AccessDenied"],
        ["2026-03-15 10:00:00+00", BUILD_AGENT.name, "2026-03-15 10:20:00", "ListUsers", "AccessDenied"],
      ]);
    },
  );
});
