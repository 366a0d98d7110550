import type { Rule } from "./rule.js";

/** IAM takes a permissions boundary from the role's own account or from AWS. */
export const boundaryInLogArchive: Rule = function* ({ accounts, cloudTrail }) {
  const id = accounts?.logArchive?.id;
  const boundary = cloudTrail?.role?.create?.permissionsBoundary;
  const boundaryAccount = boundary?.split(":")[4];
  if (id !== undefined && boundaryAccount !== undefined && ![id, "aws"].includes(boundaryAccount)) {
    yield {
      path: ["cloudTrail", "role", "create", "permissionsBoundary"],
      problem: `"${boundary}" is a policy of account ${boundaryAccount}, but the role is made in ${id}`,
      allowed: `a policy of account ${id} (the log archive) or an AWS managed one`,
      remedy: "Name the policy of that account.",
    };
  }
};
