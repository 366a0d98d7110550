import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import pLimit from "p-limit";
import type { AwsAnswer, AwsCall } from "./call.js";
import { type AttributeMap, type AttributeValue, openTransactions, type Send } from "./transaction.js";

/** A stored value as plain JSON: numbers as numbers, binary values as base64. */
type ItemValue = string | number | boolean | null | ItemValue[] | { [attribute: string]: ItemValue };

/** An item of the table as plain JSON. */
export type Item = Record<string, ItemValue>;

/** What DynamoDB bills. */
export interface CapacityUnits {
  readonly read: number;
  readonly written: number;
}

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

const JSON_TYPE = "application/x-amz-json-1.0";

/** Of the second table, in which the parts of a transaction are tried. */
const REHEARSAL = "transaction-rehearsal";

/** Tests that replace the exporter's `fetch` must not come between a call and its effect. */
const fetchOriginal = globalThis.fetch;

/**
 * Starts dynalite, creates the table, and adds the transactions that dynalite lacks.
 *
 * @param onUnits is told what each call consumes. @default - nobody asks
 */
export async function openDynamoDb(
  table: TableKey,
  onUnits?: (units: CapacityUnits) => void,
): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function send(operation: string, body: string | Uint8Array<ArrayBuffer>): Promise<AwsAnswer> {
    const response = await fetchOriginal(url, {
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

  const sendInput: Send = (operation, input) => send(operation, JSON.stringify(input));
  const keyAttributes = [table.hashKey, table.rangeKey];

  for (const TableName of [table.name, REHEARSAL]) {
    await sendInput("CreateTable", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keyAttributes.map((name) => ({ AttributeName: name, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: table.hashKey, KeyType: "HASH" },
        { AttributeName: table.rangeKey, KeyType: "RANGE" },
      ],
    }).then(requireSuccess);
  }

  const transact = openTransactions({ name: table.name, rehearsal: REHEARSAL, keyAttributes }, sendInput);
  /** One call after the other: none sees the middle of a transaction, or changes what it has read. */
  const inTurn = pLimit(1);

  async function allItems(): Promise<Item[]> {
    const items: Item[] = [];
    let start: AttributeMap | undefined;
    do {
      const answer = await sendInput("Scan", { TableName: table.name, ExclusiveStartKey: start });
      const page = JSON.parse(requireSuccess(answer).body) as {
        Items: AttributeMap[];
        LastEvaluatedKey?: AttributeMap;
      };
      for (const item of page.Items) {
        items.push(plainItem(item));
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    const keyOf = (item: Item): string => JSON.stringify([item[table.hashKey], item[table.rangeKey]]);
    return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  async function answer({ operation, body }: AwsCall): Promise<AwsAnswer> {
    if (operation === "TransactWriteItems") {
      return await transact(body.toString());
    }
    return (
      (operation === "Query" ? emptyKeyRefusal(body) : undefined) ??
      (await send(operation, new Uint8Array(body)))
    );
  }

  async function metered(call: AwsCall): Promise<AwsAnswer> {
    if (onUnits === undefined) {
      return await answer(call);
    }
    const request = { ...(JSON.parse(call.body.toString()) as object), ReturnConsumedCapacity: "TOTAL" };
    const answered = await answer({ ...call, body: Buffer.from(JSON.stringify(request)) });
    onUnits(unitsOf(call.operation, answered));
    return answered;
  }

  return {
    answer: (call) => inTurn(() => metered(call)),
    items: () => inTurn(allItems),
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

/** DynamoDB's refusal of a query whose key condition has an empty value; dynalite finds everything instead. */
function emptyKeyRefusal(body: Buffer): AwsAnswer | undefined {
  const { KeyConditionExpression = "", ExpressionAttributeValues = {} } = JSON.parse(body.toString()) as {
    KeyConditionExpression?: string;
    ExpressionAttributeValues?: AttributeMap;
  };
  const empty = Object.entries(ExpressionAttributeValues).find(
    ([name, { S }]) => S === "" && new RegExp(`${name}\\b`).test(KeyConditionExpression),
  );
  return empty === undefined
    ? undefined
    : {
        status: 400,
        contentType: JSON_TYPE,
        body: JSON.stringify({
          __type: "com.amazon.coral.validate#ValidationException",
          message:
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " +
            `string value. Value: ${empty[0]}`,
        }),
      };
}

const READS = ["BatchGetItem", "GetItem", "Query"];

/** A condition that does not hold is billed as well, but not counted here. */
function unitsOf(operation: string, { body }: AwsAnswer): CapacityUnits {
  const { ConsumedCapacity = [] } = JSON.parse(body) as {
    ConsumedCapacity?: { readonly CapacityUnits: number } | readonly { readonly CapacityUnits: number }[];
  };
  const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return READS.includes(operation) ? { read: units, written: 0 } : { read: 0, written: units };
}

function requireSuccess(answer: AwsAnswer): AwsAnswer {
  if (answer.status !== 200) {
    throw new Error(`DynamoDB stand-in: ${answer.status} ${answer.body}`);
  }
  return answer;
}

function plainItem(item: AttributeMap): Item {
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
  return value.B ?? value.SS ?? value.BS ?? value.NS?.map(Number) ?? null;
}
