import { tenantsDiffer as check } from "../../facts/checks/tenants-differ.js";
import { at, fromCheck } from "./from-check.js";
import { tenantsOf } from "./places.js";

const TENANTS = ["securityLake", "exporter", "tenants"] as const;

/** Names and addresses of the exporter's tenants. */
export const tenantsDiffer = fromCheck(check, (deployment) => [
  {
    names: tenantsOf(deployment, (index) => at(deployment, ...TENANTS, index, "name")),
    urls: tenantsOf(deployment, (index) => at(deployment, ...TENANTS, index, "url")),
  },
]);
