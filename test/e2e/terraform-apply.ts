import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Declaration } from "./declaration.js";
import type { Account, Creator } from "./resources/creator.js";
import { table } from "./resources/dynamodb.js";
import { role, rolePolicy, rolePolicyAttachment } from "./resources/iam.js";
import { alias, key } from "./resources/kms.js";
import { eventInvokeConfig, lambdaFunction } from "./resources/lambda.js";
import { logGroup } from "./resources/logs.js";
import {
  bucket,
  bucketPolicy,
  encryption,
  lifecycle,
  notification,
  ownershipControls,
  publicAccessBlock,
  versioning,
} from "./resources/s3.js";
import { schedule, scheduleGroup } from "./resources/scheduler.js";
import { secret } from "./resources/secrets-manager.js";
import { customLogSource } from "./resources/security-lake.js";
import { topic, topicPolicy } from "./resources/sns.js";
import { queue, queuePolicy } from "./resources/sqs.js";
import { stateMachine } from "./resources/step-functions.js";
import { type Attributes, resolve, resourcesOf } from "./terraform-json.js";

/** How each resource type of the applied stacks is made. A type in neither list is an error. */
const creators: Readonly<Record<string, Creator>> = {
  aws_cloudwatch_log_group: logGroup,
  aws_dynamodb_table: table,
  aws_iam_role: role,
  aws_iam_role_policy: rolePolicy,
  aws_iam_role_policy_attachment: rolePolicyAttachment,
  aws_kms_alias: alias,
  aws_kms_key: key,
  aws_lambda_function: lambdaFunction,
  aws_lambda_function_event_invoke_config: eventInvokeConfig,
  aws_s3_bucket: bucket,
  aws_s3_bucket_lifecycle_configuration: lifecycle,
  aws_s3_bucket_notification: notification,
  aws_s3_bucket_ownership_controls: ownershipControls,
  aws_s3_bucket_policy: bucketPolicy,
  aws_s3_bucket_public_access_block: publicAccessBlock,
  aws_s3_bucket_server_side_encryption_configuration: encryption,
  aws_s3_bucket_versioning: versioning,
  aws_scheduler_schedule: schedule,
  aws_scheduler_schedule_group: scheduleGroup,
  aws_secretsmanager_secret: secret,
  aws_securitylake_custom_log_source: customLogSource,
  aws_sfn_state_machine: stateMachine,
  aws_sns_topic: topic,
  aws_sns_topic_policy: topicPolicy,
  aws_sqs_queue: queue,
  aws_sqs_queue_policy: queuePolicy,
};

/** Types that are declared and not made, with the reason. */
const notMade: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: "A picture of metrics, of which MiniStack makes none; it is off by default.",
  aws_cloudwatch_metric_alarm:
    "MiniStack makes no metrics of a function's logs, so an alarm could prove nothing; the Terraform leg makes them.",
  aws_cloudwatch_query_definition: "MiniStack does not know saved queries; they are off by default.",
};

/** A stack that has been applied. */
export interface AppliedStack {
  /** The attributes of every resource of a type, in the order in which they were made. */
  all(type: string): readonly Attributes[];
  /** The arguments of the resources of a type that is declared and not made. */
  notMade(type: string): readonly Attributes[];
  /** The attributes of the only resource of a type. @throws unless there is exactly one. */
  only(type: string): Attributes;
}

/**
 * Creates what a synthesized stack declares, in the order of its references, as `terraform apply` would.
 * It replaces Terraform, whose AWS provider may be unavailable; no resource and no argument is silently
 * omitted.
 *
 * @param folder of the stack's `cdk.tf.json`.
 * @param amend changes to single arguments, for what an emulator cannot do as declared.
 * @throws naming the resource, for what this code cannot apply and for what the emulator refuses.
 */
export async function applyStack(
  folder: string,
  account: Account,
  amend: (type: string, values: Attributes) => Attributes,
): Promise<AppliedStack> {
  const stack = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Attributes;
  const applied = new Map<string, Attributes>();
  const passedOver: { readonly type: string; readonly values: Attributes }[] = [];
  for (const { address, type, declared } of resourcesOf(stack)) {
    if (notMade[type] !== undefined) {
      passedOver.push({ type, values: resolve(declared, applied, folder) as Attributes });
      continue;
    }
    const create = creators[type];
    if (create === undefined) {
      throw new Error(
        `${address}: this test cannot create resources of type ${type}. Add a creator to terraform-apply.ts.`,
      );
    }
    try {
      const values = amend(type, resolve(declared, applied, folder) as Attributes);
      const declaration = new Declaration(address, values);
      declaration.passOver("tags", "tags decide nothing here; the Terraform leg applies them");
      const exported = await create(declaration, account);
      declaration.finish();
      applied.set(address, { ...values, ...exported });
    } catch (error) {
      throw new Error(`${address} could not be applied: ${(error as Error).message}`, { cause: error });
    }
  }
  const ofType = (type: string) => [...applied].filter(([at]) => at.startsWith(`${type}.`));
  return {
    all: (type) => ofType(type).map(([, attributes]) => attributes),
    notMade: (type) => passedOver.filter((one) => one.type === type).map(({ values }) => values),
    only(type) {
      const found = ofType(type);
      const [one, ...more] = found;
      if (one === undefined || more.length > 0) {
        throw new Error(
          `Expected exactly one ${type}, found: ${found.map(([at]) => at).join(", ") || "none"}.`,
        );
      }
      return one[1];
    },
  };
}
