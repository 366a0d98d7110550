import { accountOfArn, roleArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import type { Deployment } from "../schema/deployment.js";
import { type Account, accountFor, memberAccounts } from "./accounts.js";
import { type CloudTrailNames, cloudTrailNames, type SecurityLakeNames, securityLakeNames } from "./names.js";
import { organizationTrailPart, type TrailLayout, trailLayout } from "./trails.js";

type CloudTrail = NonNullable<Deployment["cloudTrail"]>;
type SecurityLake = NonNullable<Deployment["securityLake"]>;

/**
 * What a deployment decides before there is a stack: accounts, names, ARNs, trails. It is made once, by
 * {@link planDeployment}, and every stack takes its part of it.
 */
export interface DeploymentPlan {
  readonly deployment: Deployment;
  readonly cloudTrail?: CloudTrailPlan;
  readonly securityLake?: SecurityLakePlan;
  readonly brain?: BrainPlan;
}

/** The CloudTrail half. ARNs are composed of the names, because no stack reads another's state. */
export interface CloudTrailPlan {
  readonly deployment: Deployment;
  readonly cloudTrail: CloudTrail;
  readonly vectra: NonNullable<Deployment["vectra"]>;
  /** Account of the log bucket. */
  readonly logArchive: Account;
  readonly layout: TrailLayout | undefined;
  /** The trails that this deployment creates, all under one name and in its home region. */
  readonly trails: readonly PlannedTrail[];
  readonly names: CloudTrailNames;
  readonly vectraRoleArn: string;
  /**
   * The accounts whose log files S3 announces: those that the deployment lists, or else those that have a trail of
   * their own.
   */
  readonly logAccountIds: readonly string[];
}

/** A trail that this deployment creates. */
export interface PlannedTrail {
  /** Account whose stack creates it. */
  readonly account: Account;
  /** Account in its ARN: of an organization trail the management account, whichever account creates it. */
  readonly ownerAccountId: string;
}

/** The Security Lake half. */
export interface SecurityLakePlan {
  readonly deployment: Deployment;
  readonly securityLake: SecurityLake;
  readonly account: Account;
  /** Region of the lake, where the exporter runs. */
  readonly region: string;
  readonly names: SecurityLakeNames;
}

/** The Brain's egress to Vectra. */
export interface BrainPlan {
  readonly deployment: Deployment;
  readonly brainEgress: NonNullable<Deployment["brainEgress"]>;
  readonly account: Account;
  readonly region: string;
  /** What the names of prefix list and rule group begin with. */
  readonly name: string;
}

/**
 * @param deployment as loading validated it.
 * @throws Error for a deployment that loading would have refused.
 */
export function planDeployment(deployment: Deployment): DeploymentPlan {
  const { cloudTrail, vectra, securityLake, brainEgress } = deployment;
  return {
    deployment,
    ...given({
      cloudTrail:
        cloudTrail === undefined || vectra === undefined
          ? undefined
          : planCloudTrail(deployment, cloudTrail, vectra),
      securityLake: securityLake === undefined ? undefined : planSecurityLake(deployment, securityLake),
      brain:
        brainEgress === undefined
          ? undefined
          : {
              deployment,
              brainEgress,
              account: accountFor(deployment, "brain"),
              region: brainEgress.region ?? deployment.region,
              name: `${deployment.name}-brain-egress`,
            },
    }),
  };
}

function planCloudTrail(
  deployment: Deployment,
  cloudTrail: CloudTrail,
  vectra: CloudTrailPlan["vectra"],
): CloudTrailPlan {
  const { partition } = deployment;
  const logArchive = accountFor(deployment, "logArchive");
  const names = cloudTrailNames(deployment, cloudTrail);
  const trails = plannedTrails(deployment, cloudTrail);
  const { role, trail, notification } = cloudTrail;
  const existingTrailAccount = accountOfArn(trail.existing?.arn);
  return {
    deployment,
    cloudTrail,
    vectra,
    logArchive,
    layout: trailLayout(deployment),
    trails,
    names,
    vectraRoleArn:
      role.existing?.arn ??
      roleArn({ partition, accountId: logArchive.id, path: role.create?.path, roleName: names.vectraRole }),
    logAccountIds:
      notification.s3?.logAccountIds ??
      (existingTrailAccount === undefined ? trails.map(({ account }) => account.id) : [existingTrailAccount]),
  };
}

function plannedTrails(deployment: Deployment, cloudTrail: CloudTrail): PlannedTrail[] {
  const layout = trailLayout(deployment);
  const management = layout === "organization" ? cloudTrail.organization?.managementAccountId : undefined;
  return trailAccounts(deployment, layout).map((account) => ({
    account,
    ownerAccountId: management ?? account.id,
  }));
}

function trailAccounts(deployment: Deployment, layout: TrailLayout | undefined): Account[] {
  switch (layout) {
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

function planSecurityLake(deployment: Deployment, securityLake: SecurityLake): SecurityLakePlan {
  return {
    deployment,
    securityLake,
    account: accountFor(deployment, "securityLake"),
    region: securityLake.region ?? deployment.region,
    names: securityLakeNames(deployment, securityLake),
  };
}
