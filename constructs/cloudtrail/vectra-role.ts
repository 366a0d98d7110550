import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Annotations, Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { accountOfArn, roleArn } from "../../facts/arn.js";
import { boundaryAccount } from "../../facts/checks/boundary-account.js";
import { tagKeysDiffer } from "../../facts/checks/tag-keys-differ.js";
import { vectraPrincipal } from "../../facts/checks/vectra-principal.js";
import { given } from "../../facts/given.js";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { VECTRA_ROLE_SENTENCES } from "../../facts/sentences/cloudtrail.js";
import { addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceOptions, enforceSome } from "../expectation.js";
import { ACCOUNT_ID, PARTITION } from "../expectations.js";
import {
  POLICY_ARN,
  PRINCIPAL_ARN,
  ROLE_ARN,
  ROLE_NAME,
  ROLE_PATH,
  VECTRA_EXTERNAL_ID,
} from "../iam/expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { terraformText } from "../terraform-text.js";
import { grantToVectra, statementsForVectra } from "./vectra-access.js";
import { vectraAssumesRole } from "./vectra-role-policy.js";
import type { IVectraRole, VectraConnection, VectraRoleProps } from "./vectra-role-props.js";
import { warningsOfStatements, warningsOfUnusedProps } from "./vectra-role-warnings.js";

/**
 * The role that Vectra assumes to pull log files. It is usually in the account of the log bucket, and trusts one
 * account with one External ID. It grants itself what it needs of key and topic, and of a bucket of another account.
 *
 * Vectra does not publish the actions it needs: the default policy is this project's, and `policyStatements`
 * replaces it.
 *
 * @throws PropError for a name, account, External ID, ARN or duration that AWS would refuse.
 * @see https://docs.vectra.ai/deployment/cdr-for-aws
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export class VectraRole extends Construct implements IVectraRole {
  /**
   * An existing role. With a connection it is granted what a created one would be, and `trustStatementsToAdd` and
   * `statementsToAdd` are what its own policies must hold.
   *
   * @throws PropError for an ARN that is not a role's, and for an account or External ID that AWS would refuse.
   */
  static fromVectraRoleArn(
    scope: Construct,
    id: string,
    roleArn: string,
    connection?: VectraConnection,
  ): IVectraRole {
    return new ExistingVectraRole(scope, id, roleArn, connection);
  }

  readonly roleArn: string;
  /** Nothing: the policies of a created role are complete. */
  readonly trustStatementsToAdd: readonly PolicyStatement[] = [];
  /** Nothing: the policies of a created role are complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: VectraRoleProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, {
      accountId: true,
      bucket: true,
      roleName: true,
      vectraAccountId: true,
      externalId: true,
    });
    this.check(props);

    const { accountId, path, roleName, partition = DEFAULT_PARTITION } = props;
    const composedArn = roleArn({ partition, accountId, path, roleName });
    grantToVectra(this, { accountId, roleArn: composedArn, names: { roleName, path, partition } }, props);
    const role = this.createRole(props);
    this.createPolicy(props, role);
    this.roleArn = role.arn;
    this.warnOfStatements(props);
  }

  protected createRole(props: VectraRoleProps): IamRole {
    return addressed(
      new IamRole(this, "role", {
        name: props.roleName,
        path: terraformText(props.path ?? "/"),
        description: "Vectra reads CloudTrail logs with this role",
        assumeRolePolicy: policyDocument([vectraAssumesRole(props)]),
        maxSessionDuration: props.maxSessionDuration ?? VECTRA_ROLE_OPTIONS.maxSessionDuration.default,
        ...given({
          tags: props.perimeterTags === undefined ? undefined : { ...props.perimeterTags },
          permissionsBoundary:
            props.permissionsBoundary === undefined ? undefined : terraformText(props.permissionsBoundary),
        }),
      }),
    );
  }

  protected createPolicy(props: VectraRoleProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "read-cloudtrail-logs",
        role: role.name,
        policy: policyDocument(props.policyStatements ?? statementsForVectra(this, props.accountId, props)),
      }),
    );
  }

  private check(props: VectraRoleProps): void {
    enforce(this, "roleName", props.roleName, ROLE_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforceConnection(this, props);
    enforce(this, "path", props.path, ROLE_PATH);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforceOptions(this, "", props, VECTRA_ROLE_OPTIONS, VECTRA_ROLE_SENTENCES);
    enforceCheck(this, boundaryAccount, {
      permissionsBoundary: props.permissionsBoundary,
      accountId: props.accountId,
    });
    const tags = Object.keys(props.perimeterTags ?? {});
    enforceCheck(this, tagKeysDiffer, { keys: tags }, { keys: () => "perimeterTags" });
    if (props.policyStatements !== undefined) {
      enforceSome(
        this,
        "policyStatements",
        props.policyStatements,
        "Copy the statements that the Vectra console shows, or omit it for the default policy.",
      );
    }
  }

  /** Statements of the caller's name the bucket as text, and so it is compared as text. */
  private warnOfStatements(props: VectraRoleProps): void {
    const { policyStatements, bucket, key } = props;
    if (policyStatements === undefined) {
      return;
    }
    const { bucketArn } = bucket.composed;
    for (const warning of [
      ...warningsOfUnusedProps(props),
      ...warningsOfStatements(policyStatements, { bucketArn, kmsKeyArn: key?.keyArn }),
    ]) {
      Annotations.of(this).addWarning(warning);
    }
  }
}

/** A role that this program does not create. */
class ExistingVectraRole extends Construct implements IVectraRole {
  readonly roleArn: string;
  readonly trustStatementsToAdd: readonly PolicyStatement[];
  readonly statementsToAdd: readonly PolicyStatement[];

  constructor(scope: Construct, id: string, roleArn: string, connection: VectraConnection | undefined) {
    super(scope, id);
    enforce(this, "roleArn", roleArn, ROLE_ARN);
    this.roleArn = roleArn;
    if (connection === undefined) {
      this.trustStatementsToAdd = [];
      this.statementsToAdd = [];
      return;
    }
    enforceKnownStructure(this, connection);
    enforceRequired(this, connection, { bucket: true, vectraAccountId: true, externalId: true });
    enforceConnection(this, connection);
    const accountId = accountOf(roleArn);
    grantToVectra(this, { roleArn, accountId, names: { roleArn } }, connection);
    this.trustStatementsToAdd = [vectraAssumesRole(connection)];
    const { bucketArn } = connection.bucket.composed;
    this.statementsToAdd = statementsForVectra(this, accountId, connection, bucketArn);
  }
}

function accountOf(roleArn: string): string {
  return Token.isUnresolved(roleArn)
    ? Token.asString(Fn.element(Fn.split(":", roleArn), 4))
    : (accountOfArn(roleArn) ?? "");
}

function enforceConnection(construct: Construct, connection: VectraConnection): void {
  const { vectraPrincipalArn, vectraAccountId, externalId, partition = DEFAULT_PARTITION } = connection;
  enforce(construct, "vectraAccountId", vectraAccountId, ACCOUNT_ID);
  enforce(construct, "externalId", externalId, VECTRA_EXTERNAL_ID);
  enforce(construct, "vectraPrincipalArn", vectraPrincipalArn, PRINCIPAL_ARN);
  enforce(construct, "partition", partition, PARTITION);
  enforceCheck(construct, vectraPrincipal, { vectraPrincipalArn, vectraAccountId, partition });
}
