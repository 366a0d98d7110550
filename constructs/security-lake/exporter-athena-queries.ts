import type { Construct } from "constructs";
import { DEFAULT_PROFILE } from "../../facts/environment.js";
import { enforce, enforceKnown, refuse } from "../expectation.js";
import type { LakeTable } from "./athena/analyst-query.js";
import { isStrict } from "./athena/record-columns.js";
import { GLUE_NAME, WORKGROUP_NAME } from "./expectations.js";
import type { ExporterTenant } from "./exporter-tenant.js";

/** Saved queries for Athena. */
export interface ExporterAthenaQueries {
  /**
   * Athena workgroup that the queries are saved in. It must exist.
   *
   * @default "primary"
   */
  readonly workgroup?: string | undefined;
  /**
   * CloudTrail's own table in the source's Glue database, of source version 2: the query that joins it with findings
   * is made only then, and only for the strict profiles, whose records name AWS accounts and identities.
   *
   * @default - no query joins CloudTrail
   */
  readonly cloudTrailTable?: string | undefined;
}

/**
 * @param table the custom source's table, if it is known.
 * @throws Error for names that Athena or Glue would refuse, for queries without a table or over an unknown profile,
 * and for a join with CloudTrail that no profile has the columns for.
 */
export function checkAthenaQueries(
  construct: Construct,
  queries: ExporterAthenaQueries | undefined,
  table: LakeTable | undefined,
  tenants: readonly ExporterTenant[],
): void {
  if (queries === undefined) {
    return;
  }
  const { workgroup, cloudTrailTable } = queries;
  enforce(construct, "athenaQueries.workgroup", workgroup, WORKGROUP_NAME);
  enforce(construct, "athenaQueries.cloudTrailTable", cloudTrailTable, GLUE_NAME);
  if (table === undefined) {
    refuse(
      construct,
      "lake.table",
      "undefined",
      "must be given for athenaQueries: Security Lake names the table, so it cannot be guessed",
      "Pass `customSource.table`, or database and name as Athena shows them.",
    );
  }
  enforce(construct, "lake.table.database", table.database, GLUE_NAME);
  enforce(construct, "lake.table.name", table.name, GLUE_NAME);
  tenants.forEach(({ profile }, index) => {
    enforceKnown(construct, `tenants[${index}].profile`, profile, "it decides the columns of athenaQueries");
  });
  const joinable = tenants.some(({ profile = DEFAULT_PROFILE }) => isStrict(profile));
  if (cloudTrailTable !== undefined && !joinable) {
    refuse(
      construct,
      "athenaQueries.cloudTrailTable",
      JSON.stringify(cloudTrailTable),
      `cannot be joined: the records of profile ${DEFAULT_PROFILE} name neither AWS accounts nor identities`,
      "Leave it out, or choose a strict profile for a tenant.",
    );
  }
}
