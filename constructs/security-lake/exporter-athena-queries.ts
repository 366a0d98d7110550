import type { Construct } from "constructs";
import { athenaQueriesHaveTable } from "../../facts/checks/athena-queries-have-table.js";
import { cloudTrailJoinHasIdentities } from "../../facts/checks/cloudtrail-join-has-identities.js";
import { ATHENA_OPTIONS } from "../../facts/options/exporter.js";
import { ATHENA_SENTENCES } from "../../facts/sentences/exporter.js";
import { enforceCheck } from "../check.js";
import { enforceKnown, enforceOptions } from "../expectation.js";
import type { LakeTable } from "./athena/analyst-query.js";
import type { ExporterTenant } from "./exporter-tenant-props.js";

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
   * requires it, and exists only for the strict profiles, whose records contain AWS accounts and identities.
   *
   * @default - no query joins CloudTrail
   */
  readonly cloudTrailTable?: string | undefined;
}

/**
 * @param table table of the custom source, if it is known.
 * @throws PropError for names that Athena or Glue would refuse, for queries without a table or over a profile that is a
 * token, and for a join with CloudTrail that no profile has the columns for.
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
  const { cloudTrailTable } = queries;
  enforceOptions(construct, "athenaQueries.", queries, ATHENA_OPTIONS, ATHENA_SENTENCES);
  enforceCheck(
    construct,
    athenaQueriesHaveTable,
    { athenaQueries: queries, table },
    { table: "customSource.table" },
  );
  tenants.forEach(({ profile }, index) => {
    enforceKnown(construct, `tenants[${index}].profile`, profile, "it decides the columns of athenaQueries");
  });
  enforceCheck(
    construct,
    cloudTrailJoinHasIdentities,
    { cloudTrailTable, profiles: tenants.map(({ profile }) => profile) },
    { cloudTrailTable: "athenaQueries.cloudTrailTable", profiles: (index) => `tenants[${index}].profile` },
  );
}
