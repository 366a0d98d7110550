import { boundaryAccount as check } from "../../facts/checks/boundary-account.js";
import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import { at, fromCheck } from "./from-check.js";
import { accountOf } from "./places.js";

const TRAIL_BOUNDARY = [
  "cloudTrail",
  "trail",
  "create",
  "cloudWatchLogs",
  "role",
  "permissionsBoundary",
] as const;

/** The boundary of every role that is created in one account. */
export const boundaryAccount = fromCheck(check, (deployment) => {
  const layout = trailLayout(deployment);
  const trailPart = layout === "organization" ? organizationTrailPart(deployment) : "logArchive";
  return [
    {
      permissionsBoundary: at(deployment, "cloudTrail", "role", "create", "permissionsBoundary"),
      accountId: accountOf(deployment, "logArchive"),
    },
    ...(layout === "members"
      ? []
      : [
          {
            permissionsBoundary: at(deployment, ...TRAIL_BOUNDARY),
            accountId: accountOf(deployment, trailPart),
          },
        ]),
    ...[
      at(deployment, "securityLake", "customSource", "create", "permissionsBoundary"),
      at(deployment, "securityLake", "exporter", "permissionsBoundary"),
    ].map((permissionsBoundary) => ({
      permissionsBoundary,
      accountId: accountOf(deployment, "securityLake"),
    })),
  ];
});
