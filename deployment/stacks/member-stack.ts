import type { Construct } from "constructs";
import { AccountStack } from "./account-stack.js";
import { createTrail, type TrailPartProps } from "./trail-part.js";

/**
 * Member account of an organization without an organization trail: the account's own trail, into the one
 * bucket of the log archive account.
 */
export class MemberStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: TrailPartProps) {
    const { deployment, names } = props.plan;
    super(scope, id, { deployment, account: props.trail.account, region: deployment.region });
    this.purpose = `trail ${names.trail} of the account`;

    const trail = createTrail(this, props);
    this.createOutput("trail_arn", trail.trailArn, "ARN of the account's trail.");
  }
}
