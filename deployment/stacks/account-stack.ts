import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type DeploymentNames, deploymentNames } from "../names.js";
import type { Deployment } from "../schema.js";

export interface AccountStackProps {
  readonly deployment: Deployment;
}

/** What makes one stack differ from another before it holds anything. */
interface StackPlace {
  /** Role of the account in the deployment. */
  readonly account: keyof Deployment["accounts"];
  readonly region: string;
}

/** S3 backend with a native lock file, and everything else this project relies on. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * A stack in one account and region: provider, backend and Terraform version are set up here and nowhere
 * else. No stack reads another's state; names come from the deployment, ARNs are composed of them.
 */
export abstract class AccountStack extends TerraformStack {
  readonly accountId: string;
  readonly region: string;
  /** One line for a person: what the stack deploys. */
  abstract readonly purpose: string;
  protected readonly names: DeploymentNames;

  constructor(scope: Construct, id: string, { deployment }: AccountStackProps, place: StackPlace) {
    super(scope, id);
    this.accountId = deployment.accounts[place.account].id;
    this.region = place.region;
    this.names = deploymentNames(deployment);
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    this.createProvider(deployment, place);
    this.createBackend(deployment);
  }

  /** An output under exactly this name. */
  protected createOutput(name: string, value: string, description: string): TerraformOutput {
    const output = new TerraformOutput(this, name, { value, description });
    output.overrideLogicalId(name);
    return output;
  }

  private createProvider(deployment: Deployment, place: StackPlace): void {
    const { id, assumeRole } = deployment.accounts[place.account];
    new AwsProvider(this, "aws", {
      region: place.region,
      // Credentials of another account end the plan instead of deploying there.
      allowedAccountIds: [id],
      defaultTags: [{ tags: deployment.tags }],
      ...(assumeRole === undefined
        ? {}
        : {
            assumeRole: [
              {
                roleArn: assumeRole.roleArn,
                sessionName: assumeRole.sessionName ?? deployment.name,
                ...(assumeRole.externalId === undefined ? {} : { externalId: assumeRole.externalId }),
              },
            ],
          }),
    });
  }

  private createBackend(deployment: Deployment): void {
    const { s3 } = deployment.terraform.backend;
    if (s3 === undefined) {
      // Terraform works in cdktf.out/stacks/<stack>, and cdktf.out may be deleted at any time. CDKTF's own
      // default is an absolute path, which differs from one checkout to the next.
      new LocalBackend(this, { path: `../../../terraform.${this.node.id}.tfstate` });
      return;
    }
    new S3Backend(this, {
      bucket: s3.bucket,
      key: `${s3.keyPrefix ?? deployment.name}/${this.node.id}.tfstate`,
      region: s3.region,
      encrypt: true,
      ...(s3.kmsKeyId === undefined ? {} : { kmsKeyId: s3.kmsKeyId }),
      ...(s3.roleArn === undefined ? {} : { assumeRole: { roleArn: s3.roleArn } }),
    });
    // CDKTF's S3Backend does not know S3's own lock file.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
