import type { Constraint } from "./constraint.js";

/** Security Lake names a source's table; of an existing source nobody here knows it. */
export const athenaQueriesHaveTable: Constraint = function* ({ securityLake }) {
  const existing = securityLake?.customSource?.existing;
  if (
    securityLake?.exporter?.athenaQueries !== undefined &&
    existing !== undefined &&
    !("table" in existing)
  ) {
    yield {
      path: ["securityLake", "exporter", "athenaQueries"],
      key: true,
      problem: "cannot be created: the table of the existing custom source is not known",
      allowed: "athenaQueries with securityLake.customSource.existing.table",
      remedy: "Give the table's database and name, as Athena lists them, or omit athenaQueries.",
    };
  }
};
