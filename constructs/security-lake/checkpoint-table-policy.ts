import type { PolicyStatement } from "../iam/policy.js";

/**
 * Exactly the calls of `functions/security-lake-exporter/state/dynamodb-table.ts`. IAM checks the parts of a transaction
 * as if each were a call of its own.
 */
export function keepCheckpoints(tableArn: string): PolicyStatement {
  return {
    Sid: "KeepCheckpoints",
    Effect: "Allow",
    Action: [
      "dynamodb:BatchGetItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ],
    Resource: tableArn,
  };
}
