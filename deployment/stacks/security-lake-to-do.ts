import type { KeyStatementToAdd } from "../../constructs/security-lake/index.js";
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
