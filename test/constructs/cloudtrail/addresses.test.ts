import { describe, expect, it } from "vitest";
import {
  AccountConnection,
  LogBucket,
  LogKey,
  NotificationTopic,
  S3Notification,
  Trail,
  TrailLogGroup,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { StsTokens } from "../../../constructs/iam/index.js";
import { BrainEgress } from "../../../constructs/network/index.js";
import { CustomSource } from "../../../constructs/security-lake/index.js";
import { synthTemplate } from "../template.js";

const KEY = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555";
const here = { accountId: "222222222222", region: "eu-west-1" };
const TRAIL = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/vectra-cdr";

/**
 * Terraform addresses as they were published. A change of one moves every user's state: a renamed bucket,
 * key, topic or trail is destroyed and made anew unless a `moved` block says otherwise. Add lines, change none.
 */
describe("Terraform addresses", () => {
  it("stay as they are, for everything at once", () => {
    const template = synthTemplate((stack) => {
      const key = new LogKey(stack, "log-key", { aliasName: "logs", ...here });
      const bucket = new LogBucket(stack, "log-bucket", {
        bucketName: "acme-logs",
        key,
        ...here,
        objectLock: { mode: "GOVERNANCE", days: 1 },
        accessLogs: { bucketName: "acme-access-logs" },
      });
      const topic = new NotificationTopic(stack, "topic", { topicName: "logs", key, ...here });
      new VectraRole(stack, "vectra-role", {
        roleName: "vectra-cdr",
        vectraAccountId: "999999999999",
        externalId: "external",
        accountId: "222222222222",
        bucket,
      });
      new S3Notification(stack, "notification", { bucket, topic, logAccountIds: ["222222222222"] });
      const logGroup = new TrailLogGroup(stack, "trail-logs", {
        logGroupName: "trail",
        roleName: "trail",
        accountId: "222222222222",
        region: "eu-west-1",
      });
      new Trail(stack, "trail", { trailName: "vectra-cdr", bucket, logGroup, ...here });
      new StsTokens(stack, "sts-tokens");
      new BrainEgress(stack, "brain-egress", {
        name: "brain",
        regions: ["eu"],
        securityGroupIds: ["sg-0123456789abcdef0"],
        networkFirewall: {},
      });
    });
    expect(template.addresses()).toEqual([
      "aws_cloudtrail.trail_trail",
      "aws_cloudwatch_log_group.trail-logs_log-group",
      "aws_ec2_managed_prefix_list.brain-egress_prefix-list",
      "aws_iam_role.trail-logs_role",
      "aws_iam_role.vectra-role_role",
      "aws_iam_role_policy.trail-logs_policy",
      "aws_iam_role_policy.vectra-role_policy",
      "aws_iam_security_token_service_preferences.sts-tokens_preferences",
      "aws_kms_alias.log-key_alias",
      "aws_kms_key.log-key_key",
      "aws_networkfirewall_rule_group.brain-egress_firewall-rules",
      "aws_s3_bucket.log-bucket_bucket",
      "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle",
      "aws_s3_bucket_logging.log-bucket_access-logs",
      "aws_s3_bucket_notification.notification_notification",
      "aws_s3_bucket_object_lock_configuration.log-bucket_object-lock",
      "aws_s3_bucket_ownership_controls.log-bucket_ownership-controls",
      "aws_s3_bucket_policy.log-bucket_policy",
      "aws_s3_bucket_public_access_block.log-bucket_public-access-block",
      "aws_s3_bucket_server_side_encryption_configuration.log-bucket_encryption",
      "aws_s3_bucket_versioning.log-bucket_versioning",
      "aws_sns_topic.topic_topic",
      "aws_sns_topic_policy.topic_policy",
      "aws_vpc_security_group_egress_rule.brain-egress_egress-sg-0123456789abcdef0",
    ]);
  });

  it("stay as they are for adopted policies", () => {
    const policy = {
      behaviour: "own" as const,
      currentStatements: [
        {
          Effect: "Allow" as const,
          Principal: { AWS: "arn:aws:iam::222222222222:root" },
          Action: "*",
          Resource: "*",
        },
      ],
    };
    const template = synthTemplate((stack) => {
      LogBucket.fromLogBucketAttributes(stack, "log-bucket", {
        bucketName: "acme-logs",
        ...here,
        policy,
      });
      LogKey.fromLogKeyAttributes(stack, "log-key", { keyArn: KEY, policy });
      NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
        topicArn: "arn:aws:sns:eu-west-1:222222222222:logs",
        policy,
      });
      Trail.fromTrailArn(stack, "trail", TRAIL);
    });
    expect(template.addresses()).toEqual([
      "aws_kms_key_policy.log-key_policy",
      "aws_s3_bucket_policy.log-bucket_policy",
      "aws_sns_topic_policy.topic_policy",
    ]);
  });

  it("of a connection of one account stay as they are", () => {
    const template = synthTemplate((stack) => {
      new AccountConnection(stack, "vectra", {
        name: "vectra-cdr",
        accountId: "222222222222",
        region: "eu-west-1",
        bucketName: "acme-logs",
        vectraAccountId: "999999999999",
        externalId: "external",
      });
    });
    expect(template.addresses()).toEqual([
      "aws_cloudtrail.vectra_trail_trail",
      "aws_iam_role.vectra_vectra-role_role",
      "aws_iam_role_policy.vectra_vectra-role_policy",
      "aws_kms_alias.vectra_log-key_alias",
      "aws_kms_key.vectra_log-key_key",
      "aws_s3_bucket.vectra_log-bucket_bucket",
      "aws_s3_bucket_lifecycle_configuration.vectra_log-bucket_lifecycle",
      "aws_s3_bucket_ownership_controls.vectra_log-bucket_ownership-controls",
      "aws_s3_bucket_policy.vectra_log-bucket_policy",
      "aws_s3_bucket_public_access_block.vectra_log-bucket_public-access-block",
      "aws_s3_bucket_server_side_encryption_configuration.vectra_log-bucket_encryption",
      "aws_s3_bucket_versioning.vectra_log-bucket_versioning",
      "aws_sns_topic.vectra_topic_topic",
      "aws_sns_topic_policy.vectra_topic_policy",
    ]);
  });

  it("of what is no longer there are the same", () => {
    expect(
      [...LogBucket.createdAddresses("log-bucket"), LogBucket.policyAddress("log-bucket")].sort(),
    ).toEqual([
      "aws_s3_bucket.log-bucket_bucket",
      "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle",
      "aws_s3_bucket_logging.log-bucket_access-logs",
      "aws_s3_bucket_object_lock_configuration.log-bucket_object-lock",
      "aws_s3_bucket_ownership_controls.log-bucket_ownership-controls",
      "aws_s3_bucket_policy.log-bucket_policy",
      "aws_s3_bucket_public_access_block.log-bucket_public-access-block",
      "aws_s3_bucket_server_side_encryption_configuration.log-bucket_encryption",
      "aws_s3_bucket_versioning.log-bucket_versioning",
    ]);
    expect(LogKey.createdAddresses("log-key")).toEqual([
      "aws_kms_alias.log-key_alias",
      "aws_kms_key.log-key_key",
    ]);
    expect(LogKey.policyAddress("log-key")).toBe("aws_kms_key_policy.log-key_policy");
    expect(NotificationTopic.policyAddress("topic")).toBe("aws_sns_topic_policy.topic_policy");
    expect(S3Notification.address("notification")).toBe(
      "aws_s3_bucket_notification.notification_notification",
    );
    expect(CustomSource.createdAddresses("custom-source")).toEqual([
      "aws_iam_role.custom-source_crawler-role",
      "aws_iam_role_policy.custom-source_crawler-policy",
      "aws_iam_role_policy_attachment.custom-source_crawler-service-policy",
      "aws_securitylake_custom_log_source.custom-source_source",
    ]);
  });
});
