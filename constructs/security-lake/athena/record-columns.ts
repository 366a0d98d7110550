import type { ProfileName } from "../../../facts/profiles.js";
import type { LakeTable, QueryScope } from "./analyst-query.js";

/**
 * Where a profile's records contain what the queries need, as SQL expressions. Empty lists and absent keys yield
 * null; a subscript (`resources[1]`) would fail the query.
 */
interface RecordColumns {
  /** `metadata.version`, which distinguishes records of several profiles in one table. */
  readonly version: string;
  /** Vectra's id of the account. */
  readonly accountId: string;
  /** Link to the account in Vectra's UI. */
  readonly link: string;
  readonly lastDetection: string;
  readonly assignee: string;
  /** What only the strict profiles have. */
  readonly strict?: {
    /** Vectra's name of the account, such as `AWS:111122223333/role:build-agent`. */
    readonly account: string;
    /** Urgency, 0 to 100. */
    readonly score: string;
    readonly awsAccountId: string;
    /** Name of the role or user in that AWS account. */
    readonly awsIdentity: string;
  };
}

const RESOURCE = "element_at(resources, 1)";

const RECORD_COLUMNS: Readonly<Record<ProfileName, RecordColumns>> = {
  vectra: {
    version: "1.0.0",
    accountId: "finding.uid",
    link: "finding.src_url",
    lastDetection: "json_extract_scalar(finding.supporting_data, '$.last_detection_type')",
    assignee: "json_extract_scalar(finding.supporting_data, '$.assignment')",
  },
  "security-finding-1.1": {
    version: "1.1.0",
    accountId: `${RESOURCE}.uid`,
    link: "finding.src_url",
    lastDetection: "analytic.name",
    assignee: "json_extract_scalar(finding.supporting_data, '$.assignment')",
    strict: {
      account: `${RESOURCE}.name`,
      score: "risk_score",
      awsAccountId: "cloud.account.uid",
      awsIdentity: String.raw`regexp_extract(${RESOURCE}.name, '^AWS:\d{12}/[\w-]+:(.+)$', 1)`,
    },
  },
  "detection-finding-1.3": {
    version: "1.3.0",
    accountId: `${RESOURCE}.uid`,
    link: "finding_info.src_url",
    lastDetection: "finding_info.analytic.name",
    assignee: "element_at(unmapped, 'assignment.assigned_to.username')",
    strict: {
      account: `${RESOURCE}.name`,
      score: "risk_score",
      awsAccountId: "cloud.account.uid",
      awsIdentity: "element_at(evidences, 1).user.name",
    },
  },
};

/** Whether a profile's records contain the urgency score, and the AWS account and identity. */
export function isStrict(profile: ProfileName): boolean {
  return RECORD_COLUMNS[profile].strict !== undefined;
}

/** Days before today that a query reads, to know earlier values. */
const DAYS_BEFORE = 30;

/**
 * The start of a query: the table expression `records`, with the same columns for every profile except those that
 * only the strict ones have (`account`, `score`, `aws_account_id`, `aws_identity`).
 */
export function recordsOf({ table, profile }: QueryScope): string {
  const { version, accountId, link, lastDetection, assignee, strict } = RECORD_COLUMNS[profile];
  const columns = [
    "metadata.product.uid AS tenant",
    `${accountId} AS account_id`,
    ...(strict === undefined
      ? []
      : [
          `${strict.account} AS account`,
          `${strict.score} AS score`,
          `${strict.awsAccountId} AS aws_account_id`,
          `${strict.awsIdentity} AS aws_identity`,
        ]),
    "severity_id",
    "severity",
    "status_detail",
    `${lastDetection} AS last_detection`,
    `${assignee} AS assignee`,
    `${link} AS link`,
    "time",
    "eventday",
  ];
  return [
    "WITH records AS (",
    "  SELECT",
    columns.map((column) => `    ${column}`).join(",\n"),
    `  FROM ${quoted(table)}`,
    `  WHERE metadata.version = '${version}'`,
    `    AND eventday >= ${daysAgo(DAYS_BEFORE)}`,
    ")",
  ].join("\n");
}

/** A table's name in SQL; quotes allow hyphens and capitals. */
export function quoted({ database, name }: LakeTable): string {
  return `"${database}"."${name}"`;
}

/** The partition column `eventday` of a day before today, UTC: it bounds what a query scans. */
export function daysAgo(days: number): string {
  return `date_format(current_date - INTERVAL '${days}' DAY, '%Y%m%d')`;
}
