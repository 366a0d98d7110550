import {
  runSimulation,
  type SimulationOptions,
  type SingleResourceSimulationResult,
} from "@cloud-copilot/iam-simulate";

/** A policy document. */
export type Document = unknown;

/** One question to IAM. */
export interface Question {
  /** ARN of a principal, or a service principal such as `s3.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly account: string;
  /** Condition keys of the request. */
  readonly context?: Readonly<Record<string, string>>;
  /** Policies of the principal. */
  readonly identityPolicies?: readonly Document[];
  /** Policy of the resource, trust policies included. */
  readonly resourcePolicy?: Document;
}

/**
 * The evaluator drops the keys of encryption contexts, whose names are open. Under another name, in policy and
 * request alike, they are compared as IAM would.
 */
const ENCRYPTION_CONTEXT = /kms:EncryptionContext:([\w:]+)/g;
const STAND_IN = "aws:RequestTag/encryption-context:$1";

/**
 * Whether IAM allows it, in the opinion of `@cloud-copilot/iam-simulate`, which knows nothing of this project.
 * Requests come over TLS unless their context says otherwise.
 *
 * @throws Error for a policy or request that is not valid, and when a condition key of the request was ignored.
 */
export async function isAllowed(question: Question): Promise<boolean> {
  return (await evaluated(question, {})).overallResult === "Allowed";
}

/**
 * The condition on one key under which IAM would allow it, whatever the request says of that key: an answer for
 * every value at once.
 *
 * @throws Error when it would not be allowed at all, or depends on more than one condition.
 */
export async function conditionOn(
  key: string,
  question: Question,
): Promise<{ operator: string; key: string; values: string[] }> {
  const { overallResult, result } = await evaluated(question, {
    simulationMode: "Discovery",
    discoveryContextKeyConstraints: [{ keyName: key, presenceIsKnown: false, valueIsKnown: false }],
  });
  const conditions = result.analysis.conditions;
  if (overallResult !== "Allowed" || conditions?.conditionType !== "condition") {
    throw new Error(`${overallResult} under ${JSON.stringify(conditions)}`);
  }
  return { operator: conditions.op, key: conditions.key, values: conditions.values };
}

async function evaluated(
  question: Question,
  options: SimulationOptions,
): Promise<SingleResourceSimulationResult> {
  const results = await runSimulation(
    {
      request: {
        principal: question.principal,
        action: question.action,
        resource: { resource: question.resource, accountId: question.account },
        contextVariables: renamed({
          "aws:SecureTransport": "true",
          ...question.context,
        }) as Record<string, string>,
      },
      identityPolicies: (question.identityPolicies ?? []).map((policy, index) => ({
        name: `policy-${index}`,
        policy: renamed(policy),
      })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(question.resourcePolicy === undefined ? {} : { resourcePolicy: renamed(question.resourcePolicy) }),
    },
    options,
  );
  if (results.resultType !== "single") {
    throw new Error(JSON.stringify(results));
  }
  const ignored = results.result.ignoredContextKeys ?? [];
  if (ignored.length > 0) {
    throw new Error(`ignored condition keys: ${ignored.join(", ")}`);
  }
  return results;
}

function renamed(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document).replaceAll(ENCRYPTION_CONTEXT, STAND_IN));
}
