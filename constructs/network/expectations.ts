import { type Expectation, matching, wholeNumber } from "../expectation.js";

/** The narrower of the patterns of prefix lists and rule groups, which share the name. */
export const PREFIX_LIST_NAME: Expectation<string> = matching(
  /^(?!com\.amazonaws)[A-Za-z0-9-]{1,128}$/,
  "a name of 1 to 128 letters, digits and -",
  "Choose another name.",
);

/** @see https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
export const CAPACITY: Expectation<number> = wholeNumber(
  5,
  30000,
  "rules",
  "Leave room for the hosts that Vectra will add; a group's capacity cannot be changed.",
);
