import type { Construct } from "constructs";
import { accountFor } from "../plan/accounts.js";
import { cloudTrailNames } from "../plan/names.js";
import { organizationTrailPart } from "../plan/trails.js";
import { AccountStack } from "./account-stack.js";
import { type CloudTrailProps, createTrail, lookUpLogKey } from "./trail-part.js";

/**
 * Management account, or CloudTrail's delegated administrator in its place: the organization trail. Bucket, key
 * and topic are in the log archive account, whose stack must be applied first.
 */
export class ManagementStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: CloudTrailProps) {
    const { deployment, cloudTrail } = props;
    super(scope, id, {
      deployment,
      account: accountFor(deployment, organizationTrailPart(deployment)),
      region: deployment.region,
    });
    const management = cloudTrail.organization?.managementAccountId;
    this.purpose =
      `trail ${cloudTrailNames(deployment, cloudTrail).trail} of organization ${cloudTrail.organizationId}` +
      (management === undefined ? "" : `, in management account ${management}`);

    const trail = this.at(["cloudTrail", "trail"], () =>
      createTrail(this, {
        ...props,
        accountId: this.accountId,
        trailAccountId: management,
        organization: true,
        kmsKeyArn: lookUpLogKey(this, props),
      }),
    );

    this.toDo.push({
      what:
        "Before the apply, make sure that CloudTrail has trusted access in AWS Organizations: without it an organization " +
        "trail cannot be created. The management account enables it once.",
      text: "aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com",
    });
    this.createOutput("trail_arn", trail.trailArn, "ARN of the organization trail.");
  }
}
