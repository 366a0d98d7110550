import { eventClassOf } from "../../facts/environment.js";
import type { Constraint } from "./constraint.js";

/** Security Lake takes one event class per source, and all tenants write to one source. */
export const tenantsShareClass: Constraint = function* ({ securityLake }) {
  const tenants = securityLake?.exporter?.tenants ?? [];
  const classes = tenants.map((tenant) => eventClassOf(tenant?.profile));
  const [first] = classes;
  for (const [index, eventClass] of classes.entries()) {
    if (eventClass !== first) {
      const profile = tenants[index]?.profile;
      yield {
        path: ["securityLake", "exporter", "tenants", index, ...(profile === undefined ? [] : ["profile"])],
        problem:
          `${profile === undefined ? "is without a profile, which" : `"${profile}"`} writes ${eventClass}, but ` +
          `securityLake.exporter.tenants[0] writes ${first}, and a source holds one event class`,
        allowed: `profiles that write ${first}`,
        remedy:
          "Choose such a profile, or put the tenant into a second deployment file with a name of its own.",
      };
    }
  }
};
