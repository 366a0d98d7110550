import type { Check, CheckFinding, ValuesOf } from "../../../facts/checks/check.js";
import { known, OMITTED } from "../../../facts/checks/check.js";
import type { CHECKS } from "../../../facts/checks/index.js";

/** Values in which a check finds something, every one of them needed for it, and what it finds. */
interface Example<C> {
  readonly when: string;
  readonly values: C extends Check<infer T> ? ValuesOf<T> : never;
  readonly findings: readonly CheckFinding[];
}

/** At least one for every check. Names of values are the keys in angle brackets. */
export const EXAMPLES: { readonly [Name in keyof typeof CHECKS]: readonly Example<(typeof CHECKS)[Name]>[] } =
  {
    "expiry-after-transition": [
      {
        when: "logs expire before they move",
        values: { expireAfterDays: known(60), transitionToGlacierAfterDays: known(90) },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire (60 days) before they move to Glacier (90 days)",
            allowed: "more than <transitionToGlacierAfterDays> (90)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
      {
        when: "logs expire on the day they would move by default",
        values: { expireAfterDays: known(90), transitionToGlacierAfterDays: OMITTED },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire on the day they move to Glacier (90 days)",
            allowed: "more than <transitionToGlacierAfterDays> (90)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
      {
        when: "logs move after they expire by default",
        values: { expireAfterDays: OMITTED, transitionToGlacierAfterDays: known(400) },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire (365 days) before they move to Glacier (400 days)",
            allowed: "more than <transitionToGlacierAfterDays> (400)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
    ],
  };
