import { athenaQueriesHaveTable as check } from "../../facts/checks/athena-queries-have-table.js";
import { at, fromCheck } from "./from-check.js";

/** The table of an existing source; a new one's follows from the source. */
export const athenaQueriesHaveTable = fromCheck(check, (deployment) =>
  deployment.securityLake?.customSource?.existing === undefined
    ? []
    : [
        {
          athenaQueries: at(deployment, "securityLake", "exporter", "athenaQueries"),
          table: at(deployment, "securityLake", "customSource", "existing", "table"),
        },
      ],
);
