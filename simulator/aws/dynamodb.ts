import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import type { AwsAnswer, AwsCall } from "./call.js";

/** A stored value: DynamoDB's `N`, `S`, `BOOL`, `M`, `L` as plain JSON; numbers as numbers. */
type ItemValue = string | number | boolean | null | ItemValue[] | { [attribute: string]: ItemValue };

/** An item of the table as plain JSON. */
export type Item = Record<string, ItemValue>;

/** DynamoDB with one table, in memory (dynalite). */
export interface DynamoDb {
  answer(call: AwsCall): Promise<AwsAnswer>;
  /** Every item of the table, by partition and sort key. */
  items(): Promise<Item[]>;
  close(): Promise<void>;
}

/** The key of a table, as `aws_dynamodb_table` declares it; both attributes are strings. */
export interface TableKey {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
}

type AttributeValue = Partial<{
  S: string;
  N: string;
  BOOL: boolean;
  NULL: true;
  L: AttributeValue[];
  M: Record<string, AttributeValue>;
  SS: string[];
  NS: string[];
}>;

const JSON_TYPE = "application/x-amz-json-1.0";

/** Starts dynalite and creates the table. */
export async function openDynamoDb(table: TableKey): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function send(operation: string, body: string | Uint8Array<ArrayBuffer>): Promise<AwsAnswer> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": JSON_TYPE,
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        // dynalite checks that these are present, not the signature.
        "x-amz-date": "20260101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
      },
      body,
    });
    return { status: response.status, contentType: JSON_TYPE, body: await response.text() };
  }

  await send(
    "CreateTable",
    JSON.stringify({
      TableName: table.name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [table.hashKey, table.rangeKey].map((name) => ({
        AttributeName: name,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: table.hashKey, KeyType: "HASH" },
        { AttributeName: table.rangeKey, KeyType: "RANGE" },
      ],
    }),
  ).then(requireSuccess);

  return {
    answer: (call) => send(call.operation, new Uint8Array(call.body)),
    async items() {
      const items: Item[] = [];
      let start: Record<string, AttributeValue> | undefined;
      do {
        const answer = requireSuccess(
          await send("Scan", JSON.stringify({ TableName: table.name, ExclusiveStartKey: start })),
        );
        const page = JSON.parse(answer.body) as {
          Items: Record<string, AttributeValue>[];
          LastEvaluatedKey?: Record<string, AttributeValue>;
        };
        for (const item of page.Items) {
          items.push(plainItem(item));
        }
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      const keyOf = (item: Item): string => JSON.stringify([item[table.hashKey], item[table.rangeKey]]);
      return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The response to a BatchGetItem of which DynamoDB processed nothing: it returns all keys as unprocessed. */
export function leaveUnprocessed(call: AwsCall): AwsAnswer {
  const { RequestItems } = JSON.parse(call.body.toString()) as { RequestItems: unknown };
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: JSON.stringify({ Responses: {}, UnprocessedKeys: RequestItems }),
  };
}

function requireSuccess(answer: AwsAnswer): AwsAnswer {
  if (answer.status !== 200) {
    throw new Error(`DynamoDB stand-in: ${answer.status} ${answer.body}`);
  }
  return answer;
}

function plainItem(item: Record<string, AttributeValue>): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): ItemValue {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return Number(value.N);
  }
  if (value.BOOL !== undefined) {
    return value.BOOL;
  }
  if (value.L !== undefined) {
    return value.L.map(plainValue);
  }
  if (value.M !== undefined) {
    return plainItem(value.M);
  }
  return value.SS ?? value.NS?.map(Number) ?? null;
}
