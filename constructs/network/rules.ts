import { matching, type Rule, wholeNumber } from "../rule.js";

/** The narrower of the rules for prefix lists and rule groups, which share the name. */
export const PREFIX_LIST_NAME: Rule<string> = matching(
  /^(?!com\.amazonaws)[A-Za-z0-9-]{1,128}$/,
  "a name of 1 to 128 letters, digits and -",
  "Choose another name.",
);

/** @see https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
export const CAPACITY: Rule<number> = wholeNumber(
  5,
  30000,
  "rules",
  "Leave room for the hosts that Vectra will add; a group's capacity cannot be changed.",
);
