import type { Construct } from "constructs";
import { AccountStack } from "./account-stack.js";
import { createTrail, type TrailPartProps } from "./trail-part.js";

/**
 * Management account, or CloudTrail's delegated administrator in its place: the organization trail. Bucket, key
 * and topic are in the log archive account, whose stack must be applied first.
 */
export class ManagementStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: TrailPartProps) {
    const { deployment, cloudTrail, names } = props.plan;
    super(scope, id, { deployment, account: props.trail.account, region: deployment.region });
    const management = cloudTrail.organization?.managementAccountId;
    this.purpose =
      `trail ${names.trail} of organization ${cloudTrail.organizationId}` +
      (management === undefined ? "" : `, in management account ${management}`);

    const trail = createTrail(this, props);
    this.toDo.push({
      what:
        "Before you apply, make sure that CloudTrail has trusted access in AWS Organizations: without it an organization " +
        "trail cannot be created. The management account enables it once.",
      text: "aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com",
    });
    this.createOutput("trail_arn", trail.trailArn, "ARN of the organization trail.");
  }
}
