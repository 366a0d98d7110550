import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { accountRootArn } from "../iam/arn.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforce, enforceEach, enforceSome } from "../rule.js";
import { ACCOUNT_ID, KEY_ARN, PARTITION } from "../rules.js";
import { TOPIC_NAME, TRAIL_ARN } from "./rules.js";

export interface NotificationTopicProps {
  /** Name of the topic. */
  readonly topicName: string;
  /** Trails that may publish. ARNs composed from names: see `trailArn()`. */
  readonly publisherTrailArns: readonly string[];
  /** Vectra's AWS account, 12 digits, from the Vectra UI: it may subscribe. */
  readonly subscriberAccountId: string;
  /**
   * Key that encrypts the notifications. A customer key whose policy lets CloudTrail in (`LogKey` with
   * `topicPublisher`): the policy of the AWS-managed SNS key cannot be changed to allow it.
   */
  readonly kmsKeyArn: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * The topic on which CloudTrail announces new log files and to which Vectra subscribes from its own account.
 *
 * @throws Error for a name, account or ARN that AWS would refuse.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export class NotificationTopic extends Construct {
  readonly topicArn: string;
  readonly topicName: string;
  /** A trail in the same stack depends on it: CloudTrail tries to publish when the trail is made. */
  readonly policy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, props: NotificationTopicProps) {
    super(scope, id);
    this.check(props);

    const topic = this.createTopic(props);
    this.topicArn = topic.arn;
    this.topicName = topic.name;
    this.policy = this.createPolicy(props);
  }

  protected createTopic(props: NotificationTopicProps): SnsTopic {
    return addressed(new SnsTopic(this, "topic", { name: props.topicName, kmsMasterKeyId: props.kmsKeyArn }));
  }

  protected createPolicy(props: NotificationTopicProps): SnsTopicPolicy {
    return addressed(
      new SnsTopicPolicy(this, "policy", {
        arn: this.topicArn,
        policy: policyDocument([
          denyInsecureTransport(this.topicArn),
          cloudTrailPublishes(this.topicArn, props.publisherTrailArns),
          vectraSubscribes(
            this.topicArn,
            accountRootArn({ partition: props.partition ?? "aws", accountId: props.subscriberAccountId }),
          ),
        ]),
      }),
    );
  }

  private check(props: NotificationTopicProps): void {
    enforce(this, "topicName", props.topicName, TOPIC_NAME);
    enforceEach(this, "publisherTrailArns", props.publisherTrailArns, TRAIL_ARN);
    enforceSome(this, "publisherTrailArns", props.publisherTrailArns, "Name the trails that may publish.");
    enforce(this, "subscriberAccountId", props.subscriberAccountId, ACCOUNT_ID);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "partition", props.partition, PARTITION);
  }
}

/** The actions are named because SNS refuses `sns:*` in a topic policy ("action out of service scope"). */
function denyInsecureTransport(topicArn: string): PolicyStatement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: ["sns:Publish", "sns:Subscribe"],
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function cloudTrailPublishes(topicArn: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailPublishes",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

function vectraSubscribes(topicArn: string, account: string): PolicyStatement {
  return {
    Sid: "VectraSubscribes",
    Effect: "Allow",
    Principal: { AWS: account },
    Action: "sns:Subscribe",
    Resource: topicArn,
  };
}
