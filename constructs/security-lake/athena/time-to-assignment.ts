import type { AnalystQuery } from "./analyst-query.js";
import { isStrict, recordsOf } from "./record-columns.js";

export const timeToAssignment: AnalystQuery = {
  id: "time-to-assignment",
  title: "time to assignment in 30 days",
  description:
    "How long accounts had no assignee. The lake knows assignees only from records: a record contains the assignee at " +
    "the time of its export, not Vectra's date of assignment. The answer is therefore a range: minutes_at_least ends " +
    "at the account's last record without an assignee, minutes_at_most at its first record with one. Both start at " +
    "the first record without an assignee. Accounts that are still unassigned, or have no later record, are not " +
    "included. Records that were exported long after their event (a backlog, a backfill), and records whose account " +
    "look-up failed, distort the result.",
  sql: (scope) => `${recordsOf(scope)},
streaks AS (
  SELECT
    *,
    -- A streak is what follows an assigned record, up to and with the next one.
    coalesce(
      sum(IF(assignee IS NULL, 0, 1)) OVER (
        PARTITION BY tenant, account_id ORDER BY time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ),
      0
    ) AS streak
  FROM records
),
assignments AS (
  SELECT
    tenant,
    account_id,${isStrict(scope.profile) ? "\n    max_by(account, time) AS account," : ""}
    max_by(assignee, time) AS assignee,
    min(time) FILTER (WHERE assignee IS NULL) AS unassigned_from,
    max(time) FILTER (WHERE assignee IS NULL) AS unassigned_until,
    max(time) FILTER (WHERE assignee IS NOT NULL) AS assigned_by,
    max_by(link, time) AS link
  FROM streaks
  GROUP BY tenant, account_id, streak
)
SELECT
  (unassigned_until - unassigned_from) / 60000 AS minutes_at_least,
  (assigned_by - unassigned_from) / 60000 AS minutes_at_most,
  from_unixtime(unassigned_from / 1000) AS unassigned_since,
  tenant,
  account_id,${isStrict(scope.profile) ? "\n  account," : ""}
  assignee,
  link
FROM assignments
WHERE unassigned_from IS NOT NULL
  AND assigned_by IS NOT NULL
ORDER BY minutes_at_most DESC`,
};
