import type { PolicyStatement } from "../../constructs/iam/policy.js";
import {
  type AlarmTopicStatements,
  eventClassOf,
  type KeyStatementToAdd,
} from "../../constructs/security-lake/index.js";
import { providerEncryptsLake } from "../../constructs/security-lake/lake-key-policy.js";
import { partitionOfArn, roleArn } from "../../facts/arn.js";
import type { Deployment } from "../schema/deployment.js";
import type { ToDo } from "./account-stack.js";

type SecurityLake = NonNullable<Deployment["securityLake"]>;

/** Account and region of the lake. */
interface LakePlace {
  readonly accountId: string;
  readonly region: string;
}

/** A key's default policy leaves everything to IAM policies; a policy that a customer wrote may not. */
const UNLESS_LEFT_TO_IAM =
  "unless that policy leaves the decision to the account's IAM policies (as AWS's default key policy does)";

/** What must be true of the lake and its custom source, and cannot be checked from here. */
export function sourceSteps(
  { accountId, region }: LakePlace,
  { customSource, exporter }: SecurityLake,
): ToDo[] {
  const eventClass = eventClassOf(exporter.tenants[0]?.profile);
  return [
    customSource.existing === undefined
      ? {
          what:
            `Before you apply, make sure that Security Lake has its lake in account ${accountId} (the organization's ` +
            `delegated administrator) and collects in ${region}, and that the principal that applies is a data lake ` +
            "administrator in Lake Formation there: Security Lake creates the source's table with its permissions.",
          text: `aws securitylake list-data-lakes --regions ${region}\naws lakeformation get-data-lake-settings --region ${region}`,
        }
      : {
          what:
            `Before you apply, make sure that the existing custom source was created for the event class ${eventClass}, with ` +
            `account ${accountId} as its provider: the exporter writes that class from that account. Security Lake's API ` +
            "does not report the event class, so it is not checked.",
        },
  ];
}

/**
 * What the owner of the lake's customer key has to add.
 *
 * @param statements what the policy must say, for the crawler (if it is ours) and last for the provider role.
 */
export function lakeKeySteps(
  { accountId, region }: LakePlace,
  { kmsKeyArn, customSource }: SecurityLake,
  sourceName: string,
  statements: readonly PolicyStatement[],
): ToDo[] {
  if (kmsKeyArn === undefined) {
    return [];
  }
  const partition = partitionOfArn(kmsKeyArn) ?? "";
  const crawler = statements.slice(0, -1);
  // Terraform learns the role's ARN at the apply; a text needs one now.
  const conventional = roleArn({
    partition,
    accountId,
    roleName: `AmazonSecurityLake-Provider-${sourceName}-${region}`,
  });
  const providerRoleArn = customSource.existing?.providerRoleArn ?? conventional;
  const provider = providerEncryptsLake({ partition, region, providerRoleArn });
  return [
    ...crawler.map((statement) => ({
      what:
        `Before you apply, add this statement to the policy of the lake's key ${kmsKeyArn}, ${UNLESS_LEFT_TO_IAM}, so ` +
        "that the source's crawler may read what the exporter writes.",
      text: JSON.stringify(statement, undefined, 2),
    })),
    {
      what:
        customSource.existing === undefined
          ? `After you apply, add this statement to the policy of the lake's key ${kmsKeyArn}, so that the exporter may ` +
            "write to the lake. Replace the role if the output lake_provider_role_arn names another one: KMS refuses a role " +
            "that does not exist."
          : `Before you apply, make sure that the policy of the lake's key ${kmsKeyArn} has this statement, so that the ` +
            "exporter may write to the lake.",
      text: JSON.stringify(provider, undefined, 2),
    },
  ];
}

/** What the owner of the exporter's customer key has to add. */
export function logGroupKeySteps(
  kmsKeyArn: string | undefined,
  statements: readonly PolicyStatement[],
): ToDo[] {
  return kmsKeyArn === undefined
    ? []
    : [
        {
          what:
            `Before you apply, add this statement to the policy of the key ${kmsKeyArn}, so that ` +
            "CloudWatch Logs may encrypt the exporter's log group with it.",
          text: JSON.stringify(statements, undefined, 2),
        },
      ];
}

/** What the owners of existing secrets' customer keys have to add. */
export function secretKeySteps(statements: readonly KeyStatementToAdd[]): ToDo[] {
  return statements.map(({ kmsKeyArn, statement }) => ({
    what:
      `Before you apply, add this statement to the policy of the key ${kmsKeyArn}, ${UNLESS_LEFT_TO_IAM}, so that the ` +
      "exporter may decrypt its client secrets.",
    text: JSON.stringify(statement, undefined, 2),
  }));
}

/** What CloudWatch needs to publish alarms to a topic that this deployment does not own. */
export function alarmTopicSteps({ topicArn, topicStatement, keyStatement }: AlarmTopicStatements): ToDo[] {
  return [
    {
      what:
        `To let CloudWatch publish the exporter's alarms to ${topicArn}, add this statement to the topic's policy. The ` +
        "default policy of a new topic already allows it within the account.",
      text: JSON.stringify(topicStatement, undefined, 2),
    },
    {
      what:
        `If ${topicArn} is encrypted, use a customer key and add this statement to the key's policy. The AWS-managed ` +
        "key alias/aws/sns cannot be used: its policy does not allow CloudWatch and cannot be changed.",
      text: JSON.stringify(keyStatement, undefined, 2),
    },
  ];
}
