import type { Construct } from "constructs";
import { BrainEgress } from "../../constructs/network/index.js";
import type { BrainPlan } from "../plan/plan.js";
import { AccountStack } from "./account-stack.js";

/** Account of the Brain's network, for the Quadrant UX only: egress to Vectra on TCP 443. */
export class BrainStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, plan: BrainPlan) {
    super(scope, id, plan);
    const { dataSourceRegions, securityGroupIds, networkFirewall } = plan.brainEgress;
    this.purpose = `egress from the Brain to Vectra in ${dataSourceRegions.join(", ")}`;

    const egress = this.at(
      ["brainEgress"],
      () =>
        new BrainEgress(this, "brain-egress", {
          name: plan.name,
          regions: dataSourceRegions,
          securityGroupIds,
          networkFirewall,
        }),
    );

    this.createOutput(
      "brain_prefix_list_id",
      egress.prefixListId,
      "Managed prefix list of Vectra's addresses, for your own rules and routes.",
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
