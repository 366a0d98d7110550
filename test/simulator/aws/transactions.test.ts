import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Aws, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";

let directory: string;
let aws: Aws;
let client: DynamoDBClient;
let faults: AwsFault[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lake "));
  faults = [];
  aws = await startAws({
    lakeDirectory: directory,
    lake: { bucket: "lake", prefix: "ext/a/", roleArn: "arn:unused", externalId: "unused" },
    table: { name: "states", hashKey: "pk", rangeKey: "sk" },
    secrets: {},
    onCall: () => faults.shift() ?? "pass",
  });
  client = new DynamoDBClient({
    endpoint: aws.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "unused" },
    maxAttempts: 2,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  client.destroy();
  await aws.close();
  await rm(directory, { recursive: true });
});

const TableName = "states";
const keyOf = (sk: string) => ({ pk: { S: "acme" }, sk: { S: sk } });

function put(sk: string, attributes: Record<string, AttributeValue> = {}): TransactWriteItem {
  return { Put: { TableName, Item: { ...keyOf(sk), ...attributes } } };
}

function remove(sk: string): TransactWriteItem {
  return { Delete: { TableName, Key: keyOf(sk) } };
}

/** Adds to a number, which must exist unless it begins at 0. */
function add(sk: string): TransactWriteItem {
  return {
    Update: {
      TableName,
      Key: keyOf(sk),
      UpdateExpression: "ADD #n :one",
      ExpressionAttributeNames: { "#n": "n" },
      ExpressionAttributeValues: { ":one": { N: "1" } },
    },
  };
}

function ownedBy(owner: string, whenNot?: "ALL_OLD"): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName,
      Key: keyOf("checkpoint"),
      ConditionExpression: "lease_owner = :owner",
      ExpressionAttributeValues: { ":owner": { S: owner } },
      ...(whenNot === undefined ? {} : { ReturnValuesOnConditionCheckFailure: whenNot }),
    },
  };
}

const transact = (TransactItems: TransactWriteItem[], token?: string) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token }));

/** The error that ended it. */
async function canceled(transaction: Promise<unknown>): Promise<TransactionCanceledException> {
  const error = await transaction.catch((reason: unknown) => reason);
  if (!(error instanceof TransactionCanceledException)) {
    throw new Error(`Not canceled: ${error}`);
  }
  return error;
}

