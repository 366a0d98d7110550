import type { AlarmTopicStatements, KeyStatementToAdd } from "../../constructs/security-lake/index.js";
import type { ToDo } from "./account-stack.js";

/** A key's default policy leaves everything to IAM policies; a policy that an organization wrote may not. */
const UNLESS_LEFT_TO_IAM =
  "unless that policy leaves the decision to the account's IAM policies (as AWS's default key policy does)";

/** What the owners of existing secrets' customer keys are asked for. */
export function secretKeySteps(statements: readonly KeyStatementToAdd[]): ToDo[] {
  return statements.map(({ kmsKeyArn, statement }) => ({
    what:
      `Before the apply, add this statement to the policy of the key ${kmsKeyArn}, ${UNLESS_LEFT_TO_IAM}, so that the ` +
      "exporter may decrypt its client secrets.",
    text: JSON.stringify(statement, undefined, 2),
  }));
}

/** What CloudWatch needs to publish alarms to a topic, which this deployment does not own. */
export function alarmTopicSteps({ topicArn, topicStatement, keyStatement }: AlarmTopicStatements): ToDo[] {
  return [
    {
      what:
        `Let CloudWatch publish the exporter's alarms to ${topicArn}: add this statement to the topic's policy. The ` +
        "policy that SNS gives a new topic allows it already, within the account.",
      text: JSON.stringify(topicStatement, undefined, 2),
    },
    {
      what:
        `If ${topicArn} is encrypted, use a customer key and add this statement to the key's policy. The AWS-managed ` +
        "key alias/aws/sns cannot be used: its policy does not let CloudWatch in, and cannot be changed.",
      text: JSON.stringify(keyStatement, undefined, 2),
    },
  ];
}
