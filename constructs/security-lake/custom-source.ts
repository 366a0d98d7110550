import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { SecuritylakeCustomLogSource } from "@cdktf/provider-aws/lib/securitylake-custom-log-source/index.js";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsManagedPolicyArn, bucketArn, roleArn } from "../../facts/arn.js";
import { boundaryAccount } from "../../facts/checks/boundary-account.js";
import { lakeBucketRegion } from "../../facts/checks/lake-bucket-region.js";
import { sourcePrefix } from "../../facts/object-names.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { eventClassOf } from "../../facts/profiles.js";
import { addressBelow, addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceEach, refuse } from "../expectation.js";
import { ACCOUNT_ID, BUCKET_NAME, PARTITION, REGION } from "../expectations.js";
import { POLICY_ARN, ROLE_NAME, ROLE_PATH } from "../iam/expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { roleArguments } from "../iam/role-options.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import type { LakeTable } from "./athena/analyst-query.js";
import { crawlObjects, decryptLake, glueAssumesRole } from "./custom-source-policy.js";
import {
  type CustomSourceAttributes,
  ExistingCustomSource,
  type ICustomSource,
} from "./existing-custom-source.js";
import { EVENT_CLASS, LAKE_EXTERNAL_ID, SOURCE_NAME } from "./expectations.js";
import { checkLakeKey, crawlerDecryptsLake, providerEncryptsLake } from "./lake-key-policy.js";

export interface CustomSourceProps {
  /** Name of the source, at most 20 characters: `ext/<sourceName>/` in the lake. Case-sensitive. */
  readonly sourceName: string;
  /**
   * OCSF event class of the source, exactly one: Security Lake wants a source per class. It follows from the
   * tenants' profile, see `eventClassOf()`.
   *
   * @default ["SECURITY_FINDING"]
   */
  readonly eventClasses?: readonly string[] | undefined;
  /** Account that may write to the source (where the exporter runs), 12 digits. */
  readonly providerAccountId: string;
  /** External ID that the writer must present, at least 16 characters. Random, not derived from public names. */
  readonly externalId: string;
  /** Account of the lake, in which the crawler's role is created, 12 digits. */
  readonly accountId: string;
  /** Name of the role with which the Glue crawler reads the source. */
  readonly crawlerRoleName: string;
  /**
   * IAM path of the crawler's role. Choose it before the first apply: a later change would replace the source.
   *
   * @default "/"
   */
  readonly crawlerRolePath?: string | undefined;
  /**
   * ARN of the managed policy that bounds the crawler's role.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The lake's own bucket, `aws-security-data-lake-<region>-...`. An input, because Security Lake reports the
   * source's location only after it has received the crawler's role.
   */
  readonly lakeBucketName: string;
  /**
   * Customer key that encrypts the lake, in the lake's region. The crawler's role may decrypt with it, through S3;
   * `keyStatementsToAdd` are the statements that the key's own policy requires.
   *
   * @default - the lake is encrypted with a key of S3
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Region of the lake. Required with `kmsKeyArn`.
   *
   * @default - not known
   */
  readonly region?: string | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the source. Security Lake has no update, so any change of the
   * source would destroy and recreate it.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * A custom source of Amazon Security Lake with the role of its crawler. Security Lake itself creates the
 * source's prefix, its Glue table and crawler, and the role with which the provider writes.
 *
 * The data lake must exist, and is not changed.
 *
 * @throws PropError for a name, account, External ID, ARN or event class that Security Lake would refuse.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/adding-custom-sources.html
 */
export class CustomSource extends Construct implements ICustomSource {
  /**
   * An existing custom source, with its crawler and roles: nothing of it is created.
   *
   * @throws PropError for a location, ARN, External ID or event class that a custom source cannot have, and for a
   * provider role of another account.
   */
  static fromCustomSourceAttributes(
    scope: Construct,
    id: string,
    attributes: CustomSourceAttributes,
  ): ICustomSource {
    return new ExistingCustomSource(scope, id, attributes);
  }

  /**
   * Terraform addresses of everything that a new source consists of: for a `removed` block in a stack where it is named as an
   * existing one from now on. Without its crawler's role the source would stay in Security Lake, and its crawler fail.
   *
   * @param id of the source in its stack.
   */
  static createdAddresses(id: string): string[] {
    return [
      addressBelow(id, IamRole, "crawler-role"),
      addressBelow(id, IamRolePolicy, "crawler-policy"),
      addressBelow(id, IamRolePolicyAttachment, "crawler-service-policy"),
      addressBelow(id, SecuritylakeCustomLogSource, "source"),
    ];
  }

  readonly sourceName: string;
  /** `s3://<lake bucket>/ext/<source>/`, as Security Lake reports it. */
  readonly location: string;
  /** The source's one event class. */
  readonly eventClass: string;
  /** Role that Security Lake created for the writer. */
  readonly providerRoleArn: string;
  readonly externalId: string;
  readonly region: string | undefined;
  /** The source's table in the Glue catalog, as Security Lake names it; known after the apply. */
  readonly table: LakeTable;
  /** Statements for crawler and provider role; the provider role is known after the apply. */
  readonly keyStatementsToAdd: readonly PolicyStatement[];

  constructor(scope: Construct, id: string, props: CustomSourceProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, {
      accountId: true,
      externalId: true,
      sourceName: true,
      providerAccountId: true,
      crawlerRoleName: true,
      lakeBucketName: true,
    });
    this.check(props);

