import type { ProfileName } from "../../../facts/profiles.js";

/** A table of the lake in the Glue catalog. */
export interface LakeTable {
  readonly database: string;
  readonly name: string;
}

/** What a query reads. */
export interface QueryScope {
  /** The custom source's table. */
  readonly table: LakeTable;
  /** Profile of the records that the query reads; a table may hold records of several. */
  readonly profile: ProfileName;
  /** CloudTrail's own table in the lake, if known. */
  readonly cloudTrailTable: LakeTable | undefined;
}

/** An analyst's question as a saved query: one file each, one line in `athena-queries.ts`. */
export interface AnalystQuery {
  /** Part of the Terraform address. */
  readonly id: string;
  readonly title: string;
  /** What the answer says, and its limits; at most 1,024 characters. */
  readonly description: string;
  /** In Athena's dialect (engine version 3, Trino); undefined if the records do not contain the answer. */
  readonly sql: (scope: QueryScope) => string | undefined;
}
