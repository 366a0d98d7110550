import type { PolicyPrincipal, PolicyStatement } from "./policy.js";

/** A principal of a policy that no longer exists. */
export interface DeletedPrincipal {
  /** Where it is, from the list of statements on: `[0, "Principal", "AWS", 1]`. */
  readonly path: readonly (string | number)[];
  /** Its unique id, for example `AROACKCEVSQ6C2EXAMPLE`. */
  readonly id: string;
}

/** What to say of one, after its id. */
export const DELETED_PRINCIPAL = {
  problem: "is the id of a role, user or group that has been deleted, and AWS refuses to store it",
  remedy: "Remove it, and the statement too if no principal is left; or name its replacement.",
};

/** Unique ids of roles, users and groups. AWS shows one where the principal of an ARN has been deleted. */
const UNIQUE_ID = /^A(?:ROA|IDA|GPA)[A-Z0-9]{6,}/;

/**
 * The principals of a policy that have been deleted. AWS shows their unique ids and refuses to store the policy
 * with them again.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function deletedPrincipals(
  statements: readonly (Partial<PolicyStatement> | undefined)[],
): DeletedPrincipal[] {
  return statements.flatMap((statement, index) =>
    (["Principal", "NotPrincipal"] as const).flatMap((element) =>
      deletedIn(statement?.[element]).map(({ path, id }) => ({ path: [index, element, ...path], id })),
    ),
  );
}

function deletedIn(principals: PolicyPrincipal | undefined): DeletedPrincipal[] {
  return typeof principals !== "object" || principals === null
    ? []
    : Object.entries(principals).flatMap(([kind, ids]) =>
        typeof ids === "string"
          ? deletedAt([kind], ids)
          : (ids ?? []).flatMap((id, index) => deletedAt([kind, index], id)),
      );
}

function deletedAt(path: readonly (string | number)[], id: unknown): DeletedPrincipal[] {
  return typeof id === "string" && UNIQUE_ID.test(id) ? [{ path, id }] : [];
}
