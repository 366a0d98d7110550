import { AthenaClient } from "@aws-sdk/client-athena";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AthenaLake } from "../../../../cli/exporters/deployed/athena-lake.js";
import { type AwsAnswer, type AwsStandIn, startAws } from "./deployed-aws.js";

const COLUMNS = [
  { Name: "severity", Type: "string" },
  { Name: "finding", Type: "struct<title:string,uid:string>" },
  { Name: "unmapped", Type: "map<string,string>" },
  { Name: "time", Type: "bigint" },
  { Name: "is_alert", Type: "boolean" },
];
const ROW = ["High", '{"title":"Rising account","uid":null}', null, "1738368564000", "true"];
const RECORD = {
  severity: "High",
  finding: { title: "Rising account" },
  time: 1738368564000,
  is_alert: true,
};

let aws: AwsStandIn | undefined;

afterEach(async () => {
  await aws?.close();
  aws = undefined;
  vi.useRealTimers();
});

const row = (values: readonly (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});

/** @param found rows that each query finds, one after the other. */
async function lake(
  found: readonly (readonly (string | null)[])[][],
  more: Readonly<Record<string, AwsAnswer>> = {},
) {
  const answers = [...found];
  let looks = 0;
  aws = await startAws({
    GetTableMetadata: () => ({
      TableMetadata: { Columns: COLUMNS, PartitionKeys: [{ Name: "eventday", Type: "string" }] },
    }),
    StartQueryExecution: () => ({ QueryExecutionId: "q" }),
    GetQueryExecution: () => {
      looks += 1;
      return { QueryExecution: { Status: { State: looks % 2 === 1 ? "RUNNING" : "SUCCEEDED" } } };
    },
    GetQueryResults: () => ({
      ResultSet: { Rows: [row(COLUMNS.map(({ Name }) => Name)), ...(answers.shift() ?? []).map(row)] },
    }),
    ...more,
  });
  const client = new AthenaClient({
    endpoint: String(aws.environment["AWS_ENDPOINT_URL"]),
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "unchecked" },
  });
  return {
    aws,
    lake: new AthenaLake(
      client,
      { database: "lake", table: "vectra", workgroup: "analysts", output: "s3://results/" },
      { intervalSeconds: 0.001, deadlineSeconds: 2100 },
    ),
  };
}

const queries = (stand: AwsStandIn) =>
  stand.requests("StartQueryExecution").map(({ QueryString }) => String(QueryString).split("\n"));

describe("GIVEN the custom source's table in Athena", () => {
  it("WHEN the last records are asked for THEN they come as OCSF JSON, with nothing that is null", async () => {
    const { lake: table, aws: stand } = await lake([[ROW]]);

    expect(await table.lastRecords(undefined, 1)).toEqual([RECORD]);
    expect(stand.requests("StartQueryExecution")).toEqual([
      expect.objectContaining({
        QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: "lake" },
        WorkGroup: "analysts",
        ResultConfiguration: { OutputLocation: "s3://results/" },
      }),
    ]);
  });

  it("WHEN the newest days have too few THEN more days are looked through, and then all", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-20T12:00:00Z") });
    const { lake: table, aws: stand } = await lake([[], [ROW], [ROW, ROW]]);

    expect(await table.lastRecords("vectra-acme-v3.4-", 2)).toEqual([RECORD, RECORD]);
    const select = `SELECT "severity", CAST("finding" AS JSON) AS "finding", CAST("unmapped" AS JSON) AS "unmapped", "time", "is_alert"`;
    const rest = (condition: string) => [
      select,
      'FROM "lake"."vectra"',
      `WHERE "$path" LIKE '%/vectra-acme-v3.4-%'${condition}`,
      'ORDER BY "time" DESC LIMIT 2',
    ];
    expect(queries(stand)).toEqual([
      rest(` AND "eventday" >= '20260319'`),
      rest(` AND "eventday" >= '20260218'`),
      rest(""),
    ]);
  });

  it("WHEN its crawler took the day for a number THEN it is compared with a number", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-20T12:00:00Z") });
    const { lake: table, aws: stand } = await lake([[ROW]], {
      GetTableMetadata: () => ({
        TableMetadata: { Columns: COLUMNS, PartitionKeys: [{ Name: "eventday", Type: "int" }] },
      }),
    });

    await table.lastRecords(undefined, 1);

    expect(queries(stand)[0]?.[2]).toBe('WHERE "eventday" >= 20260319');
  });

  it("WHEN Athena fails THEN its own reason is the error", async () => {
    const { lake: table } = await lake([], {
      GetQueryExecution: () => ({
        QueryExecution: {
          Status: { State: "FAILED", StateChangeReason: "Insufficient Lake Formation permission(s)" },
        },
      }),
    });

    await expect(table.lastRecords(undefined, 1)).rejects.toThrow(
      "The Athena query failed: Insufficient Lake Formation permission(s)",
    );
  });

  it("WHEN Athena does not answer for longer than it lets a query run THEN the wait ends, and names the query", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-20T12:00:00Z") });
    const { lake: table } = await lake([], {
      GetQueryExecution: () => {
        vi.setSystemTime(Date.now() + 36 * 60_000);
        return { QueryExecution: { Status: { State: "RUNNING" } } };
      },
    });

    await expect(table.lastRecords(undefined, 1)).rejects.toThrow(
      "Athena has not finished after 35 minutes. The query q may still be running: check the recent queries of the " +
        "workgroup, then run the command again.",
    );
  });

  it("WHEN the table is not one of OCSF records THEN the options are to be checked", async () => {
    const { lake: table } = await lake([], { GetTableMetadata: () => ({ TableMetadata: { Columns: [] } }) });

    await expect(table.lastRecords(undefined, 1)).rejects.toThrow(
      'lake.vectra is not a table of OCSF records: it has no column "time". Security Lake shows the custom source\'s database and table; check --database and --table.',
    );
  });
});