describe("a transaction", () => {
  beforeEach(async () => {
    await transact([
      put("checkpoint", { lease_owner: { S: "me" } }),
      put("quarantine#7", { event: { S: "{}" } }),
    ]);
  });

  it("writes all of its parts when every condition holds", async () => {
    await transact([ownedBy("me"), put("quarantine#8"), remove("quarantine#7"), add("count")]);

    expect(await aws.items()).toEqual([
      { pk: "acme", sk: "checkpoint", lease_owner: "me" },
      { pk: "acme", sk: "count", n: 1 },
      { pk: "acme", sk: "quarantine#8" },
    ]);
  });

  it("writes nothing when one does not, and says which", async () => {
    const before = await aws.items();

    const error = await canceled(
      transact([put("quarantine#8"), remove("quarantine#7"), add("count"), ownedBy("another", "ALL_OLD")]),
    );

    expect(error.$metadata.httpStatusCode).toBe(400);
    expect(error.message).toBe(
      "Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, None, ConditionalCheckFailed]",
    );
    expect(error.CancellationReasons).toEqual([
      { Code: "None" },
      { Code: "None" },
      { Code: "None" },
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { ...keyOf("checkpoint"), lease_owner: { S: "me" } },
      },
    ]);
    expect(await aws.items()).toEqual(before);
  });

  it("checks the conditions of what it writes, too", async () => {
    const before = await aws.items();
    const onlyNew = { ConditionExpression: "attribute_not_exists(pk)" };

    const error = await canceled(
      transact([
        { Put: { TableName, Item: keyOf("new"), ...onlyNew } },
        { Put: { TableName, Item: keyOf("quarantine#7"), ...onlyNew } },
        { Delete: { TableName, Key: keyOf("none"), ConditionExpression: "attribute_exists(pk)" } },
        { Update: { ...add("checkpoint").Update, ...onlyNew } as TransactWriteItem["Update"] },
      ]),
    );

    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual([
      "None",
      "ConditionalCheckFailed",
      "ConditionalCheckFailed",
      "ConditionalCheckFailed",
    ]);
    expect(await aws.items()).toEqual(before);
  });

  it("writes nothing when a part is impossible for another reason", async () => {
    const before = await aws.items();

    const error = await canceled(
      transact([put("new"), put("too-large", { body: { B: new Uint8Array(409_600) } })]),
    );

    expect(error.CancellationReasons).toEqual([
      { Code: "None" },
      { Code: "ValidationError", Message: "Item size has exceeded the maximum allowed size" },
    ]);
    expect(await aws.items()).toEqual(before);
  });

  it("does not see what an earlier transaction only tried", async () => {
    const exists = { ConditionExpression: "attribute_exists(pk)" };
    await canceled(transact([put("new"), ownedBy("another")]));

    for (const sk of ["new", "never", "never"]) {
      await canceled(transact([{ ConditionCheck: { TableName, Key: keyOf(sk), ...exists } }]));
    }
  });

  it("is written again by no repeated request", async () => {
    faults = ["drop-answer"];
    await transact([add("count")]);
    await transact([add("count")], "a-token");
    await transact([add("count")], "a-token");

    expect(await aws.items()).toContainEqual({ pk: "acme", sk: "count", n: 2 });
    await expect(transact([add("other")], "a-token")).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
    await transact([add("count")], "a-token");
    expect(await aws.items()).toContainEqual({ pk: "acme", sk: "count", n: 3 });
  });

  it("may be repeated after it was canceled", async () => {
    const attempt = () => transact([ownedBy("next"), add("count")], "a-token");
    await canceled(attempt());
    await transact([put("checkpoint", { lease_owner: { S: "next" } })]);

    await attempt();

    expect(await aws.items()).toContainEqual({ pk: "acme", sk: "count", n: 1 });
  });
});

it("lets nobody see or change the middle of a transaction", async () => {
  await transact([put("a", { n: { N: "0" } }), put("b", { n: { N: "0" } })]);
  const read = async () => {
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { states: { Keys: [keyOf("a"), keyOf("b")] } } }),
    );
    return Responses?.["states"]?.map((item) => item["n"]?.N);
  };
  const single = () =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf("c"),
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    );

  const seen: (readonly (string | undefined)[] | undefined)[] = [];
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      await Promise.all([transact([add("a"), add("b"), add("c")]), single()]);
      seen.push(await read());
    }),
  );

  expect(seen).toHaveLength(30);
  expect(seen.filter((values) => values?.length !== 2 || values[0] !== values[1])).toEqual([]);
  expect(await aws.items()).toEqual([
    { pk: "acme", sk: "a", n: 30 },
    { pk: "acme", sk: "b", n: 30 },
    { pk: "acme", sk: "c", n: 60 },
  ]);
});

describe("a transaction is refused", () => {
  it.each([
    ["without parts", [], "Member must have length from 1 to 100"],
    [
      "with more than 100 parts",
      Array.from({ length: 101 }, (_, index) => put(`item#${index}`)),
      "Member must have length from 1 to 100",
    ],
    [
      "with two parts on one item",
      [put("a"), put("b"), remove("a")],
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "with more than 4 MB",
      Array.from({ length: 11 }, (_, index) =>
        put(`item#${index}`, { body: { B: new Uint8Array(390_000) } }),
      ),
      "The aggregate size of the items in the transaction cannot exceed 4 MB",
    ],
    [
      "with two operations in one part",
      [{ ...put("a"), ...remove("b") }],
      "TransactItems can only contain one of Check, Put, Update or Delete",
    ],
  ])("%s", async (_, parts, message) => {
    await expect(transact(parts)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
    expect(await aws.items()).toEqual([]);
  });

  it("for another table", async () => {
    await expect(
      transact([{ Put: { TableName: "transaction-rehearsal", Item: keyOf("a") } }]),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("but not with 100 parts, or just below 4 MB", async () => {
    await transact(Array.from({ length: 100 }, (_, index) => put(`item#${index}`)));
    await transact(
      Array.from({ length: 10 }, (_, index) =>
        put(`large#${index}`, { body: { B: new Uint8Array(400_000) } }),
      ),
    );

    expect(await aws.items()).toHaveLength(110);
  });
});

it("goes on when a test replaces fetch for the exporter", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));

  await transact([put("a"), put("b")]);
  const items = await aws.items();
  vi.unstubAllGlobals();

  expect(items).toHaveLength(2);
});

it("keeps binary values, which are shown as base64", async () => {
  const bytes = Uint8Array.from([0, 255, 128, 10]);
  await transact([put("piece", { body: { B: bytes }, parts: { L: [{ B: bytes }] }, set: { BS: [bytes] } })]);

  const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf("piece") }));

  expect(Item?.["body"]).toEqual({ B: bytes });
  expect(await aws.items()).toEqual([
    { pk: "acme", sk: "piece", body: "AP+ACg==", parts: ["AP+ACg=="], set: ["AP+ACg=="] },
  ]);
});

