import { OMITTED } from "../../facts/checks/check.js";
import { tenantsShareClass as check } from "../../facts/checks/tenants-share-class.js";
import { at, fromCheck } from "./from-check.js";
import { tenantsOf } from "./places.js";

/** The profiles of the exporter's tenants. */
export const tenantsShareClass = fromCheck(check, (deployment) => [
  {
    profiles: tenantsOf(deployment, (index) =>
      at(deployment, "securityLake", "exporter", "tenants", index, "profile"),
    ),
    // A new source gets the class of its tenants, and Security Lake does not report that of an existing one.
    sourceEventClass: { value: OMITTED, path: ["securityLake", "customSource"] },
  },
]);
