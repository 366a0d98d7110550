import { parseArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** The log archive's stack manages one account and region; it cannot own a policy elsewhere. */
export const ownedPoliciesInReach: Constraint = function* (deployment) {
  const { region, cloudTrail } = deployment;
  const account = soundAccountFor(deployment, "logArchive")?.id;
  for (const part of ["logKey", "topic"] as const) {
    const { policy, arn } = cloudTrail?.[part]?.existing ?? {};
    const { region: arnRegion, accountId: arnAccount } = parseArn(arn) ?? {};
    if (policy !== "own" || arn === undefined || region === undefined || account === undefined) {
      continue;
    }
    if (arnRegion !== region || arnAccount !== account) {
      yield {
        path: ["cloudTrail", part, "existing", "policy"],
        problem: `own is not possible here: "${arn}" is in account ${arnAccount}, ${arnRegion}`,
        allowed: `own in account ${account} (the log archive) and ${region}; print and refuse everywhere`,
        remedy: "Set policy: print, and have the owner add the statements.",
      };
    }
  }
};
