/** A finding of Checkov that stays, with the reason. */
export interface AcceptedFinding {
  /** Checkov's id of the check. */
  readonly check: string;
  /** Terraform address, in any example; a `*` at its end stands for any ending. */
  readonly resource: string;
  /** Names the field of the deployment file that would end the finding, where there is one. */
  readonly reason: string;
}

/**
 * Every finding in the stacks of the examples that is left as it is. One that is not listed here fails the test,
 * and so does one that is listed and no longer found.
 */
export const acceptedFindings: readonly AcceptedFinding[] = [
  // The trail.
  {
    check: "CKV2_AWS_10",
    resource: "aws_cloudtrail.trail_trail",
    reason:
      "A copy of every event in CloudWatch Logs costs per GB and nothing here reads it: an option, trail.create.cloudWatchLogs (TrailLogGroup).",
  },

  // The log bucket.
  {
    check: "CKV_AWS_18",
    resource: "aws_s3_bucket.log-bucket_bucket",
    reason:
      "Access logs need a bucket of their own, which a deployment has or has not: an option, logBucket.create.accessLogs.",
  },
  {
    check: "CKV_AWS_144",
    resource: "aws_s3_bucket.log-bucket_bucket",
    reason:
      "A second copy in another region doubles the cost, and may leave the jurisdiction of the logs. No option of ours.",
  },
  {
    check: "CKV2_AWS_62",
    resource: "aws_s3_bucket.log-bucket_bucket",
    reason:
      "The trail itself announces its files, and a notification of the bucket would announce each twice: notification.s3 lets the bucket do it instead.",
  },

  // Vectra's access: it is of another account by nature.
  {
    check: "CKV_AWS_385",
    resource: "aws_sns_topic_policy.topic_policy",
    reason:
      "One account besides the owner's, Vectra's, may do one thing: subscribe. topic.create.subscription limits to what.",
  },
  {
    check: "CKV_AWS_61",
    resource: "aws_iam_role.vectra-role_role",
    reason:
      "False alarm: the check takes an account as principal for every service of it. The External ID is required.",
  },

  // The exporter's function.
  {
    check: "CKV_AWS_45",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason:
      "False alarm: what looks like a secret is an account id, in TENANTS. The environment has the ARN of the secret.",
  },
  {
    check: "CKV_AWS_50",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason:
      "An option, exporter.tracing: the metrics and the log of a run say what a trace of one function would, without another permission.",
  },
  {
    check: "CKV_AWS_115",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason:
      "An option, exporter.reservedConcurrentExecutions: new accounts have too little concurrency to reserve any, and the lease in DynamoDB lets one run of a tenant go on at a time.",
  },
  {
    check: "CKV_AWS_117",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason:
      "An option, exporter.vpc: it calls public endpoints only, of AWS and of Vectra; a VPC would add a NAT gateway to pay for.",
  },
  {
    check: "CKV_AWS_173",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason: "An option, exporter.kmsKeyArn: no variable is secret, and AWS's own key encrypts them.",
  },
  {
    check: "CKV_AWS_272",
    resource: "aws_lambda_function.exporter_function_lambda",
    reason:
      "The zip is built beside the plan that deploys it, and the plan has its hash. Code signing is no option of ours.",
  },

  // What else the exporter keeps. Keys of AWS encrypt it; exporter.kmsKeyArn puts a customer key in their place for
  // table, created secrets, queue, log group and environment.
  {
    check: "CKV_AWS_119",
    resource: "aws_dynamodb_table.exporter_checkpoints_table",
    reason:
      "An option, exporter.kmsKeyArn: cursors, scores and, until they expire, events in quarantine, which AWS's own key encrypts.",
  },
  {
    check: "CKV_AWS_149",
    resource: "aws_secretsmanager_secret.exporter_client-secret-*",
    reason:
      "An option, exporter.kmsKeyArn: AWS's own key for secrets encrypts it, which no other account can be let into; the function is its one reader.",
  },
  {
    check: "CKV2_AWS_57",
    resource: "aws_secretsmanager_secret.exporter_client-secret-*",
    reason: "Vectra issues the API client's secret in its UI, and has no API to rotate it.",
  },
  {
    check: "CKV_AWS_158",
    resource: "aws_cloudwatch_log_group.exporter_function_log-group",
    reason:
      "An option, exporter.kmsKeyArn: the function logs numbers, ids and errors, neither secrets nor events.",
  },
  {
    check: "CKV_AWS_338",
    resource: "aws_cloudwatch_log_group.exporter_function_log-group",
    reason:
      "An option, exporter.logRetentionDays: an operator's log, no audit trail, and 90 days by default.",
  },
  {
    check: "CKV_AWS_297",
    resource: "aws_scheduler_schedule.exporter_schedules_schedule-*",
    reason:
      "What it encrypts is the tenant's name, which is in the schedule's name as well. exporter.kmsKeyArn leaves it out.",
  },

  // The Brain's way out.
  {
    check: "CKV_AWS_345",
    resource: "aws_networkfirewall_rule_group.brain-egress_firewall-rules",
    reason: "The rules hold host names that Vectra publishes. A customer key is no option of ours.",
  },
];
