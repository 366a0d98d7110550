import { exporterName, logBucketName } from "../plan/names.js";
import type { Constraint } from "./constraint.js";

/** Default names begin with the deployment's name and must stay within what AWS allows. */
export const namesFit: Constraint = function* (deployment) {
  const { name, cloudTrail, securityLake } = deployment;
  const { create, existing } = cloudTrail?.logBucket ?? {};
  const givenName = create?.name ?? existing?.name;
  const derived = [
    {
      what: "the log bucket",
      value: givenName === undefined ? logBucketName(deployment) : undefined,
      limit: 63,
      field: "cloudTrail.logBucket.create.name",
    },
    {
      what: "the custom source",
      value:
        securityLake !== undefined &&
        securityLake.customSource?.existing === undefined &&
        securityLake.customSource?.create?.name === undefined
          ? name
          : undefined,
      limit: 20,
      field: "securityLake.customSource.create.name",
    },
    // Roles and schedules append to this name, and AWS allows 64 characters.
    {
      what: "the exporter",
      value: name === undefined || securityLake === undefined ? undefined : exporterName(name),
      limit: 40,
    },
  ];
  for (const { what, value, limit, field } of derived) {
    if (value !== undefined && value.length > limit) {
      yield {
        path: ["name"],
        problem: `makes the name of ${what} ${value.length} characters long ("${value}")`,
        allowed: `${limit} characters for ${what}`,
        remedy: `Shorten the deployment's name by ${value.length - limit}${field === undefined ? "" : `, or set ${field}`}.`,
      };
    }
  }
};
