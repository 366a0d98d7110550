import { Annotations, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { providerRoleAccount } from "../../facts/checks/provider-role-account.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { enforceCheck } from "../check.js";
import { enforce } from "../expectation.js";
import { ACCOUNT_ID, PARTITION, REGION } from "../expectations.js";
import { EXTERNAL_ID, ROLE_ARN } from "../iam/expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import type { LakeTable } from "./athena/analyst-query.js";
import { EVENT_CLASS, GLUE_NAME, LAKE_EXTERNAL_ID, LAKE_LOCATION } from "./expectations.js";
import { checkLakeKey, providerEncryptsLake } from "./lake-key-policy.js";

/** A custom source of Security Lake, created here or elsewhere. */
export interface ICustomSource extends IConstruct {
  /** `s3://<lake bucket>/ext/<source>/`. */
  readonly location: string;
  /** Role that Security Lake created for the writer. */
  readonly providerRoleArn: string;
  /** External ID that the writer presents. */
  readonly externalId: string;
  /** Region of the lake, if known. */
  readonly region: string | undefined;
  /** The source's one event class, if known. */
  readonly eventClass: string | undefined;
  /** The source's table in the Glue catalog, if known. */
  readonly table: LakeTable | undefined;
  /** Statements that the policy of the lake's customer key requires; empty without one. */
  readonly keyStatementsToAdd: readonly PolicyStatement[];
}

/** An existing custom source. */
export interface CustomSourceAttributes {
  /** `s3://<lake bucket>/ext/<source>/`, as Security Lake reports it. */
  readonly location: string;
  /** Role that Security Lake created for the source's writer, `…/AmazonSecurityLake-Provider-<source>-<region>`. */
  readonly providerRoleArn: string;
  /** External ID that the source was created with. */
  readonly externalId: string;
  /** Account of the lake, which the provider role must belong to, 12 digits. */
  readonly accountId: string;
  /**
   * OCSF event class of the source. Security Lake's API does not report it: it is compared with the tenants' profiles
   * only if you pass it.
   *
   * @default - not known
   */
  readonly eventClass?: string | undefined;
  /**
   * The source's table in the Glue catalog, for Athena queries.
   *
   * @default - not known
   */
  readonly table?: LakeTable | undefined;
  /**
   * Customer key that encrypts the lake, in the lake's region.
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
}

/** A custom source that was created elsewhere; `CustomSource.fromCustomSourceAttributes()` returns it. */
export class ExistingCustomSource extends Construct implements ICustomSource {
  readonly location: string;
  readonly providerRoleArn: string;
  readonly externalId: string;
  readonly region: string | undefined;
  readonly eventClass: string | undefined;
  readonly table: LakeTable | undefined;
  /** The provider role's statement only: the crawler and its role belong to the source's owner. */
  readonly keyStatementsToAdd: readonly PolicyStatement[];

  constructor(scope: Construct, id: string, attributes: CustomSourceAttributes) {
    super(scope, id);
    enforceKnownStructure(this, attributes);
    enforceRequired(this, attributes, {
      accountId: true,
      externalId: true,
      location: true,
      providerRoleArn: true,
    });
    this.check(attributes);

    const { kmsKeyArn, region, partition = DEFAULT_PARTITION, providerRoleArn } = attributes;
    this.location = attributes.location;
    this.providerRoleArn = providerRoleArn;
    this.externalId = attributes.externalId;
    this.region = region;
    this.eventClass = attributes.eventClass;
    this.table = attributes.table;
    this.keyStatementsToAdd =
      kmsKeyArn === undefined || region === undefined
        ? []
        : [providerEncryptsLake({ partition, region, providerRoleArn })];
    this.warnOfShortExternalId(attributes.externalId);
  }

  private check(attributes: CustomSourceAttributes): void {
    enforce(this, "location", attributes.location, LAKE_LOCATION);
    enforce(this, "providerRoleArn", attributes.providerRoleArn, ROLE_ARN);
    // Shorter than new ones may be: Security Lake accepts it, and it cannot be changed.
    enforce(this, "externalId", attributes.externalId, EXTERNAL_ID);
    enforce(this, "accountId", attributes.accountId, ACCOUNT_ID);
    enforce(this, "eventClass", attributes.eventClass, EVENT_CLASS);
    enforce(this, "table.database", attributes.table?.database, GLUE_NAME);
    enforce(this, "table.name", attributes.table?.name, GLUE_NAME);
    enforce(this, "region", attributes.region, REGION);
    enforce(this, "partition", attributes.partition, PARTITION);
    checkLakeKey(this, attributes);
    const { providerRoleArn, accountId, partition } = attributes;
    enforceCheck(this, providerRoleAccount, { providerRoleArn, accountId, partition });
  }

  private warnOfShortExternalId(externalId: string): void {
    if (!Token.isUnresolved(externalId) && !LAKE_EXTERNAL_ID.accepts(externalId)) {
      Annotations.of(this).addWarning(
        `externalId has only ${externalId.length} characters and can be guessed; it is all that keeps other principals of ` +
          "the provider's account from writing to the source. Use a random one of 16 or more for the next source.",
      );
    }
  }
}
