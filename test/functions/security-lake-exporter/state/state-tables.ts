import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SqliteTable } from "../../../../cli/exporters/local/sqlite-table.js";
import { DynamoDbTable } from "../../../../functions/security-lake-exporter/state/dynamodb-table.js";
import type { StateTable } from "../../../../functions/security-lake-exporter/state/state-table.js";
import { startAws } from "../../../../simulator/aws/stand-ins.js";

/** The two places where an exporter keeps its state. */
export const STATE_TABLES = ["DynamoDB", "SQLite"] as const;

/** A state table in each of the two places. */
export interface StateTables {
  /** Folder of the database, which a test may put others into. */
  readonly directory: string;
  /** The table in that place, and a hash key that nothing else uses. */
  fresh(place: (typeof STATE_TABLES)[number]): { readonly table: StateTable; readonly pk: string };
  close(): Promise<void>;
}

/** Starts a stand-in of DynamoDB, and creates a database. */
export async function startStateTables(): Promise<StateTables> {
  const directory = mkdtempSync(join(tmpdir(), "state "));
  const aws = await startAws({
    lakeDirectory: directory,
    lake: { bucket: "lake", prefix: "ext/vectra/", roleArn: "arn:unused", externalId: "unused" },
    table: { name: "states", hashKey: "pk", rangeKey: "sk" },
    secrets: {},
  });
  const dynamodb = new DynamoDBClient({
    endpoint: aws.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "unused" },
    maxAttempts: 1,
  });
  const sqlite = new DatabaseSync(join(directory, "state.sqlite"));
  let keys = 0;
  return {
    directory,
    fresh: (place) => {
      keys += 1;
      const table = place === "DynamoDB" ? new DynamoDbTable(dynamodb, "states") : new SqliteTable(sqlite);
      return { table, pk: `acme-${keys}#v3.4` };
    },
    close: async () => {
      dynamodb.destroy();
      sqlite.close();
      await aws.close();
      rmSync(directory, { recursive: true });
    },
  };
}
