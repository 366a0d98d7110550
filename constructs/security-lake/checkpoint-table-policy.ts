import type { PolicyStatement } from "../iam/policy.js";

/** Exactly the calls of `functions/security-lake-exporter/state/dynamodb-table.ts`. */
export function keepCheckpoints(tableArn: string): PolicyStatement {
  return {
    Sid: "KeepCheckpoints",
    Effect: "Allow",
    Action: ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    Resource: tableArn,
  };
}
