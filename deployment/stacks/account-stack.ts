import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { PropError } from "../../constructs/prop-error.js";
import { terraformText } from "../../constructs/terraform-text.js";
import { AWS_PROVIDER_VERSIONS } from "../../facts/aws-provider.js";
import { given } from "../../facts/given.js";
import type { Path } from "../file/diagnostics.js";
import type { Account } from "../plan/accounts.js";
import { localStatePath, s3StateKey } from "../plan/states.js";
import type { Deployment } from "../schema/deployment.js";
import { refusedByConstruct } from "./construct-refusal.js";

/** Something that this deployment needs and that has to be done elsewhere. */
export interface ToDo {
  /** A whole sentence. */
  readonly what: string;
  /** What belongs to it, as text of one or more lines: a policy document, a command. */
  readonly text?: string;
}

/** What a stack is before it holds anything. */
export interface AccountStackProps {
  readonly deployment: Deployment;
  readonly account: Account;
  readonly region: string;
}

/** The first version with S3's native lock file and everything else that this project relies on. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * A stack in one account and region: provider, backend and Terraform version are set up here and nowhere
 * else. No stack reads another's state: names come from the deployment, and ARNs are composed of them.
 */
export abstract class AccountStack extends TerraformStack {
  readonly accountId: string;
  readonly region: string;
  /** One line for a person: what the stack deploys. */
  abstract readonly purpose: string;
  /** What has to be done outside of this deployment, for a person. */
  readonly toDo: ToDo[] = [];
  readonly #places = new Map<IConstruct, Path>();

  constructor(scope: Construct, id: string, props: AccountStackProps) {
    super(scope, id);
    this.accountId = props.account.id;
    this.region = props.region;
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    this.createProvider(props);
    this.createBackend(props.deployment);
  }

  /** An output under exactly this name, with its texts as a person should read them. */
  createOutput(name: string, value: string, description: string): TerraformOutput {
    const output = new TerraformOutput(this, name, {
      value: terraformText(value),
      description: terraformText(description),
    });
    output.overrideLogicalId(name);
    return output;
  }

  /** Lets Terraform forget addresses without destroying anything; addresses that are not in the state are ignored. */
  protected forget(addresses: readonly string[]): void {
    if (addresses.length > 0) {
      this.addOverride(
        "removed",
        addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
      );
    }
  }

  /**
   * Creates what a mapping of the deployment file describes.
   *
   * @throws RefusedDeployment when a construct refuses it, at the mapping of the construct that refuses: what is created
   * here may grant itself something of a construct that another mapping describes, in another stack, too.
   */
  at<T>(path: Path, create: () => T): T {
    try {
      const created = create();
      if (Construct.isConstruct(created)) {
        this.#places.set(created, path);
      }
      return created;
    } catch (error) {
      if (PropError.isPropError(error)) {
        throw refusedByConstruct(this.#placeByPath(error.construct) ?? path, error);
      }
      throw error;
    }
  }

  /** Where in the deployment file a construct of the stack is described; nothing for one that is not. */
  placeOf(construct: IConstruct): Path | undefined {
    return construct.node.scopes
      .toReversed()
      .map((scope) => this.#places.get(scope))
      .find((place) => place !== undefined);
  }

  /** {@link placeOf} for a construct of any stack, by its path in the app. */
  #placeByPath(path: string): Path | undefined {
    const construct = this.node.root.node.findAll().find(({ node }) => node.path === path);
    const stack = construct === undefined ? undefined : TerraformStack.of(construct);
    return construct !== undefined && stack instanceof AccountStack ? stack.placeOf(construct) : undefined;
  }

  private createProvider({ deployment, account, region }: AccountStackProps): void {
    const { id, assumeRole } = account;
    new AwsProvider(this, "aws", {
      region,
      // Credentials of another account end the plan instead of deploying there.
      allowedAccountIds: [id],
      defaultTags: [{ tags: deployment.tags }],
      ...given({
        assumeRole:
          assumeRole === undefined
            ? undefined
            : [
                {
                  roleArn: terraformText(assumeRole.roleArn),
                  sessionName: assumeRole.sessionName ?? deployment.name,
                  ...given({ externalId: assumeRole.externalId }),
                },
              ],
      }),
    });
    // The bindings name the one version that they were generated from.
    this.addOverride(
      "terraform.required_providers.aws.version",
      deployment.terraform.providerVersion ?? AWS_PROVIDER_VERSIONS,
    );
  }

  private createBackend(deployment: Deployment): void {
    const { s3 } = deployment.terraform.backend;
    if (s3 === undefined) {
      // CDKTF's own default is an absolute path, which differs from one checkout to the next.
      new LocalBackend(this, { path: localStatePath(deployment.name, this.node.id) });
      return;
    }
    new S3Backend(this, {
      bucket: s3.bucket,
      key: s3StateKey(deployment.name, this.node.id, s3),
      region: s3.region,
      encrypt: true,
      ...given({
        kmsKeyId: s3.kmsKeyId,
        assumeRole: s3.roleArn === undefined ? undefined : { roleArn: terraformText(s3.roleArn) },
      }),
    });
    // CDKTF's S3Backend does not know S3's own lock file.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
