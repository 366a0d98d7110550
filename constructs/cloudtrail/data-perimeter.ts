import type { PolicyStatement } from "../iam/policy.js";

/** What an organization's data perimeter must know about Vectra. */
export interface PerimeterExemption {
  /** Organization of the role, `o-...`, or a placeholder for it. */
  readonly organizationId: string;
  /** Vectra's AWS account, 12 digits. */
  readonly vectraAccountId: string;
  /** Tags of Vectra's role that exempt it, too. */
  readonly perimeterTags: Readonly<Record<string, string>>;
}

/**
 * An identity perimeter's Deny that lets Vectra's account assume the role: the form of AWS's examples for resource
 * control policies (RCPs), with Vectra's account and the role's tags among the exemptions. One that matches is
 * enough, because a Deny holds only if every key under `StringNotEqualsIfExists` differs.
 *
 * For a person to compare with: an organization's policies are its own.
 *
 * @see https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/resource_control_policies
 */
export function identityPerimeterWithVectra({
  organizationId,
  vectraAccountId,
  perimeterTags,
}: PerimeterExemption): PolicyStatement {
  const tags = Object.entries(perimeterTags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return {
    Sid: "EnforceOrgIdentities",
    Effect: "Deny",
    Principal: "*",
    Action: "sts:AssumeRole",
    Resource: "*",
    Condition: {
      StringNotEqualsIfExists: {
        "aws:PrincipalOrgID": organizationId,
        "aws:PrincipalAccount": [vectraAccountId],
        ...Object.fromEntries(tags),
      },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    },
  };
}
