import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query/index.js";
import { Construct } from "constructs";
import type { ProfileName } from "../../facts/profiles.js";
import { addressed } from "../address.js";
import { accountsThatRose } from "./athena/accounts-that-rose.js";
import type { AnalystQuery, LakeTable, QueryScope } from "./athena/analyst-query.js";
import { cloudTrailActivity } from "./athena/cloudtrail-activity.js";
import { newCriticals } from "./athena/new-criticals.js";
import { timeToAssignment } from "./athena/time-to-assignment.js";

export interface AthenaQueriesProps {
  /** Prefix of every query's name. */
  readonly name: string;
  /** Athena workgroup that the queries are saved in. It must exist. */
  readonly workgroup: string;
  /** The custom source's table. */
  readonly table: LakeTable;
  /** Profiles of its records; each has its own queries. */
  readonly profiles: readonly ProfileName[];
  /**
   * CloudTrail's own table in the lake, of source version 2.
   *
   * @default - no query joins CloudTrail
   */
  readonly cloudTrailTable?: LakeTable | undefined;
}

/** What an analyst asks the lake first. */
const QUERIES: readonly AnalystQuery[] = [
  newCriticals,
  accountsThatRose,
  timeToAssignment,
  cloudTrailActivity,
];

/**
 * Saved queries for Athena over the custom source's table. Saving them is free; running one costs what it scans,
 * about 5 USD per TB. The principal that runs them needs SELECT on the tables in Lake Formation.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html
 */
export class AthenaQueries extends Construct {
  constructor(scope: Construct, id: string, props: AthenaQueriesProps) {
    super(scope, id);
    const { table, cloudTrailTable } = props;
    for (const profile of new Set(props.profiles)) {
      for (const query of QUERIES) {
        const sql = query.sql({ table, profile, cloudTrailTable } satisfies QueryScope);
        if (sql !== undefined) {
          this.createQuery(props, profile, query, sql);
        }
      }
    }
  }

  protected createQuery(
    props: AthenaQueriesProps,
    profile: ProfileName,
    { id, title, description }: AnalystQuery,
    sql: string,
  ): AthenaNamedQuery {
    return addressed(
      // Addresses cannot contain dots.
      new AthenaNamedQuery(this, `${id}-${profile.replaceAll(".", "-")}`, {
        name: `${props.name}: ${title} (${profile})`,
        description,
        workgroup: props.workgroup,
        database: props.table.database,
        query: sql,
      }),
    );
  }
}
