import { keyPolicyCanBeChanged, LOCKED_KEY_POLICY } from "../../constructs/iam/key-administration.js";
import type { PolicyStatement } from "../../constructs/iam/policy.js";
import type { Constraint } from "./constraint.js";

/** KMS refuses a key policy after which nobody may change it. */
export const ownedKeyCanBeChanged: Constraint = function* ({ cloudTrail }) {
  const { arn, policy, currentStatements = [] } = cloudTrail?.logKey?.existing ?? {};
  if (policy !== "own" || arn === undefined || currentStatements.length === 0) {
    return;
  }
  const statements = currentStatements.filter(
    (statement) => statement?.Effect !== undefined,
  ) as unknown as readonly PolicyStatement[];
  // A statement with a mistake in it may be the very one.
  if (statements.length === currentStatements.length && !keyPolicyCanBeChanged(statements, arn)) {
    yield {
      path: ["cloudTrail", "logKey", "existing", "currentStatements"],
      ...LOCKED_KEY_POLICY,
    };
  }
};
