import {
  type AthenaClient,
  type Column,
  GetQueryExecutionCommand,
  GetTableMetadataCommand,
  paginateGetQueryResults,
  type Row,
  StartQueryExecutionCommand,
  type TableMetadata,
} from "@aws-sdk/client-athena";
import { given } from "../../../facts/given.js";
import { eventDayOf } from "../../../facts/object-names.js";
import { type Polling, untilAnswered } from "./until-answered.js";

/** Where Athena finds the lake's records. The exporter itself does not know: Security Lake names the table. */
export interface AthenaTable {
  /** Glue database of the lake in the exporter's region, `amazon_security_lake_glue_db_eu_west_1`. */
  readonly database: string;
  /** Glue table of the custom source, `amazon_security_lake_table_eu_west_1_ext_vectra_cdr`. */
  readonly table: string;
  /** @default "primary" */
  readonly workgroup?: string | undefined;
  /** `s3://bucket/prefix/` for the results. @default - where the workgroup puts them */
  readonly output?: string | undefined;
}

type OcsfJson = Readonly<Record<string, unknown>>;

const CATALOG = "AwsDataCatalog";
/** Partition column of the records' UTC day. */
const DAY_COLUMN = "eventday";
/** Days before today to search, the fewest first: a query costs what it scans. */
const LOOK_BACK = [1, 30, Number.POSITIVE_INFINITY];
const DAY = 86_400_000;
/** Athena ends a query after 30 minutes, unless the account's quota was raised. */
const POLLING: Polling = { intervalSeconds: 0.5, deadlineSeconds: 35 * 60 };

/** The lake's records, as Athena (engine version 3) reads them from the custom source's table. */
export class AthenaLake {
  readonly #athena: AthenaClient;
  readonly #table: AthenaTable;
  readonly #polling: Polling;

  constructor(athena: AthenaClient, table: AthenaTable, polling = POLLING) {
    this.#athena = athena;
    this.#table = table;
    this.#polling = polling;
  }

  /**
   * The newest records by `time`, newest first.
   *
   * @param objectPrefix prefix of the names of the objects to read. @default - every object
   */
  async lastRecords(objectPrefix: string | undefined, count: number): Promise<readonly OcsfJson[]> {
    const metadata = await this.#metadata();
    let rows: readonly Row[] = [];
    for (const days of LOOK_BACK) {
      rows = await this.#select(lastRecordsSql(this.#table, metadata, { objectPrefix, count, days }));
      if (rows.length >= count) {
        break;
      }
    }
    return rows.map((row) => recordOf(row, metadata.Columns ?? []));
  }

  async #metadata(): Promise<TableMetadata> {
    const { database, table } = this.#table;
    const { TableMetadata: metadata } = await this.#athena.send(
      new GetTableMetadataCommand({ CatalogName: CATALOG, DatabaseName: database, TableName: table }),
    );
    if (metadata?.Columns === undefined || !metadata.Columns.some(({ Name }) => Name === "time")) {
      throw new Error(
        `${database}.${table} is not a table of OCSF records: it has no column "time". ` +
          "Security Lake shows the custom source's database and table; check --database and --table.",
      );
    }
    return metadata;
  }

  async #select(sql: string): Promise<readonly Row[]> {
    const { database, workgroup, output } = this.#table;
    const { QueryExecutionId } = await this.#athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Catalog: CATALOG, Database: database },
        WorkGroup: workgroup ?? "primary",
        ...given({ ResultConfiguration: output === undefined ? undefined : { OutputLocation: output } }),
      }),
    );
    await this.#ended(QueryExecutionId);
    const rows: Row[] = [];
    for await (const { ResultSet } of paginateGetQueryResults(
      { client: this.#athena },
      { QueryExecutionId },
    )) {
      rows.push(...(ResultSet?.Rows ?? []));
    }
    // The first row contains the column names.
    return rows.slice(1);
  }

  async #ended(QueryExecutionId: string | undefined): Promise<void> {
    const status = async () => {
      const { QueryExecution } = await this.#athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === "FAILED" || State === "CANCELLED") {
        throw new Error(`The Athena query failed: ${StateChangeReason ?? State}`);
      }
      return State === "SUCCEEDED" ? State : undefined;
    };
    await untilAnswered(
      status,
      this.#polling,
      `Athena has not finished after ${this.#polling.deadlineSeconds / 60} minutes. The query ${QueryExecutionId} may ` +
        "still be running: check the recent queries of the workgroup, then run the command again.",
    );
  }
}

interface Selection {
  readonly objectPrefix: string | undefined;
  readonly count: number;
  /** Days before today. */
  readonly days: number;
}

/** Nested columns are read as JSON, because Athena's own text format for them cannot be parsed. */
function lastRecordsSql(
  { database, table }: AthenaTable,
  { Columns = [], PartitionKeys = [] }: TableMetadata,
  { objectPrefix, count, days }: Selection,
): string {
  const columns = Columns.map(({ Name = "", Type = "" }) =>
    isNested(Type) ? `CAST(${quoted(Name)} AS JSON) AS ${quoted(Name)}` : quoted(Name),
  );
  const conditions = [
    ...(objectPrefix === undefined ? [] : [`"$path" LIKE '%/${objectPrefix}%'`]),
    ...sinceDay(PartitionKeys, days),
  ];
  return [
    `SELECT ${columns.join(", ")}`,
    `FROM ${quoted(database)}.${quoted(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    `ORDER BY "time" DESC LIMIT ${count}`,
  ].join("\n");
}

function isNested(type: string): boolean {
  return /^(struct|array|map)</.test(type);
}

function sinceDay(partitionKeys: readonly Column[], days: number): readonly string[] {
  const key = partitionKeys.find(({ Name }) => Name === DAY_COLUMN);
  if (key === undefined || !Number.isFinite(days)) {
    return [];
  }
  const day = eventDayOf(Date.now() - days * DAY);
  // A crawler infers the day as a number unless configured otherwise.
  return [`${quoted(DAY_COLUMN)} >= ${key.Type === "string" ? `'${day}'` : day}`];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A row of a result, with the table's columns. A null is an absent attribute in OCSF. */
function recordOf({ Data = [] }: Row, columns: readonly Column[]): OcsfJson {
  return Object.fromEntries(
    columns.flatMap(({ Name = "", Type = "" }, index) => {
      const text = Data[index]?.VarCharValue;
      return text === undefined ? [] : [[Name, decoded(text, Type)] as const];
    }),
  );
}

/** Athena returns text for every type. */
function decoded(text: string, type: string): unknown {
  if (isNested(type)) {
    return JSON.parse(text, (_, value: unknown) => value ?? undefined);
  }
  if (type === "boolean") {
    return text === "true";
  }
  return /^(tinyint|smallint|int|integer|bigint|float|double)$/.test(type) ? Number(text) : text;
}
