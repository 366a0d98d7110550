import { type AccountAndRegion, alarmsArn } from "../../facts/arn.js";
import type { PolicyStatement } from "../iam/policy.js";

/** Statements that are required elsewhere so that CloudWatch may publish the exporter's alarms to a topic. */
export interface AlarmTopicStatements {
  readonly topicArn: string;
  /** For the topic's policy. SNS's default policy already allows it, within the account. */
  readonly topicStatement: PolicyStatement;
  /** For the policy of the topic's key, if it has one; the AWS-managed key `alias/aws/sns` cannot have it. */
  readonly keyStatement: PolicyStatement;
}

/** @param name prefix of the alarms' names. */
export function alarmTopicStatements(
  accountAndRegion: AccountAndRegion,
  name: string,
  topicArn: string,
): AlarmTopicStatements {
  return {
    topicArn,
    topicStatement: alarmsPublish(accountAndRegion, name, topicArn),
    keyStatement: alarmsEncrypt(accountAndRegion, name, topicArn),
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function alarmsPublish(accountAndRegion: AccountAndRegion, name: string, topicArn: string): PolicyStatement {
  return {
    Sid: "CloudWatchPublishesAlarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: {
      StringEquals: { "aws:SourceAccount": accountAndRegion.accountId },
      ArnLike: { "aws:SourceArn": alarmsArn(accountAndRegion, name) },
    },
  };
}

/**
 * SNS asks for data keys in CloudWatch's name. AWS does not say whether such a call carries the source: another source
 * is refused where it does, and alarms are not lost where it does not.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function alarmsEncrypt(accountAndRegion: AccountAndRegion, name: string, topicArn: string): PolicyStatement {
  return {
    Sid: "CloudWatchEncryptsAlarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArn },
      StringEqualsIfExists: { "aws:SourceAccount": accountAndRegion.accountId },
      ArnLikeIfExists: { "aws:SourceArn": alarmsArn(accountAndRegion, name) },
    },
  };
}
