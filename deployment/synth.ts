import { AnnotationMetadataEntryType, App, TerraformResource } from "cdktf";
import { given } from "../facts/given.js";
import type { ExporterBundle } from "../functions/security-lake-exporter/bundle.js";
import { formatPath, type Path } from "./file/diagnostics.js";
import { createOutputFolder, type PlannedStack, recordStack } from "./output/output-folder.js";
import { refuseLostState } from "./output/state-in-danger.js";
import { type CloudTrailPlan, type DeploymentPlan, planDeployment } from "./plan/plan.js";
import { s3StateKey } from "./plan/states.js";
import type { Deployment } from "./schema/deployment.js";
import type { AccountStack, ToDo } from "./stacks/account-stack.js";
import { BrainStack } from "./stacks/brain-stack.js";
import { LogArchiveStack } from "./stacks/log-archive-stack.js";
import { ManagementStack } from "./stacks/management-stack.js";
import { MemberStack } from "./stacks/member-stack.js";
import { SecurityLakeStack } from "./stacks/security-lake-stack.js";

/** What was written for one stack. */
export interface StackSummary {
  /** Id of the stack and name of its folder in `<outdir>/stacks`. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  /** Number of resources by Terraform type, for example `{ aws_s3_bucket: 1 }`. */
  readonly resources: Readonly<Record<string, number>>;
  /** One line for a person: what the stack deploys. */
  readonly purpose: string;
  /** What a person has to do elsewhere. */
  readonly toDo: readonly ToDo[];
  /** The constructs' warnings, each beginning with its field of the deployment file where it has one. */
  readonly warnings: readonly string[];
}

/**
 * Writes the Terraform JSON of every stack.
 *
 * @param outdir folder for CDKTF's output; it is created if missing.
 * @param bundle creates the exporter function's zip, which is copied into the stack that deploys it; called only
 *   for a deployment that has an exporter.
 * @returns a summary of each stack, in the order in which they are to be applied.
 * @throws RefusedDeployment when a construct refuses what the deployment asks for, or a state would be lost.
 */
export function synthDeployment(props: {
  readonly deployment: Deployment;
  readonly outdir: string;
  readonly bundle: () => ExporterBundle;
}): StackSummary[] {
  const { deployment, outdir } = props;
  createOutputFolder(outdir);
  // Stack traces in the output would hold paths of this machine.
  const app = new App({ outdir, stackTraces: false });
  const plan = planDeployment(deployment);
  const stacks = [
    ...cloudTrailStacks(app, plan),
    ...securityLakeStacks(app, plan, props.bundle),
    ...brainStacks(app, plan),
  ];
  const planned = plannedStacks(
    deployment,
    stacks.map(({ node, accountId, region }) => ({ id: node.id, accountId, region })),
  );
  refuseLostState(deployment, outdir, planned);
  app.synth();
  for (const stack of planned) {
    recordStack(outdir, stack);
  }
  return stacks.map(summarize);
}

/**
 * A deployment's stacks as an output folder's record of them.
 *
 * @param stacks the deployment's stacks, or their summaries.
 */
export function plannedStacks(
  deployment: Deployment,
  stacks: readonly Pick<StackSummary, "id" | "accountId" | "region">[],
): PlannedStack[] {
  const { s3 } = deployment.terraform.backend;
  return stacks.map(({ id, accountId, region }) => ({
    id,
    deployment: deployment.name,
    accountId,
    region,
    ...given({
      s3State: s3 === undefined ? undefined : `${s3.bucket}/${s3StateKey(deployment.name, id, s3)}`,
    }),
  }));
}

function cloudTrailStacks(app: App, { cloudTrail }: DeploymentPlan): AccountStack[] {
  if (cloudTrail === undefined) {
    return [];
  }
  const logArchive = new LogArchiveStack(app, "log-archive", cloudTrail);
  const trails = trailStacks(app, cloudTrail, logArchive);
  logArchive.askForWhatIsMissing();
  for (const stack of trails) {
    // When a trail is created, CloudTrail checks that it may write to the bucket and publish to the topic.
    stack.addDependency(logArchive);
  }
  return [logArchive, ...trails];
}

/** The trail of a single account is in the log archive stack. */
function trailStacks(app: App, plan: CloudTrailPlan, { parts }: LogArchiveStack): AccountStack[] {
  const { layout, trails } = plan;
  if (layout === "organization") {
    return trails.map((trail) => new ManagementStack(app, "management", { plan, trail, parts }));
  }
  if (layout === "members") {
    return trails.map((trail) => new MemberStack(app, `member-${trail.account.id}`, { plan, trail, parts }));
  }
  return [];
}

function securityLakeStacks(
  app: App,
  { securityLake }: DeploymentPlan,
  bundle: () => ExporterBundle,
): AccountStack[] {
  return securityLake === undefined
    ? []
    : [new SecurityLakeStack(app, "security-lake", { plan: securityLake, bundle: bundle() })];
}

function brainStacks(app: App, { brain }: DeploymentPlan): AccountStack[] {
  return brain === undefined ? [] : [new BrainStack(app, "brain", brain)];
}

function summarize(stack: AccountStack): StackSummary {
  const resources: Record<string, number> = {};
  const warnings: string[] = [];
  for (const construct of stack.node.findAll()) {
    if (TerraformResource.isTerraformResource(construct)) {
      const type = construct.terraformResourceType;
      resources[type] = (resources[type] ?? 0) + 1;
    }
    warnings.push(
      ...construct.node.metadata
        .filter(({ type }) => type === AnnotationMetadataEntryType.WARN)
        .map(({ data }) => atField(stack.placeOf(construct), String(data))),
    );
  }
  return {
    id: stack.node.id,
    accountId: stack.accountId,
    region: stack.region,
    resources,
    purpose: stack.purpose,
    toDo: stack.toDo,
    warnings,
  };
}

/** A construct's warning begins with its own prop, which the file has below the construct's place. */
function atField(place: Path | undefined, warning: string): string {
  return place === undefined ? warning : `${formatPath(place)}.${warning}`;
}
