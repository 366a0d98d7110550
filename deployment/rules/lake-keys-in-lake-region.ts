import type { Rule } from "./rule.js";

/** Secrets Manager decrypts with keys of its own region only; the function and its secrets are in the lake's. */
export const lakeKeysInLakeRegion: Rule = function* ({ region, securityLake }) {
  const lakeRegion = securityLake?.region ?? region;
  const keys = (securityLake?.exporter?.tenants ?? []).map((tenant, index) => ({
    path: ["securityLake", "exporter", "tenants", index, "secret", "existing", "kmsKeyArn"],
    arn: tenant?.secret?.existing?.kmsKeyArn,
    what: "the secret",
  }));
  for (const { path, arn, what } of keys) {
    const keyRegion = arn?.split(":")[3];
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
