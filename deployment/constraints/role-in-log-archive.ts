import { accountOfArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** Vectra's role lives in the account that owns the log bucket: it needs no other account's consent there. */
export const roleInLogArchive: Constraint = function* (deployment) {
  const id = soundAccountFor(deployment, "logArchive")?.id;
  const arn = deployment.cloudTrail?.role?.existing?.arn;
  const roleAccount = accountOfArn(arn);
  if (id !== undefined && roleAccount !== undefined && roleAccount !== id) {
    yield {
      path: ["cloudTrail", "role", "existing", "arn"],
      problem: `"${arn}" is a role of account ${roleAccount}, but the log bucket is in ${id}`,
      allowed: `a role of account ${id} (the log archive)`,
      remedy: "Name a role of that account, or let one be created: role: { create: {} }.",
    };
  }
};
