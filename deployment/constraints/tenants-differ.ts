import type { Constraint } from "./constraint.js";

/** Two tenants of one name share a checkpoint; one tenant under two names is exported twice. */
export const tenantsDiffer: Constraint = function* ({ securityLake }) {
  const tenants = securityLake?.exporter?.tenants ?? [];
  for (const field of ["name", "url"] as const) {
    const values = tenants.map((tenant) => tenant?.[field]?.toLowerCase().replace(/\/$/, ""));
    for (const [index, value] of values.entries()) {
      const first = values.indexOf(value);
      if (value !== undefined && first !== index) {
        yield {
          path: ["securityLake", "exporter", "tenants", index, field],
          problem: `"${value}" is the ${field} of securityLake.exporter.tenants[${first}] already`,
          allowed: `a ${field} of its own for every tenant`,
          remedy: "Change one of the two or remove the doubled tenant.",
        };
      }
    }
  }
};
