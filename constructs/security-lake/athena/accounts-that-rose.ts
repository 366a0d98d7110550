import type { AnalystQuery, QueryScope } from "./analyst-query.js";
import { daysAgo, isStrict, recordsOf } from "./record-columns.js";

export const accountsThatRose: AnalystQuery = {
  id: "accounts-that-rose-most",
  title: "accounts that rose most in 7 days",
  description:
    "Accounts in order of their rise in the last 7 days: from their last record before that time, or else their first " +
    "record in it, to their newest. The strict profiles compare the urgency score. Records of profile vectra have no " +
    "score: they are compared by severity, then by the number of records with Score increase minus those with Score " +
    "decrease, so a few large steps can rank below many small ones. Without score decreases in the export, no account falls.",
  sql: (scope) => (isStrict(scope.profile) ? byScore(scope) : bySeverity(scope)),
};

function byScore(scope: QueryScope): string {
  return `${recordsOf(scope)},
accounts AS (
  SELECT
    tenant,
    account_id,
    max_by(account, time) AS account,
    ${firstOf("score")} AS score_before,
    max_by(score, time) AS score_now,
    ${steps("Score increase")} AS increases,
    max_by(severity, time) AS severity,
    max_by(assignee, time) AS assignee,
    max_by(link, time) AS link
  FROM records
  WHERE score IS NOT NULL
  GROUP BY tenant, account_id
)
SELECT score_now - score_before AS rise, *
FROM accounts
WHERE score_now > score_before
ORDER BY rise DESC
LIMIT 25`;
}

/** Severity 0 is Unknown: a rise from it cannot be measured. */
function bySeverity(scope: QueryScope): string {
  return `${recordsOf(scope)},
accounts AS (
  SELECT
    tenant,
    account_id,
    ${firstOf("severity_id")} AS severity_id_before,
    max_by(severity_id, time) AS severity_id_now,
    max_by(severity, time) AS severity,
    ${steps("Score increase")} AS increases,
    ${steps("Score decrease")} AS decreases,
    max_by(assignee, time) AS assignee,
    max_by(link, time) AS link
  FROM records
  WHERE severity_id > 0
  GROUP BY tenant, account_id
)
SELECT
  severity_id_now - severity_id_before AS severity_steps,
  increases - decreases AS net_increases,
  *
FROM accounts
WHERE increases > 0
ORDER BY severity_steps DESC, net_increases DESC
LIMIT 25`;
}

const RECENT = `eventday > ${daysAgo(7)}`;

function firstOf(column: string): string {
  return `coalesce(
      max_by(${column}, time) FILTER (WHERE NOT ${RECENT}),
      min_by(${column}, time)
    )`;
}

function steps(status: string): string {
  return `count_if(status_detail = '${status}' AND ${RECENT})`;
}
