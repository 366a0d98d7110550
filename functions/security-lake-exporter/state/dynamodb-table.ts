import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import pRetry from "p-retry";
import { given } from "../../../facts/given.js";
import type {
  Attributes,
  Condition,
  ItemKey,
  StateItem,
  StateTable,
  StateUpdate,
  StateValue,
} from "./state-table.js";

/** DynamoDB's limit of one BatchGetItem. */
const KEYS_PER_READ = 100;
/** Attempts to read keys that DynamoDB left out of an answer because it was throttling. */
const UNPROCESSED_RETRIES = 6;
/** DynamoDB refuses numbers that are nearer to 0 and not 0. */
const SMALLEST_NUMBER = 1e-130;

/** A DynamoDB table with hash key `pk` and range key `sk`. */
export class DynamoDbTable implements StateTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #returned: "ALL_NEW" | "UPDATED_NEW";

  /**
   * @param returned what DynamoDB answers an update with: the item, or only what was changed, for a caller who may not
   * be shown the rest by an update; the item is then read afterwards.
   */
  constructor(client: DynamoDBClient, name: string, returned: "ALL_NEW" | "UPDATED_NEW" = "ALL_NEW") {
    this.#client = client;
    this.#name = name;
    this.#returned = returned;
  }

  async update(key: ItemKey, update: StateUpdate): Promise<Attributes | undefined> {
    try {
      const { Attributes: item } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#name,
          Key: keyOf(key),
          ...expressionsOf(update),
          ReturnValues: this.#returned,
        }),
      );
      if (this.#returned === "UPDATED_NEW") {
        return (await this.read(key.pk, [key.sk]))[0]?.attributes ?? {};
      }
      return stateItem(item ?? {}).attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  }

  async read(pk: string, sks: readonly string[]): Promise<readonly StateItem[]> {
    const found: StateItem[] = [];
    for (let start = 0; start < sks.length; start += KEYS_PER_READ) {
      const keys = sks.slice(start, start + KEYS_PER_READ).map((sk) => keyOf({ pk, sk }));
      found.push(...(await this.#readAll(keys)).map(stateItem));
    }
    return found;
  }

  async query(pk: string, prefix: string): Promise<readonly StateItem[]> {
    const found: StateItem[] = [];
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: prefix } },
      },
    );
    for await (const { Items = [] } of pages) {
      found.push(...Items.map(stateItem));
    }
    return found;
  }

  async delete(key: ItemKey): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#name, Key: keyOf(key) }));
  }

  async #readAll(keys: Record<string, AttributeValue>[]): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let missing = keys;
    await pRetry(
      async () => {
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetItemCommand({
            RequestItems: { [this.#name]: { Keys: missing, ConsistentRead: true } },
          }),
        );
        items.push(...(Responses?.[this.#name] ?? []));
        missing = UnprocessedKeys?.[this.#name]?.Keys ?? [];
        if (missing.length > 0) {
          throw new UnprocessedKeysError(`DynamoDB left ${missing.length} of ${keys.length} items unread`);
        }
      },
      {
        retries: UNPROCESSED_RETRIES,
        minTimeout: 100,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof UnprocessedKeysError,
      },
    );
    return items;
  }
}

class UnprocessedKeysError extends Error {}

function keyOf({ pk, sk }: ItemKey): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}

function stateItem(item: Record<string, AttributeValue>): StateItem {
  const { pk, sk, ...attributes } = unmarshall(item);
  return { pk, sk, attributes };
}

function storable(content: StateValue): StateValue {
  return typeof content === "number" && Math.abs(content) < SMALLEST_NUMBER ? 0 : content;
}

/** Every right-hand side of an update expression sees the item as it was before the update. */
function expressionsOf({ set = {}, copy = {}, remove = [], when = [] }: StateUpdate) {
  const names: Record<string, string> = {};
  const values: StateValue[] = [];
  const name = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (content: StateValue) => `:v${values.push(storable(content)) - 1}`;
  const condition = (test: Condition): string => {
    if ("absent" in test) {
      return `attribute_not_exists(${name(test.attribute)})`;
    }
    if ("equals" in test) {
      return `${name(test.attribute)} = ${value(test.equals)}`;
    }
    return "below" in test
      ? `${name(test.attribute)} < ${value(test.below)}`
      : `${name(test.attribute)} > ${value(test.above)}`;
  };
  const assignments = [
    ...Object.entries(set).map(([attribute, content]) => `${name(attribute)} = ${value(content)}`),
    ...Object.entries(copy).map(
      ([attribute, source]) => `${name(attribute)} = if_not_exists(${name(source)}, ${value(null)})`,
    ),
  ];
  const clauses = [
    ...(assignments.length > 0 ? [`SET ${assignments.join(", ")}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map(name).join(", ")}`] : []),
  ];
  const groups = when.map((alternatives) => `(${alternatives.map(condition).join(" OR ")})`);
  return {
    UpdateExpression: clauses.join(" "),
    ExpressionAttributeNames: names,
    ...given({
      ConditionExpression: groups.length > 0 ? groups.join(" AND ") : undefined,
      ExpressionAttributeValues:
        values.length > 0
          ? marshall(Object.fromEntries(values.map((content, index) => [`:v${index}`, content])))
          : undefined,
    }),
  };
}
