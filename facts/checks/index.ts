import type { Check } from "./check.js";
import { expiryAfterTransition } from "./expiry-after-transition.js";

/** Every check over several values, by the name of its file. A new one is one file and one line here. */
export const CHECKS = {
  "expiry-after-transition": expiryAfterTransition,
} as const satisfies Readonly<Record<string, Check<never>>>;
