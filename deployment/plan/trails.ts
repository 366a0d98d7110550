import { accountOfArn } from "../../facts/arn.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";
import { soundAccountFor } from "./accounts.js";

/**
 * Which trails there are: one of the organization, one in each member account, one in the log bucket's own
 * account, or one that exists already.
 */
export type TrailLayout = "organization" | "members" | "account" | "existing";

/** The layout, as far as an unfinished deployment determines it. */
export function trailLayout({ accounts, cloudTrail }: Sound<DeploymentInput>): TrailLayout | undefined {
  const { create, existing } = cloudTrail?.trail ?? {};
  if (existing !== undefined) {
    return "existing";
  }
  if (create === undefined) {
    return undefined;
  }
  const named = cloudTrail !== undefined && "organizationId" in cloudTrail;
  const scope = create.scope ?? (named ? "organization" : "account");
  return scope === "account" && accounts !== undefined && "members" in accounts ? "members" : scope;
}

/** The account part that creates an organization trail, as far as an unfinished deployment determines it. */
export function organizationTrailPart({
  cloudTrail,
}: Sound<DeploymentInput>): "management" | "cloudTrailAdministrator" {
  const { organization = {} } = cloudTrail ?? {};
  return "managementAccountId" in organization ? "cloudTrailAdministrator" : "management";
}

/** The organization's management account, as far as an unfinished deployment names it. It owns every organization trail. */
export function managementAccountId(deployment: Sound<DeploymentInput>): string | undefined {
  const { cloudTrail } = deployment;
  switch (trailLayout(deployment)) {
    case "organization":
      return cloudTrail?.organization?.managementAccountId ?? soundAccountFor(deployment, "management")?.id;
    case "existing":
      return cloudTrail?.organizationId === undefined
        ? undefined
        : accountOfArn(cloudTrail.trail?.existing?.arn);
    default:
      return undefined;
  }
}
