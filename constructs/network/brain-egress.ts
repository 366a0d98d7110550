import { Ec2ManagedPrefixList } from "@cdktf/provider-aws/lib/ec2-managed-prefix-list/index.js";
import { NetworkfirewallRuleGroup } from "@cdktf/provider-aws/lib/networkfirewall-rule-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import {
  BRAIN_ENDPOINTS,
  BRAIN_ENDPOINTS_SOURCE,
  type BrainEndpoint,
  type BrainRegion,
} from "../../facts/brain-endpoints.js";
import { BRAIN_EGRESS_OPTIONS, NETWORK_FIREWALL_OPTIONS } from "../../facts/options/network.js";
import { BRAIN_EGRESS_SENTENCES, NETWORK_FIREWALL_SENTENCES } from "../../facts/sentences/network.js";
import { addressed } from "../address.js";
import { enforceEach, enforceKnown, enforceOptions, enforceSome, refuse } from "../expectation.js";
import { SECURITY_GROUP_ID } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";

/** Rules by host name, for a VPC behind AWS Network Firewall. */
export interface BrainFirewallRules {
  /**
   * Order of rules in the firewall policy that the group goes into: both must be the same.
   *
   * @default "STRICT_ORDER"
   */
  readonly ruleOrder?: "STRICT_ORDER" | "DEFAULT_ACTION_ORDER" | undefined;
  /**
   * Rules that the group has room for, 5 to 30000. It can never be changed: another number replaces the group.
   *
   * @default 20
   */
  readonly capacity?: number | undefined;
}

export interface BrainEgressProps {
  /** Name of prefix list and rule group. */
  readonly name: string;
  /** Regions of your data sources, as Vectra names them. */
  readonly regions: readonly BrainRegion[];
  /**
   * Security groups that the Brain is in: each gets a rule that lets it out.
   *
   * @default - none; refer to the prefix list in rules of your own
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * Rules for AWS Network Firewall.
   *
   * @default - no rule group
   */
  readonly networkFirewall?: BrainFirewallRules | undefined;
}

/**
 * Way out for a Brain in AWS (Quadrant UX only): it must reach Vectra's `authgateway` hosts on TCP 443.
 *
 * @throws PropError for an unknown region, and for a name, security group or capacity that AWS would refuse.
 * @see https://docs.vectra.ai/deployment/cdr-for-aws
 */
export class BrainEgress extends Construct {
  readonly prefixListId: string;
  readonly prefixListArn: string;
  /** ARN of the Network Firewall rule group, if there is one. */
  readonly ruleGroupArn: string | undefined;

  constructor(scope: Construct, id: string, props: BrainEgressProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { name: true, regions: true });
    this.check(props);

    const endpoints = BRAIN_ENDPOINTS.filter(({ region }) => props.regions.includes(region));
    const prefixList = this.createPrefixList(props, endpoints);
    this.prefixListId = prefixList.id;
    this.prefixListArn = prefixList.arn;
    props.securityGroupIds?.forEach((securityGroupId, index) => {
      this.createEgressRule(securityGroupId, index);
    });
    this.ruleGroupArn =
      props.networkFirewall === undefined
        ? undefined
        : this.createRuleGroup(props.name, props.networkFirewall, endpoints).arn;
  }

  protected createPrefixList(
    props: BrainEgressProps,
    endpoints: readonly BrainEndpoint[],
  ): Ec2ManagedPrefixList {
    const entry = endpoints.flatMap(({ addresses, host }) =>
      addresses.map((address) => ({ cidr: `${address}/32`, description: host })),
    );
    return addressed(
      new Ec2ManagedPrefixList(this, "prefix-list", {
        name: props.name,
        addressFamily: "IPv4",
        // What a security group counts against its quota of rules is this number, so it is no larger than need be.
        maxEntries: entry.length,
        entry,
      }),
    );
  }

  protected createEgressRule(securityGroupId: string, index: number): VpcSecurityGroupEgressRule {
    return addressed(
      new VpcSecurityGroupEgressRule(
        this,
        // The group's own id, so that another order of the list moves no rule.
        `egress-${Token.isUnresolved(securityGroupId) ? index : securityGroupId}`,
        {
          securityGroupId,
          description: "Vectra Brain to Vectra",
          prefixListId: this.prefixListId,
          ipProtocol: "tcp",
          fromPort: BRAIN_ENDPOINTS_SOURCE.port,
          toPort: BRAIN_ENDPOINTS_SOURCE.port,
        },
      ),
    );
  }

  /**
   * Rules in Suricata's language. A domain list would be shorter, but with the action ALLOWLIST it drops
   * everybody else's TLS in the same firewall.
   */
  protected createRuleGroup(
    name: string,
    firewall: BrainFirewallRules,
    endpoints: readonly BrainEndpoint[],
  ): NetworkfirewallRuleGroup {
    return addressed(
      new NetworkfirewallRuleGroup(this, "firewall-rules", {
        name,
        description: "Vectra Brain to Vectra",
        type: "STATEFUL",
        capacity: firewall.capacity ?? NETWORK_FIREWALL_OPTIONS.capacity.default,
        ruleGroup: {
          rulesSource: { rulesString: endpoints.map(passTls).join("\n") },
          statefulRuleOptions: {
            ruleOrder: firewall.ruleOrder ?? NETWORK_FIREWALL_OPTIONS.ruleOrder.default,
          },
        },
      }),
    );
  }

  private check(props: BrainEgressProps): void {
    enforceOptions(this, "", props, BRAIN_EGRESS_OPTIONS, BRAIN_EGRESS_SENTENCES);
    enforceSome(this, "regions", props.regions, "Name the regions of your data sources.");
    enforceEach(this, "securityGroupIds", props.securityGroupIds, SECURITY_GROUP_ID);
    enforceOptions(
      this,
      "networkFirewall.",
      props.networkFirewall,
      NETWORK_FIREWALL_OPTIONS,
      NETWORK_FIREWALL_SENTENCES,
    );
    const known = BRAIN_ENDPOINTS.map(({ region }) => region);
    props.regions.forEach((region, index) => {
      enforceKnown(this, `regions[${index}]`, region, "Vectra's table has hosts and addresses by region");
      if (!known.includes(region)) {
        refuse(
          this,
          `regions[${index}]`,
          JSON.stringify(region),
          `must be one of ${known.join(", ")}, the regions of Vectra's table`,
          "Ask Vectra where your data sources are deployed.",
        );
      }
    });
  }
}

function passTls({ region, host }: BrainEndpoint): string {
  // A rule keeps its number when other regions are added.
  const sid = BRAIN_ENDPOINTS.findIndex((endpoint) => endpoint.region === region) + 1;
  const { port } = BRAIN_ENDPOINTS_SOURCE;
  return `pass tls $HOME_NET any -> any ${port} (msg:"Vectra Brain to ${host}"; tls.sni; content:"${host}"; startswith; endswith; nocase; flow:to_server, established; sid:${sid}; rev:1;)`;
}