describe("consumed capacity", () => {
  /** With its key and the attribute's name, an item of 3,000 bytes and a few. */
  const large = { ...keyOf("a"), body: { B: new Uint8Array(3000) } };
  const level = { ReturnConsumedCapacity: "TOTAL" as const };
  const units = (answer: { ConsumedCapacity?: { CapacityUnits?: number | undefined } | undefined }) =>
    answer.ConsumedCapacity?.CapacityUnits;

  it("is the larger of the item before and after, in kilobytes", async () => {
    const small = { TableName, Item: keyOf("a"), ...level };
    const grow = { ":body": { B: new Uint8Array(5000) } };

    const created = await client.send(new PutItemCommand(small));
    const replaced = await client.send(new PutItemCommand({ ...small, Item: large }));
    const grown = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf("a"),
        UpdateExpression: "SET body = :body",
        ExpressionAttributeValues: grow,
        ...level,
      }),
    );
    const shrunk = await client.send(new PutItemCommand({ ...small, ...level }));
    await client.send(new PutItemCommand({ TableName, Item: large }));
    const deleted = await client.send(new DeleteItemCommand({ TableName, Key: keyOf("a"), ...level }));

    expect([created, replaced, grown, shrunk, deleted].map(units)).toEqual([1, 3, 5, 5, 3]);
  });

  it("of reads is half a unit per 4 kilobytes, twice that when consistent", async () => {
    await client.send(new PutItemCommand({ TableName, Item: large }));
    await client.send(new PutItemCommand({ TableName, Item: { ...large, ...keyOf("b") } }));
    const query = {
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "acme" } },
      ...level,
    };
    const states = { Keys: [keyOf("a"), keyOf("b")], ConsistentRead: true };

    const eventual = await client.send(new QueryCommand(query));
    const consistent = await client.send(new QueryCommand({ ...query, ConsistentRead: true }));
    const batch = await client.send(new BatchGetItemCommand({ RequestItems: { states }, ...level }));

    // A query adds its items up before it rounds; a batch rounds each.
    expect([eventual, consistent].map(units)).toEqual([1, 2]);
    expect(batch.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 }]);
  });

  it("of a transaction is twice that of its parts, condition checks included", async () => {
    await client.send(
      new PutItemCommand({ TableName, Item: { ...large, ...keyOf("checkpoint"), lease_owner: { S: "me" } } }),
    );
    const TransactItems = [ownedBy("me"), put("b"), put("c", { body: { B: new Uint8Array(2000) } })];

    const total = await client.send(new TransactWriteItemsCommand({ TransactItems, ...level }));
    const indexes = await client.send(
      new TransactWriteItemsCommand({ TransactItems, ReturnConsumedCapacity: "INDEXES" }),
    );

    // 3 + 1 + 2 kilobytes
    expect(total.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 12, WriteCapacityUnits: 12 }]);
    expect(indexes.ConsumedCapacity).toEqual([
      {
        TableName,
        CapacityUnits: 12,
        WriteCapacityUnits: 12,
        Table: { CapacityUnits: 12, WriteCapacityUnits: 12 },
      },
    ]);
    expect((await transact(TransactItems)).ConsumedCapacity).toBeUndefined();
  });
});
