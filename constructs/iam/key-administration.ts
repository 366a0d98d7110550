import { accountOfArn } from "../../facts/arn.js";
import { holdsToken } from "../terraform-text.js";
import type { PolicyPrincipal, PolicyStatement } from "./policy.js";

const PUT_KEY_POLICY = "kms:PutKeyPolicy";

/** What to say of a policy that no principal may change. */
export const LOCKED_KEY_POLICY = {
  problem:
    "allows no principal to change the key's policy (kms:PutKeyPolicy), and KMS refuses to store such a policy",
  remedy:
    "List every statement of the policy, including the administrators'. If there is none, add one that allows kms:* or kms:Put* to the account's root or to a role.",
};

/** Conditions of calls that a service makes for its caller, which changing a key's policy never is. */
const NEVER_MET = /^kms:(?:ViaService|GrantIsForAWSResource|EncryptionContext\b.*)$/i;

/**
 * Whether some principal of an AWS account may change a key's policy: KMS refuses to store one after which none may.
 *
 * What IAM policies allow is not looked at, so a statement for the account's root counts. A condition of an Allow
 * counts as met, unless a call that changes the policy can never meet it; a condition of a Deny counts as not met.
 * Both are on the side of the owner, who may know more than the policy says.
 *
 * @param keyArn ARN of the key; statements about other resources do not count.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function keyPolicyCanBeChanged(statements: readonly PolicyStatement[], keyArn: string): boolean {
  const about = statements.filter((statement) => isAboutPutKeyPolicy(statement, keyArn));
  const denials = about.filter(
    ({ Effect, Condition }) => Effect === "Deny" && Object.keys(Condition ?? {}).length === 0,
  );
  return about
    .filter(({ Effect, Condition }) => Effect === "Allow" && canBeMet(Condition))
    .flatMap(principalsOf)
    .some((principal) => !denials.some((denial) => isDenied(principal, denial)));
}

function isAboutPutKeyPolicy(
  { Action, NotAction, Resource, NotResource }: PolicyStatement,
  keyArn: string,
): boolean {
  const action =
    Action === undefined
      ? NotAction !== undefined && !matchesSome(NotAction, PUT_KEY_POLICY)
      : matchesSome(Action, PUT_KEY_POLICY);
  const resource =
    Resource === undefined ? !matchesSome(NotResource ?? [], keyArn) : matchesSome(Resource, keyArn);
  return action && resource;
}

function canBeMet(condition: PolicyStatement["Condition"] = {}): boolean {
  return !Object.entries(condition)
    .filter(([operator]) => !/IfExists$|^Null$|^ForAllValues:|Not/.test(operator))
    .some(([, keys]) => Object.keys(keys).some((key) => NEVER_MET.test(key)));
}

/** Accounts, roles and users that a statement names, accounts by their root's ARN; everybody as `*`. */
function principalsOf({ Principal, NotPrincipal }: PolicyStatement): string[] {
  return NotPrincipal === undefined ? namesIn(Principal) : ["*"];
}

function namesIn(principals: PolicyPrincipal | undefined): string[] {
  if (principals === undefined || principals === "*") {
    return principals === undefined ? [] : ["*"];
  }
  return [principals.AWS ?? []]
    .flat()
    .map((name) => (/^\d{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name));
}

function isDenied(principal: string, { Principal, NotPrincipal }: PolicyStatement): boolean {
  if (NotPrincipal !== undefined) {
    const spared = namesIn(NotPrincipal);
    return principal !== "*" && !spared.includes(principal) && !spared.includes("*");
  }
  return namesIn(Principal).some(
    (denied) =>
      denied === "*" ||
      denied === principal ||
      (/:root$/.test(denied) && accountOfArn(denied) === accountOfArn(principal)),
  );
}

/** IAM's wildcards; actions know no case, and an ARN in another case names nothing anyway. */
function matchesSome(patterns: string | readonly string[], value: string): boolean {
  return [patterns].flat().some((pattern) => {
    if (holdsToken(pattern) || holdsToken(value)) {
      return true;
    }
    const escaped = pattern.replace(/[\\^$.+()|[\]{}]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "is").test(value);
  });
}
