import { secretBesideExporter as check } from "../../facts/checks/secret-beside-exporter.js";
import { at, fromCheck } from "./from-check.js";
import { accountOf, lakeRegion, tenantsOf } from "./places.js";

/** Existing secrets of the exporter's tenants. */
export const secretBesideExporter = fromCheck(check, (deployment) => [
  {
    secretArns: tenantsOf(deployment, (index) =>
      at(deployment, "securityLake", "exporter", "tenants", index, "secret", "existing", "arn"),
    ),
    accountId: accountOf(deployment, "securityLake"),
    region: lakeRegion(deployment),
  },
]);
