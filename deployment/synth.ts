import { mkdirSync } from "node:fs";
import { App, TerraformResource } from "cdktf";
import type { ExporterBundle } from "../functions/security-lake-exporter/bundle.js";
import type { Deployment } from "./schema.js";
import type { AccountStack } from "./stacks/account-stack.js";
import { LogArchiveStack } from "./stacks/log-archive-stack.js";
import { ManagementStack } from "./stacks/management-stack.js";
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
}

/**
 * Writes the Terraform JSON of every stack.
 *
 * @param outdir folder for CDKTF's output; it is made if missing.
 * @param bundle the exporter function's zip, which is copied into the stack that deploys it.
 * @returns a summary of each stack, in the order in which they are to be applied.
 */
export function synthDeployment(props: {
  readonly deployment: Deployment;
  readonly outdir: string;
  readonly bundle: ExporterBundle;
}): StackSummary[] {
  const { deployment, outdir, bundle } = props;
  mkdirSync(outdir, { recursive: true });
  // Stack traces in the output would hold paths of this machine.
  const app = new App({ outdir, stackTraces: false });
  const logArchive = new LogArchiveStack(app, "log-archive", { deployment });
  const management = new ManagementStack(app, "management", { deployment });
  const securityLake = new SecurityLakeStack(app, "security-lake", { deployment, bundle });
  // CloudTrail checks when a trail is made that it may write to the bucket and publish to the topic.
  management.addDependency(logArchive);
  app.synth();
  return [logArchive, management, securityLake].map(summarize);
}

function summarize(stack: AccountStack): StackSummary {
  const resources: Record<string, number> = {};
  for (const construct of stack.node.findAll()) {
    if (TerraformResource.isTerraformResource(construct)) {
      const type = construct.terraformResourceType;
      resources[type] = (resources[type] ?? 0) + 1;
    }
  }
  return {
    id: stack.node.id,
    accountId: stack.accountId,
    region: stack.region,
    resources,
    purpose: stack.purpose,
  };
}
