import type { BRAIN_EGRESS_OPTIONS, NETWORK_FIREWALL_OPTIONS } from "../options/network.js";
import type { SentencesOf } from "./sentences.js";

export const BRAIN_EGRESS_SENTENCES: SentencesOf<typeof BRAIN_EGRESS_OPTIONS> = {
  name: { description: "Name of prefix list and rule group." },
};

export const NETWORK_FIREWALL_SENTENCES: SentencesOf<typeof NETWORK_FIREWALL_OPTIONS> = {
  ruleOrder: {
    description: "Rule order of your firewall policy.",
    remedy: "Use the rule order of the firewall policy that will contain the group.",
  },
  capacity: {
    description: "Capacity of the group in rules; it cannot be changed later.",
    remedy: "Leave room for the hosts that Vectra will add; a group's capacity cannot be changed.",
  },
};
