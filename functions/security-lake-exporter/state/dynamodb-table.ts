import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import pRetry from "p-retry";
import { AwsCallError } from "../aws-requests.js";
import { expressionsOf } from "./dynamodb-expressions.js";
import type {
  Attributes,
  DependentChange,
  Fence,
  ItemKey,
  StateItem,
  StateTable,
  StateUpdate,
} from "./state-table.js";

/** DynamoDB's limit of one BatchGetItem. */
const KEYS_PER_READ = 100;
/** Attempts to read keys that DynamoDB left out of an answer because it was throttling. */
const UNPROCESSED_RETRIES = 6;
/** DynamoDB's limits of one transaction are 100 changes, one of which is the check, and 4 MB. */
const CHANGES_PER_TRANSACTION = 20;
const BYTES_PER_TRANSACTION = 3_000_000;
/** An item that is removed counts too, and its size is not known: the largest has this one. */
const REMOVED_BYTES = 400_000;
const TRANSACTION_RETRIES = 5;
/** Items per page when the newest ones are wanted. */
const ITEMS_PER_PAGE = 50;
/** Attribute of an item that holds bytes. */
const BYTES = "bytes";

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
      if (item === undefined) {
        throw this.#wrongAnswer("UpdateItem");
      }
      return stateItem(item).attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  }

  async read(pk: string, sks: readonly string[]): Promise<readonly StateItem[]> {
    return (await this.#itemsOf(pk, sks)).map(stateItem);
  }

  async query(pk: string, prefix: string): Promise<readonly StateItem[]> {
    const found: StateItem[] = [];
    await this.forEach(pk, prefix, (item) => found.push(item));
    return found;
  }

  async forEach(pk: string, prefix: string, show: (item: StateItem) => void): Promise<void> {
    for await (const page of this.#pages(pk, prefix)) {
      for (const item of page) {
        show(stateItem(item));
      }
    }
  }

  async latest(
    pk: string,
    prefix: string,
    isEnough: (items: readonly StateItem[]) => boolean,
  ): Promise<readonly StateItem[]> {
    const found: StateItem[] = [];
    for await (const page of this.#pages(pk, prefix, { ScanIndexForward: false, Limit: ITEMS_PER_PAGE })) {
      found.push(...page.map(stateItem));
      if (isEnough(found)) {
        break;
      }
    }
    return found;
  }

  async keys(pk: string, prefix: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of this.#pages(pk, prefix, { ProjectionExpression: "sk" })) {
      found.push(...page.map(({ sk }) => sk?.S ?? ""));
    }
    return found;
  }

  async changeWhile(fence: Fence, changes: readonly DependentChange[]): Promise<boolean> {
    const { TableName, Key, ...condition } = this.#target(fence.key, { when: fence.when });
    const check = { TableName, Key, ...condition, ConditionExpression: condition.ConditionExpression ?? "" };
    for (const group of groupsOf(changes)) {
      const parts = group.map(
        (change): TransactWriteItem =>
          "remove" in change
            ? { Delete: { TableName: this.#name, Key: keyOf(change.key) } }
            : { Update: this.#target(change.key, { set: change.set }) },
      );
      if (!(await this.#transact([{ ConditionCheck: check }, ...parts]))) {
        return false;
      }
    }
    return true;
  }

  async delete(key: ItemKey): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#name, Key: keyOf(key) }));
  }

  async putBytes(key: ItemKey, bytes: Uint8Array): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#name,
        Key: keyOf(key),
        UpdateExpression: "SET #bytes = :bytes",
        ExpressionAttributeNames: { "#bytes": BYTES },
        ExpressionAttributeValues: { ":bytes": { B: bytes } },
        ReturnValues: "NONE",
      }),
    );
  }

  async readBytes(pk: string, sks: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const items = await this.#itemsOf(pk, sks);
    return new Map(
      items.flatMap(({ sk, [BYTES]: bytes }) => (bytes?.B === undefined ? [] : [[sk?.S ?? "", bytes.B]])),
    );
  }

  /** JSON of another shape, such as `{}`, must not pass for a table without items: an export would begin anew. */
  #wrongAnswer(operation: string): AwsCallError {
    return new AwsCallError(
      `${operation} of DynamoDB table ${this.#name} failed: the answer is not that of DynamoDB. Check proxies and endpoints`,
    );
  }

  /** @returns false where the check does not hold. */
  async #transact(parts: TransactWriteItem[]): Promise<boolean> {
    const send = async () => {
      try {
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems: parts }));
        return true;
      } catch (error) {
        const reasons =
          error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
        if (reasons[0]?.Code === "ConditionalCheckFailed") {
          return false;
        }
        throw error;
      }
    };
    // The SDK does not repeat a transaction that met another one, or was throttled.
    return await pRetry(send, {
      retries: TRANSACTION_RETRIES,
      minTimeout: 100,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof TransactionCanceledException,
    });
  }

  #target(key: ItemKey, update: StateUpdate) {
    const { UpdateExpression, ConditionExpression, ...names } = expressionsOf(update);
    return {
      TableName: this.#name,
      Key: keyOf(key),
      UpdateExpression: UpdateExpression === "" ? undefined : UpdateExpression,
      ConditionExpression,
      ...names,
    };
  }

  async *#pages(
    pk: string,
    prefix: string,
    options: Partial<QueryCommandInput> = {},
  ): AsyncGenerator<readonly Record<string, AttributeValue>[]> {
    // DynamoDB refuses an empty value for a key.
    const condition =
      prefix === ""
        ? { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: pk } } }
        : {
            KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: prefix } },
          };
    const pages = paginateQuery(
      { client: this.#client },
      { TableName: this.#name, ConsistentRead: true, ...condition, ...options },
    );
    for await (const { Items = [] } of pages) {
      yield Items;
    }
  }

  async #itemsOf(pk: string, sks: readonly string[]): Promise<readonly Record<string, AttributeValue>[]> {
    const found: Record<string, AttributeValue>[] = [];
    for (let start = 0; start < sks.length; start += KEYS_PER_READ) {
      const keys = sks.slice(start, start + KEYS_PER_READ).map((sk) => keyOf({ pk, sk }));
      found.push(...(await this.#readAll(keys)));
    }
    return found;
  }

  /** An answer has 16 MB at most: what does not fit is asked for again at once, what DynamoDB throttles after a pause. */
  async #readAll(keys: Record<string, AttributeValue>[]): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let missing = keys;
    const readMore = async () => {
      for (let before = missing.length + 1; missing.length > 0 && missing.length < before; ) {
        before = missing.length;
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetItemCommand({
            RequestItems: { [this.#name]: { Keys: missing, ConsistentRead: true } },
          }),
        );
        if (Responses === undefined) {
          throw this.#wrongAnswer("BatchGetItem");
        }
        items.push(...(Responses[this.#name] ?? []));
        missing = UnprocessedKeys?.[this.#name]?.Keys ?? [];
      }
      if (missing.length > 0) {
        throw new UnprocessedKeysError(
          `DynamoDB left ${missing.length} of ${keys.length} items of table ${this.#name} unread`,
        );
      }
    };
    await pRetry(readMore, {
      retries: UNPROCESSED_RETRIES,
      minTimeout: 100,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof UnprocessedKeysError,
    });
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

/** Groups of changes that fit into one transaction each. */
function groupsOf(changes: readonly DependentChange[]): readonly (readonly DependentChange[])[] {
  const groups: DependentChange[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = "remove" in change ? REMOVED_BYTES : Buffer.byteLength(JSON.stringify(change));
    const last = groups.at(-1);
    if (
      last === undefined ||
      last.length >= CHANGES_PER_TRANSACTION ||
      bytes + size > BYTES_PER_TRANSACTION
    ) {
      groups.push([change]);
      bytes = size;
    } else {
      last.push(change);
      bytes += size;
    }
  }
  return groups;
}
