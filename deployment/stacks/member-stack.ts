import type { Construct } from "constructs";
import type { Account } from "../plan/accounts.js";
import { cloudTrailNames } from "../plan/names.js";
import { AccountStack } from "./account-stack.js";
import { type CloudTrailProps, createTrail, lookUpLogKey } from "./trail-part.js";

interface MemberStackProps extends CloudTrailProps {
  readonly account: Account;
}

/**
 * Member account of an organization without an organization trail: the account's own trail, into the one
 * bucket of the log archive account.
 */
export class MemberStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: MemberStackProps) {
    const { deployment, cloudTrail, account } = props;
    super(scope, id, { deployment, account, region: deployment.region });
    this.purpose = `trail ${cloudTrailNames(deployment, cloudTrail).trail} of the account`;

    const trail = this.at(["cloudTrail", "trail"], () =>
      createTrail(this, {
        ...props,
        accountId: this.accountId,
        organization: false,
        kmsKeyArn: lookUpLogKey(this, props),
      }),
    );

    this.createOutput("trail_arn", trail.trailArn, "ARN of the account's trail.");
  }
}
