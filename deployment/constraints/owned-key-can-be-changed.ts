import { keyPolicyCanBeChanged, LOCKED_KEY_POLICY } from "../../constructs/iam/key-administration.js";
import type { PolicyStatement } from "../../constructs/iam/policy.js";
import type { Constraint } from "./constraint.js";

/** KMS refuses a key policy that no one would be allowed to change. */
export const ownedKeyCanBeChanged: Constraint = function* ({ cloudTrail }) {
  const { arn, policy, currentStatements = [] } = cloudTrail?.logKey?.existing ?? {};
  if (policy !== "own" || arn === undefined || currentStatements.length === 0) {
    return;
  }
  const statements = currentStatements.filter(
    (statement) => statement?.Effect !== undefined,
  ) as unknown as readonly PolicyStatement[];
  // A statement that is wrong by itself may be the one that allows it.
  if (statements.length === currentStatements.length && !keyPolicyCanBeChanged(statements, arn)) {
    yield {
      path: ["cloudTrail", "logKey", "existing", "currentStatements"],
      ...LOCKED_KEY_POLICY,
    };
  }
};
