import { parseArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** The exporter reads secrets of its own account, in its own region. */
export const secretsBesideExporter: Constraint = function* (deployment) {
  const { region, securityLake } = deployment;
  const lakeRegion = securityLake?.region ?? region;
  const account = soundAccountFor(deployment, "securityLake")?.id;
  for (const [index, tenant] of (securityLake?.exporter?.tenants ?? []).entries()) {
    const arn = tenant?.secret?.existing?.arn;
    const { region: secretRegion, accountId: secretAccount } = parseArn(arn) ?? {};
    if (arn === undefined || lakeRegion === undefined || account === undefined) {
      continue;
    }
    if (secretRegion !== lakeRegion || secretAccount !== account) {
      yield {
        path: ["securityLake", "exporter", "tenants", index, "secret", "existing", "arn"],
        problem: `"${arn}" is a secret of account ${secretAccount} in ${secretRegion}`,
        allowed: `a secret of account ${account} in ${lakeRegion}, where the exporter runs`,
        remedy: "Name a secret there, or let one be created: secret: { create: {} }.",
      };
    }
  }
};
