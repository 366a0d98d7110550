import { PREFIX_LIST_NAME } from "../patterns.js";
import type { Options } from "./option.js";

/** A Brain's way out to Vectra. */
export const BRAIN_EGRESS_OPTIONS = {
  name: { kind: "text", pattern: PREFIX_LIST_NAME, required: true },
} as const satisfies Options;

/** @see https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
export const NETWORK_FIREWALL_OPTIONS = {
  ruleOrder: {
    kind: "choice",
    values: ["DEFAULT_ACTION_ORDER", "STRICT_ORDER"],
    default: "STRICT_ORDER",
  },
  /** Room for hosts that Vectra will add: a group's capacity cannot be changed. */
  capacity: { kind: "number", unit: "rules", min: 5, max: 30_000, default: 20 },
} as const satisfies Options;
