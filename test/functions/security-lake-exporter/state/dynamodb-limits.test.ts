import {
  BatchGetItemCommand,
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DynamoDbTable } from "../../../../functions/security-lake-exporter/state/dynamodb-table.js";

/** Answers, by command, in their order; the last one stays. */
let answers: ((input: Record<string, unknown>) => unknown)[];
/** What was sent. */
let sent: { readonly name: string; readonly input: Record<string, unknown> }[];
let client: DynamoDBClient;
let table: DynamoDbTable;

beforeEach(() => {
  answers = [];
  sent = [];
  client = new DynamoDBClient({ region: "eu-west-1" });
  vi.spyOn(client, "send").mockImplementation(async (command: { input: unknown }) => {
    const input = command.input as Record<string, unknown>;
    sent.push({ name: command.constructor.name, input });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer?.(input);
  });
  table = new DynamoDbTable(client, "states");
});
afterEach(() => client.destroy());

const FENCE = {
  key: { pk: "acme#v3.4", sk: "checkpoint" },
  when: [[{ attribute: "lease_owner", equals: "run" } as const]],
};
const CHANGES = [
  { key: { pk: "acme#v3.4", sk: "quarantine#1" }, set: { reason: "test" } },
  { key: { pk: "acme#v3.4", sk: "quarantine#2" }, remove: true as const },
];

