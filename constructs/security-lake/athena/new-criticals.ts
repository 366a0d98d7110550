import type { AnalystQuery } from "./analyst-query.js";
import { daysAgo, isStrict, recordsOf } from "./record-columns.js";

export const newCriticals: AnalystQuery = {
  id: "new-criticals-today",
  title: "new criticals today",
  description:
    "Accounts whose severity became Critical today (UTC): a record of today is Critical, and the account's previous " +
    "record in the last 30 days was not, or there is none.",
  sql: (scope) => `${recordsOf(scope)},
steps AS (
  SELECT
    *,
    lag(severity_id) OVER (PARTITION BY tenant, account_id ORDER BY time) AS severity_id_before
  FROM records
)
SELECT
  from_unixtime(time / 1000) AS became_critical,
  tenant,
  account_id,${isStrict(scope.profile) ? "\n  account,\n  score," : ""}
  last_detection,
  assignee,
  link
FROM steps
WHERE eventday = ${daysAgo(0)}
  AND severity_id = 5
  AND coalesce(severity_id_before, 0) <> 5
ORDER BY became_critical DESC`,
};
