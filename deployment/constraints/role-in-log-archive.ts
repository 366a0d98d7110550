import { accountOfArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** Vectra's role is in the account that owns the log bucket, where its own policy is enough. */
export const roleInLogArchive: Constraint = function* (deployment) {
  const id = soundAccountFor(deployment, "logArchive")?.id;
  const arn = deployment.cloudTrail?.role?.existing?.arn;
  const roleAccount = accountOfArn(arn);
  if (id !== undefined && roleAccount !== undefined && roleAccount !== id) {
    yield {
      path: ["cloudTrail", "role", "existing", "arn"],
      problem: `"${arn}" is a role in account ${roleAccount}, but the log bucket is in ${id}`,
      allowed: `a role in account ${id} (the log archive)`,
      remedy: "Use a role in that account, or have one created: role: { create: {} }.",
    };
  }
};