const cancelled =
  (...codes: string[]) =>
  () => {
    throw new TransactionCanceledException({
      message: "Transaction cancelled",
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  };

describe("a transaction in DynamoDB", () => {
  it("checks the other item first, and neither asks for it nor for the changed ones", async () => {
    answers = [() => ({})];

    expect(await table.changeWhile(FENCE, CHANGES)).toBe(true);

    expect(sent).toEqual([
      {
        name: TransactWriteItemsCommand.name,
        input: {
          TransactItems: [
            {
              ConditionCheck: {
                TableName: "states",
                Key: { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" } },
                ConditionExpression: "(#lease_owner = :v0)",
                ExpressionAttributeNames: { "#lease_owner": "lease_owner" },
                ExpressionAttributeValues: { ":v0": { S: "run" } },
              },
            },
            {
              Update: {
                TableName: "states",
                Key: { pk: { S: "acme#v3.4" }, sk: { S: "quarantine#1" } },
                UpdateExpression: "SET #reason = :v0",
                ConditionExpression: undefined,
                ExpressionAttributeNames: { "#reason": "reason" },
                ExpressionAttributeValues: { ":v0": { S: "test" } },
              },
            },
            { Delete: { TableName: "states", Key: { pk: { S: "acme#v3.4" }, sk: { S: "quarantine#2" } } } },
          ],
        },
      },
    ]);
  });

  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "that is cancelled by %s is sent again",
    async (code) => {
      answers = [cancelled("None", code, "None"), cancelled("None", code, "None"), () => ({})];

      expect(await table.changeWhile(FENCE, CHANGES)).toBe(true);

      expect(sent).toHaveLength(3);
      expect(sent[2]).toEqual(sent[0]);
    },
  );

  it("whose check meets another transaction is sent again: it may still hold", async () => {
    answers = [cancelled("TransactionConflict", "None", "None"), () => ({})];

    expect(await table.changeWhile(FENCE, CHANGES)).toBe(true);
  });

  it("whose check does not hold is not sent again, and neither is the rest", async () => {
    answers = [cancelled("ConditionalCheckFailed", "None")];
    const many = Array.from({ length: 50 }, (_, index) => ({
      key: { pk: "acme#v3.4", sk: `quarantine#${index}` },
      remove: true as const,
    }));

    expect(await table.changeWhile(FENCE, many)).toBe(false);

    expect(sent).toHaveLength(1);
  });

  it("that fails otherwise is an error at once", async () => {
    answers = [
      () => {
        throw new Error("no rights");
      },
    ];

    await expect(table.changeWhile(FENCE, CHANGES)).rejects.toThrow("no rights");

    expect(sent).toHaveLength(1);
  });

  it("takes 20 changes, and at most 3 MB, to which each item that is removed may add 400 KB", async () => {
    answers = [() => ({})];
    const at = (index: number) => ({ pk: "p", sk: `q#${index}` });
    const changes = [
      ...Array.from({ length: 10 }, (_, index) => ({ key: at(index), remove: true as const })),
      ...Array.from({ length: 30 }, (_, index) => ({ key: at(10 + index), set: { event: "short" } })),
      // 0.9 MB each.
      ...Array.from({ length: 4 }, (_, index) => ({
        key: at(40 + index),
        set: { event: "€".repeat(300_000) },
      })),
    ];

    await table.changeWhile(FENCE, changes);

    // The check is one more.
    expect(sent.map(({ input }) => (input["TransactItems"] as unknown[]).length - 1)).toEqual([7, 20, 16, 1]);
  });
});

describe("bytes in DynamoDB", () => {
  /** Gives that many of the keys that are asked for, and leaves the others, as the limit of 16 MB does. */
  const giving = (most: number) => (input: Record<string, unknown>) => {
    const { states } = input["RequestItems"] as {
      states: { Keys: { pk: { S: string }; sk: { S: string } }[] };
    };
    const rest = states.Keys.slice(most);
    return {
      Responses: {
        states: states.Keys.slice(0, most).map((key) => ({ ...key, bytes: { B: Buffer.from(key.sk.S) } })),
      },
      UnprocessedKeys: rest.length === 0 ? {} : { states: { Keys: rest } },
    };
  };
  const KEYS = ["a", "b", "c", "d", "e", "f", "g"];

  it("that are more than one answer holds are asked for again at once", async () => {
    answers = [giving(3)];

    const found = await table.readBytes("p", KEYS);

    expect([...found].map(([key, bytes]) => [key, Buffer.from(bytes).toString()])).toEqual(
      KEYS.map((key) => [key, key]),
    );
    expect(sent.map(({ name }) => name)).toEqual(Array(3).fill(BatchGetItemCommand.name));
    expect(sent[0]?.input).toMatchObject({ RequestItems: { states: { ConsistentRead: true } } });
  });

  it("of which nothing was given are asked for again after a pause", async () => {
    answers = [giving(0), giving(0), giving(7)];
    const before = performance.now();

    expect([...(await table.readBytes("p", KEYS)).keys()]).toEqual(KEYS);

    expect(sent).toHaveLength(3);
    expect(performance.now() - before).toBeGreaterThanOrEqual(100);
  });

  it("that are not there, or no bytes, are left out", async () => {
    answers = [() => ({ Responses: { states: [{ pk: { S: "p" }, sk: { S: "a" }, x: { N: "1" } }] } })];

    expect(await table.readBytes("p", ["a", "b"])).toEqual(new Map());
  });

  it("are stored without an echo, and read by a query of keys without their content", async () => {
    answers = [() => ({})];
    await table.putBytes({ pk: "p", sk: "a" }, Uint8Array.of(1, 2));

    expect(sent).toEqual([
      {
        name: UpdateItemCommand.name,
        input: {
          TableName: "states",
          Key: { pk: { S: "p" }, sk: { S: "a" } },
          UpdateExpression: "SET #bytes = :bytes",
          ExpressionAttributeNames: { "#bytes": "bytes" },
          ExpressionAttributeValues: { ":bytes": { B: Uint8Array.of(1, 2) } },
          ReturnValues: "NONE",
        },
      },
    ]);

    answers = [() => ({ Items: [{ sk: { S: "a" } }] })];
    expect(await table.keys("p", "")).toEqual(["a"]);
    expect(sent[1]?.input).toMatchObject({ ProjectionExpression: "sk", ConsistentRead: true });
  });
});
