import { trailArn } from "../../constructs/cloudtrail/arn.js";
import type { DeploymentInput, Sound } from "../constraints/constraint.js";
import type { Deployment } from "../schema/deployment.js";
import { type Account, accountFor, memberAccounts, soundAccountFor } from "./accounts.js";
import { cloudTrailNames } from "./names.js";

/**
 * Which trails there are: one of the organization, one in each member account, one in the log bucket's own
 * account, or one that somebody else made.
 */
export type TrailLayout = "organization" | "members" | "account" | "existing";

/** A trail that this deployment makes. */
export interface PlannedTrail {
  /** Account whose stack makes it. */
  readonly account: Account;
  /** Account in its ARN: of an organization trail the management account, whichever account makes it. */
  readonly ownerAccountId: string;
  readonly arn: string;
}

type CloudTrail = NonNullable<Deployment["cloudTrail"]>;

/** The layout, as far as an unfinished deployment says it. */
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

/** Who makes an organization trail, as far as an unfinished deployment says it. */
export function organizationTrailPart({
  cloudTrail,
}: Sound<DeploymentInput>): "management" | "cloudTrailAdministrator" {
  const { organization = {} } = cloudTrail ?? {};
  return "managementAccountId" in organization ? "cloudTrailAdministrator" : "management";
}

/** The organization's management account, as far as an unfinished deployment names it: every organization trail is its. */
export function managementAccountId(deployment: Sound<DeploymentInput>): string | undefined {
  const { cloudTrail } = deployment;
  switch (trailLayout(deployment)) {
    case "organization":
      return cloudTrail?.organization?.managementAccountId ?? soundAccountFor(deployment, "management")?.id;
    case "existing":
      return cloudTrail?.organizationId === undefined
        ? undefined
        : cloudTrail.trail?.existing?.arn?.split(":")[4];
    default:
      return undefined;
  }
}

/** The trails that a deployment makes, all under one name and in its home region. */
export function plannedTrails(deployment: Deployment, cloudTrail: CloudTrail): PlannedTrail[] {
  const { partition, region } = deployment;
  const trailName = cloudTrailNames(deployment, cloudTrail).trail;
  const management =
    trailLayout(deployment) === "organization" ? cloudTrail.organization?.managementAccountId : undefined;
  return trailAccounts(deployment).map((account) => {
    const ownerAccountId = management ?? account.id;
    const arn = trailArn({ partition, region, accountId: ownerAccountId, trailName });
    return { account, ownerAccountId, arn };
  });
}

function trailAccounts(deployment: Deployment): Account[] {
  switch (trailLayout(deployment)) {
    case "organization":
      return [accountFor(deployment, organizationTrailPart(deployment))];
    case "members":
      return memberAccounts(deployment);
    case "account":
      return [accountFor(deployment, "logArchive")];
    default:
      return [];
  }
}

/**
 * The accounts whose log files S3 announces: those that the deployment lists, or else those that have a trail
 * of their own.
 */
export function logAccountIds(deployment: Deployment, cloudTrail: CloudTrail): string[] {
  const listed = cloudTrail.notification.s3?.logAccountIds;
  if (listed !== undefined) {
    return listed;
  }
  const existing = cloudTrail.trail.existing?.arn.split(":")[4];
  return existing === undefined ? trailAccounts(deployment).map(({ id }) => id) : [existing];
}
