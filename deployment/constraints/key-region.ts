import { regionOfArn } from "../../facts/arn.js";
import { keyRegion as check } from "../../facts/checks/key-region.js";
import { at, fromCheck, partOf } from "./from-check.js";
import { lakeRegion, logBucketRegion, tenantsOf } from "./places.js";

/** Every existing key, in the region of what it encrypts. */
export const keyRegion = fromCheck(check, (deployment) => [
  {
    keyRegion: partOf(at(deployment, "cloudTrail", "logKey", "existing", "arn"), regionOfArn),
    region: logBucketRegion(deployment),
  },
  ...[
    at(deployment, "securityLake", "kmsKeyArn"),
    at(deployment, "securityLake", "exporter", "kmsKeyArn"),
    ...tenantsOf(deployment, (index) =>
      at(deployment, "securityLake", "exporter", "tenants", index, "secret", "existing", "kmsKeyArn"),
    ),
  ].map((keyArn) => ({ keyRegion: partOf(keyArn, regionOfArn), region: lakeRegion(deployment) })),
]);
