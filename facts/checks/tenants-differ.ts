import { type Check, type CheckFinding, given } from "./check.js";

/** Two tenants of one name would share a checkpoint; one tenant under two names would be exported twice. */
export const tenantsDiffer: Check<{ names: readonly string[]; urls: readonly string[] }> = (values, name) =>
  (["names", "urls"] as const).flatMap((key) => {
    const spellings = values[key].map((value) => given(value)?.toLowerCase().replace(/\/$/, ""));
    return spellings.flatMap((spelling, index): CheckFinding<"names" | "urls">[] => {
      const first = spellings.indexOf(spelling);
      return spelling === undefined || first === index
        ? []
        : [
            {
              key,
              index,
              problem:
                key === "names"
                  ? `must differ from ${name(key, first)}: tenants with one name would share a checkpoint`
                  : `must differ from ${name(key, first)}: the tenant would be exported twice`,
              remedy: key === "names" ? "Give each tenant its own name." : "Remove one of the two tenants.",
            },
          ];
    });
  });
