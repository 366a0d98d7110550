import type { KnownDrift } from "./drift.js";

/**
 * What MiniStack 1.5 does not store or return, so that a second plan shows a difference. Anything else in a second
 * plan is our bug. An entry that no longer occurs is harmless: a newer version may have fixed it.
 */
export const emulatorDrifts: readonly KnownDrift[] = [
  {
    type: "aws_cloudtrail",
    attributes: ["tags", "tags_all"],
    reason: "CreateTrail drops its tags",
  },
  {
    type: "aws_cloudtrail",
    attributes: ["cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn"],
    reason: "CreateTrail drops the log group and its role",
  },
  {
    type: "aws_ec2_managed_prefix_list",
    attributes: ["tags", "tags_all"],
    reason: "CreateManagedPrefixList drops its tags",
  },
  {
    type: "aws_sfn_state_machine",
    attributes: ["tracing_configuration"],
    reason: "DescribeStateMachine omits it",
  },
  {
    type: "aws_cloudwatch_metric_alarm",
    attributes: [
      "actions_enabled",
      "alarm_actions",
      "alarm_description",
      "dimensions",
      "insufficient_data_actions",
      "ok_actions",
      "period",
      "statistic",
      "treat_missing_data",
    ],
    reason: "DescribeAlarms leaves them out of its answer in the XML protocol",
  },
];
