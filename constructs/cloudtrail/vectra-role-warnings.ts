import { Token } from "cdktf";
import type { PolicyStatement } from "../iam/policy.js";
import { actionsBeyondReading } from "../iam/reading-actions.js";
import type { LogAccess } from "./vectra-role-policy.js";

/**
 * One warning for each statement that allows Vectra more than the logs, or more than reading. They are Vectra's to
 * choose and the customer's to judge, so none is refused.
 */
export function warningsOfStatements(
  statements: readonly PolicyStatement[],
  place: Pick<LogAccess, "bucketArn" | "kmsKeyArn">,
): string[] {
  const beyondLogs = new Set(statementsBeyondLogs(statements, place));
  return statements.flatMap((statement, index) => {
    const actions = actionsBeyondReading(statement);
    const excess = [
      ...(beyondLogs.has(statement) ? ["the logs"] : []),
      ...(actions.length === 0 ? [] : [`reading (${actions.join(", ")})`]),
    ];
    return excess.length === 0
      ? []
      : [
          `policyStatements[${index}] allows Vectra more than ${excess.join(" and more than ")}: ${JSON.stringify(statement)}. ` +
            "Keep it only if the Vectra console shows it.",
        ];
  });
}

/** Props that shape the default policy alone. */
interface DefaultPolicyProps {
  readonly iamContext?: boolean | undefined;
  readonly listLogsOnly?: boolean | undefined;
  readonly readDigests?: boolean | undefined;
  readonly readInsights?: boolean | undefined;
}

/** One warning for each prop that asks something of the default policy, where statements replace it. */
export function warningsOfUnusedProps({
  iamContext,
  listLogsOnly,
  readDigests,
  readInsights,
}: DefaultPolicyProps): string[] {
  const unused = [
    ...(iamContext === false ? ["iamContext"] : []),
    ...(listLogsOnly === true ? ["listLogsOnly"] : []),
    ...(readDigests === true ? ["readDigests"] : []),
    ...(readInsights === true ? ["readInsights"] : []),
  ];
  return unused.map(
    (prop) =>
      `${prop} has no effect: policyStatements replaces the default policy. Remove ${prop}, or change the statements instead.`,
  );
}

/** The context is for reading identities and accounts, of any resource. */
const CONTEXT_ACTION = /^(iam|organizations):(Get|List|Describe)[A-Za-z]*\*?$/;

/** A bucket or something in it, without wildcards in its name. */
const IN_A_BUCKET = /^(arn:[\w-]+:s3:::[^/*?]+)(\/.*)?$/;

/**
 * Statements that allow more than the log bucket, its key and the context of identities. Where the bucket or
 * the key is not known yet, any one bucket and any one key are taken for it.
 */
function statementsBeyondLogs(
  statements: readonly PolicyStatement[],
  { bucketArn, kmsKeyArn }: Pick<LogAccess, "bucketArn" | "kmsKeyArn">,
): PolicyStatement[] {
  const resources = statements.flatMap(({ Resource = [] }) => [Resource].flat());
  const buckets = new Set(resources.flatMap((resource) => IN_A_BUCKET.exec(resource)?.[1] ?? []));
  const onlyBucket = Token.isUnresolved(bucketArn) && buckets.size === 1 ? [...buckets][0] : bucketArn;
  const isLogs = (resource: string) =>
    Token.isUnresolved(resource) ||
    IN_A_BUCKET.exec(resource)?.[1] === onlyBucket ||
    resource === kmsKeyArn ||
    (Token.isUnresolved(kmsKeyArn) && /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[^*?]+$/.test(resource));
  return statements.filter(({ Effect, Action, Resource }) => {
    if (Effect === "Deny") {
      return false;
    }
    if (Action === undefined || Resource === undefined) {
      return true;
    }
    return !(
      [Action].flat().every((action) => CONTEXT_ACTION.test(action)) || [Resource].flat().every(isLogs)
    );
  });
}
