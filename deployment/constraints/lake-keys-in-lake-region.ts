import { regionOfArn } from "../../facts/arn.js";
import type { Constraint } from "./constraint.js";

/** S3 and Secrets Manager use keys of their own region only; the secrets are in the lake's. */
export const lakeKeysInLakeRegion: Constraint = function* ({ region, securityLake }) {
  const lakeRegion = securityLake?.region ?? region;
  const secretKeys = (securityLake?.exporter?.tenants ?? []).map((tenant, index) => ({
    path: ["securityLake", "exporter", "tenants", index, "secret", "existing", "kmsKeyArn"],
    arn: tenant?.secret?.existing?.kmsKeyArn,
    what: "the secret",
  }));
  const lakeKey = { path: ["securityLake", "kmsKeyArn"], arn: securityLake?.kmsKeyArn, what: "the lake" };
  for (const { path, arn, what } of [lakeKey, ...secretKeys]) {
    const keyRegion = regionOfArn(arn);
    if (lakeRegion !== undefined && keyRegion !== undefined && keyRegion !== lakeRegion) {
      yield {
        path,
        problem: `"${arn}" is a key in ${keyRegion}, but ${what} is in ${lakeRegion}`,
        allowed: `a key in ${lakeRegion}`,
        remedy: `Name the key in ${lakeRegion} that encrypts ${what}.`,
      };
    }
  }
};