    this.eventClass = props.eventClasses?.[0] ?? eventClassOf();
    const crawlerRole = this.createCrawlerRole(props);
    const crawlerPermissions = [
      this.createCrawlerServicePolicy(props, crawlerRole),
      this.createCrawlerPolicy(props, crawlerRole),
    ];
    const source = this.createSource(props, crawlerRole, crawlerPermissions);

    this.sourceName = source.sourceName;
    this.location = source.providerDetails.get(0).location;
    this.providerRoleArn = source.providerDetails.get(0).roleArn;
    this.externalId = props.externalId;
    this.region = props.region;
    // The ARN of a table may or may not have its database in it, but a name is always what follows the last slash.
    const { databaseArn, tableArn } = source.attributes.get(0);
    this.table = { database: Fn.basename(databaseArn), name: Fn.basename(tableArn) };
    this.keyStatementsToAdd = this.lakeKeyStatements(props);
  }

  private lakeKeyStatements(props: CustomSourceProps): PolicyStatement[] {
    const { kmsKeyArn, region, accountId, partition = DEFAULT_PARTITION } = props;
    return kmsKeyArn === undefined || region === undefined
      ? []
      : [
          crawlerDecryptsLake({
            partition,
            region,
            accountId,
            crawlerRoleArn: roleArn({
              partition,
              accountId,
              path: props.crawlerRolePath,
              roleName: props.crawlerRoleName,
            }),
          }),
          providerEncryptsLake({ partition, region, providerRoleArn: this.providerRoleArn }),
        ];
  }

  protected createCrawlerRole(props: CustomSourceProps): IamRole {
    return addressed(
      new IamRole(this, "crawler-role", {
        name: props.crawlerRoleName,
        description: "Glue crawls the custom source with this role",
        assumeRolePolicy: policyDocument([glueAssumesRole(props.accountId)]),
        ...roleArguments({ rolePath: props.crawlerRolePath, permissionsBoundary: props.permissionsBoundary }),
      }),
    );
  }

  protected createCrawlerServicePolicy(props: CustomSourceProps, role: IamRole): IamRolePolicyAttachment {
    const partition = props.partition ?? DEFAULT_PARTITION;
    return addressed(
      new IamRolePolicyAttachment(this, "crawler-service-policy", {
        role: role.name,
        policyArn: awsManagedPolicyArn({ partition, policyName: "service-role/AWSGlueServiceRole" }),
      }),
    );
  }

  protected createCrawlerPolicy(props: CustomSourceProps, role: IamRole): IamRolePolicy {
    const partition = props.partition ?? DEFAULT_PARTITION;
    return addressed(
      new IamRolePolicy(this, "crawler-policy", {
        name: "crawl-custom-source",
        role: role.name,
        policy: policyDocument([
          crawlObjects(
            `${bucketArn({ partition, bucketName: props.lakeBucketName })}/${sourcePrefix(props.sourceName)}*`,
          ),
          ...(props.kmsKeyArn === undefined || props.region === undefined
            ? []
            : [decryptLake(props.kmsKeyArn, { partition, region: props.region })]),
        ]),
      }),
    );
  }

  protected createSource(
    props: CustomSourceProps,
    crawlerRole: IamRole,
    crawlerPermissions: ITerraformDependable[],
  ): SecuritylakeCustomLogSource {
    return addressed(
      new SecuritylakeCustomLogSource(this, "source", {
        // No source_version: Security Lake would add it to the path.
        sourceName: props.sourceName,
        eventClasses: [this.eventClass],
        configuration: [
          {
            crawlerConfiguration: [{ roleArn: crawlerRole.arn }],
            providerIdentity: [{ externalId: props.externalId, principal: props.providerAccountId }],
          },
        ],
        // The crawler runs as soon as the source exists.
        dependsOn: crawlerPermissions,
        ...dataLifecycle(props.retain),
      }),
    );
  }

  private check(props: CustomSourceProps): void {
    enforce(this, "sourceName", props.sourceName, SOURCE_NAME);
    enforceEach(this, "eventClasses", props.eventClasses, EVENT_CLASS);
    enforce(this, "providerAccountId", props.providerAccountId, ACCOUNT_ID);
    enforce(this, "externalId", props.externalId, LAKE_EXTERNAL_ID);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "crawlerRoleName", props.crawlerRoleName, ROLE_NAME);
    enforce(this, "crawlerRolePath", props.crawlerRolePath, ROLE_PATH);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforce(this, "lakeBucketName", props.lakeBucketName, BUCKET_NAME);
    enforce(this, "region", props.region, REGION);
    checkLakeKey(this, props);
    enforceCheck(
      this,
      lakeBucketRegion,
      { bucketName: props.lakeBucketName, region: props.region },
      { bucketName: "lakeBucketName" },
    );
    enforceCheck(this, boundaryAccount, {
      permissionsBoundary: props.permissionsBoundary,
      accountId: props.accountId,
    });
    enforce(this, "partition", props.partition, PARTITION);
    if (props.eventClasses !== undefined && props.eventClasses.length !== 1) {
      refuse(
        this,
        "eventClasses",
        JSON.stringify(props.eventClasses),
        "must be exactly one",
        "Create one source per event class.",
      );
    }
  }
}
