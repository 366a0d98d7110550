import type { Construct } from "constructs";
import { BrainEgress } from "../../constructs/network/index.js";
import { accountFor } from "../plan/accounts.js";
import type { Deployment } from "../schema/deployment.js";
import { AccountStack } from "./account-stack.js";

interface BrainStackProps {
  readonly deployment: Deployment;
  readonly brainEgress: NonNullable<Deployment["brainEgress"]>;
}

/** Account of the Brain's network, for the Quadrant UX only: its way out to Vectra on TCP 443. */
export class BrainStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, { deployment, brainEgress }: BrainStackProps) {
    const account = accountFor(deployment, "brain");
    super(scope, id, { deployment, account, region: brainEgress.region ?? deployment.region });
    const { dataSourceRegions, securityGroupIds, networkFirewall } = brainEgress;
    this.purpose = `way out for the Brain to Vectra's ${dataSourceRegions.join(", ")}`;

    const egress = this.at(
      ["brainEgress"],
      () =>
        new BrainEgress(this, "brain-egress", {
          name: `${deployment.name}-brain-egress`,
          regions: dataSourceRegions,
          securityGroupIds,
          networkFirewall,
        }),
    );

    this.createOutput(
      "brain_prefix_list_id",
      egress.prefixListId,
      "Managed prefix list of Vectra's addresses, for rules and routes of your own.",
    );
    if (egress.ruleGroupArn !== undefined) {
      this.createOutput(
        "brain_rule_group_arn",
        egress.ruleGroupArn,
        "Stateful rule group with Vectra's host names: add it to your Network Firewall policy.",
      );
    }
  }
}
