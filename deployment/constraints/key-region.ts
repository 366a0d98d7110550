import { keyRegion as check } from "../../facts/checks/key-region.js";
import { at, fromCheck } from "./from-check.js";
import { lakeRegion, logBucketRegion, tenantsOf } from "./places.js";

/** Every existing key, in the region of what it encrypts. */
export const keyRegion = fromCheck(check, (deployment) => [
  {
    keyArn: at(deployment, "cloudTrail", "logKey", "existing", "arn"),
    region: logBucketRegion(deployment),
  },
  ...[
    at(deployment, "securityLake", "kmsKeyArn"),
    at(deployment, "securityLake", "exporter", "kmsKeyArn"),
    ...tenantsOf(deployment, (index) =>
      at(deployment, "securityLake", "exporter", "tenants", index, "secret", "existing", "kmsKeyArn"),
    ),
  ].map((keyArn) => ({ keyArn, region: lakeRegion(deployment) })),
]);
