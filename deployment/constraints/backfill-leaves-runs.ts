import { backfillLeavesRuns as check } from "../../facts/checks/backfill-leaves-runs.js";
import { at, fromCheck } from "./from-check.js";

const EXPORTER = ["securityLake", "exporter"] as const;

/** The exporter's backfill, against its reserved runs. */
export const backfillLeavesRuns = fromCheck(check, (deployment) =>
  deployment.securityLake?.exporter?.backfill === undefined
    ? []
    : [
        {
          maxConcurrency: at(deployment, ...EXPORTER, "backfill", "maxConcurrency"),
          reservedConcurrentExecutions: at(deployment, ...EXPORTER, "reservedConcurrentExecutions"),
        },
      ],
);
