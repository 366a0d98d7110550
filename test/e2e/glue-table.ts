import type { EmulatedClient } from "./ministack.js";

/** A table over Parquet files. */
export interface GlueTable {
  readonly database: string;
  readonly name: string;
  /** `s3://<bucket>/<prefix>/` */
  readonly location: string;
  /** Columns with their types in Glue's words. */
  readonly columns: Readonly<Record<string, string>>;
  readonly partitionKeys: Readonly<Record<string, string>>;
}

/**
 * Creates a table as Security Lake's crawler does, in its own database.
 *
 * @param account client settings of the account's root user.
 */
export async function makeGlueTable(account: EmulatedClient, table: GlueTable): Promise<void> {
  const { database, name, location, columns, partitionKeys } = table;
  await call(account, "CreateDatabase", { DatabaseInput: { Name: database } });
  await call(account, "CreateTable", {
    DatabaseName: database,
    TableInput: {
      Name: name,
      TableType: "EXTERNAL_TABLE",
      Parameters: { classification: "parquet" },
      PartitionKeys: columnList(partitionKeys),
      StorageDescriptor: {
        Location: location,
        InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        Columns: columnList(columns),
      },
    },
  });
}

function columnList(columns: GlueTable["columns"]) {
  return Object.entries(columns).map(([Name, Type]) => ({ Name, Type }));
}

/** Two calls do not justify a Glue client. MiniStack accepts any signature of a root user. */
async function call(account: EmulatedClient, action: string, request: object): Promise<void> {
  const { endpoint, region, credentials } = account;
  const scope = `${credentials.accessKeyId}/20250101/${region}/glue/aws4_request`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSGlue.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unchecked`,
    },
    body: JSON.stringify(request),
  });
  if (!response.ok) {
    throw new Error(`Glue's ${action} failed: ${await response.text()}`);
  }
}
