import type { AnalystQuery } from "./analyst-query.js";
import { daysAgo, isStrict, quoted, recordsOf } from "./record-columns.js";

/**
 * `actor.user.uid` is the caller's ARN: a role's name precedes the session's, a user's is at the end of a path.
 *
 * @see https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS/v1.1.0/CloudTrail
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/cloudtrail-query-examples-sourceversion2.html
 */
const CALLER_ACCOUNT = String.raw`regexp_extract(trail.actor.user.uid, '^arn:[\w-]+:(?:iam|sts)::(\d{12}):', 1)`;
const CALLER_NAME = `regexp_extract(trail.actor.user.uid, ':(?:assumed-role/|user/(?:.*/)?)([^/]+)', 1)`;

export const cloudTrailActivity: AnalystQuery = {
  id: "cloudtrail-activity",
  title: "API calls around high and critical findings of 7 days",
  description:
    "API calls that CloudTrail recorded for the finding's role or user, from one hour before to one hour after it. The " +
    "AWS account and name of the finding are matched with the ARN of the caller. CloudTrail's table must have source " +
    "version 2 (OCSF 1.1.0). Records of profile vectra contain no AWS account, so this query does not exist for them. " +
    "Findings whose account name in Vectra does not contain the AWS account and the role or user are not included.",
  sql: (scope) =>
    scope.cloudTrailTable === undefined || !isStrict(scope.profile)
      ? undefined
      : `${recordsOf(scope)},
findings AS (
  SELECT *, from_unixtime(time / 1000) AS found
  FROM records
  WHERE eventday > ${daysAgo(7)}
    AND severity_id >= 4
)
SELECT
  findings.found,
  findings.tenant,
  findings.account,
  findings.severity,
  findings.last_detection,
  trail.time_dt AS called,
  trail.api.service.name AS service,
  trail.api.operation AS operation,
  trail.api.response.error AS error,
  trail.cloud.region AS region,
  trail.src_endpoint.ip AS source_ip,
  trail.actor.user.uid AS caller,
  findings.link
FROM findings
JOIN ${quoted(scope.cloudTrailTable)} trail
  ON ${CALLER_ACCOUNT} = findings.aws_account_id
  AND ${CALLER_NAME} = findings.aws_identity
  AND trail.time_dt BETWEEN findings.found - INTERVAL '1' HOUR AND findings.found + INTERVAL '1' HOUR
WHERE trail.time_dt BETWEEN current_timestamp - INTERVAL '8' DAY AND current_timestamp
ORDER BY findings.found DESC, called
LIMIT 1000`,
};
