import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  BRAIN_ENDPOINTS,
  BRAIN_ENDPOINTS_SOURCE,
  BrainEgress,
  type BrainEgressProps,
  type BrainRegion,
} from "../../../constructs/network/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";

function synth(props: Partial<BrainEgressProps> = {}): Template {
  return synthTemplate((stack) => {
    new BrainEgress(stack, "brain-egress", { name: "vectra-brain", regions: ["eu"], ...props });
  });
}

describe("BrainEgress", () => {
  it("lists the addresses of the chosen regions, and nothing else by default", () => {
    const template = synth();
    const description = "authgateway.ew1.public.app.prod.vectra-svc.ai";
    expect(template.resource("aws_ec2_managed_prefix_list")).toEqual({
      name: "vectra-brain",
      address_family: "IPv4",
      max_entries: 3,
      entry: [
        { cidr: "54.171.40.108/32", description },
        { cidr: "54.246.213.148/32", description },
        { cidr: "54.75.47.147/32", description },
      ],
    });
    expect(template.resourceCounts()).toEqual({ aws_ec2_managed_prefix_list: 1 });
  });

  it("lets security groups out on 443, each under its own id", () => {
    const template = synthTemplate((stack) => {
      new BrainEgress(stack, "brain-egress", {
        name: "vectra-brain",
        regions: ["eu"],
        securityGroupIds: ["sg-0123456789abcdef0", variable(stack, "group")],
      });
    });
    const rule = {
      description: "Vectra Brain to Vectra",
      prefix_list_id: "${aws_ec2_managed_prefix_list.brain-egress_prefix-list.id}",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    };
    expect(template.resources("aws_vpc_security_group_egress_rule")).toEqual([
      {
        name: "brain-egress_egress-1",
        attributes: { ...rule, security_group_id: "${var.group}" },
      },
      {
        name: "brain-egress_egress-sg-0123456789abcdef0",
        attributes: { ...rule, security_group_id: "sg-0123456789abcdef0" },
      },
    ]);
  });

  it("passes TLS to the hosts, by rules that keep their numbers and drop nobody else's traffic", () => {
    const template = synth({ regions: ["au", "us"], networkFirewall: {} });
    expect(template.resource("aws_networkfirewall_rule_group")).toEqual({
      name: "vectra-brain",
      description: "Vectra Brain to Vectra",
      type: "STATEFUL",
      capacity: 20,
      rule_group: {
        rules_source: {
          rules_string: [
            'pass tls $HOME_NET any -> any 443 (msg:"Vectra Brain to authgateway.uw2.public.app.prod.vectra-svc.ai"; tls.sni; content:"authgateway.uw2.public.app.prod.vectra-svc.ai"; startswith; endswith; nocase; flow:to_server, established; sid:1; rev:1;)',
            'pass tls $HOME_NET any -> any 443 (msg:"Vectra Brain to authgateway.as2.public.app.prod.vectra-svc.ai"; tls.sni; content:"authgateway.as2.public.app.prod.vectra-svc.ai"; startswith; endswith; nocase; flow:to_server, established; sid:5; rev:1;)',
          ].join("\n"),
        },
        stateful_rule_options: { rule_order: "STRICT_ORDER" },
      },
    });
  });

  it("takes another order and capacity, and tells what others refer to", () => {
    const template = synthTemplate((stack) => {
      const egress = new BrainEgress(stack, "brain-egress", {
        name: "vectra-brain",
        regions: ["ch"],
        networkFirewall: { ruleOrder: "DEFAULT_ACTION_ORDER", capacity: 50 },
      });
      new TerraformOutput(stack, "all", {
        value: `${egress.prefixListId} ${egress.prefixListArn} ${egress.ruleGroupArn}`,
      });
    });
    expect(template.resource("aws_networkfirewall_rule_group")).toMatchObject({
      capacity: 50,
      rule_group: { stateful_rule_options: { rule_order: "DEFAULT_ACTION_ORDER" } },
    });
    expect(template.text).toContain(
      "${aws_ec2_managed_prefix_list.brain-egress_prefix-list.id} ${aws_ec2_managed_prefix_list.brain-egress_prefix-list.arn} ${aws_networkfirewall_rule_group.brain-egress_firewall-rules.arn}",
    );
  });

  it.each<[string, Partial<BrainEgressProps>, RegExp]>([
    [
      "a region that is not in Vectra's table",
      { regions: ["eu", "mars" as BrainRegion] },
      /regions\[1\] is "mars": must be one of us, eu, ch, ca, au.* Ask Vectra where/,
    ],
    ["no region", { regions: [] }, /regions is \[\]: must not be empty/],
    ["a name of AWS", { name: "com.amazonaws.x" }, /name is "com.amazonaws.x"/],
    [
      "a group's name",
      { securityGroupIds: ["brain"] },
      /securityGroupIds\[0\] is "brain".* Read the group's ID, not its name/,
    ],
    [
      "no room",
      { networkFirewall: { capacity: 1 } },
      /networkFirewall\.capacity is 1: must be a whole number of rules from 5 to 30000/,
    ],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});

describe("Vectra's table", () => {
  it("has five regions with their hosts and sixteen addresses, from a dated source", () => {
    expect(BRAIN_ENDPOINTS.map(({ region, addresses }) => [region, addresses.length])).toEqual([
      ["us", 4],
      ["eu", 3],
      ["ch", 3],
      ["ca", 3],
      ["au", 3],
    ]);
    expect(BRAIN_ENDPOINTS_SOURCE.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
