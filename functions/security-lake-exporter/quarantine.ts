import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import type { RejectedEvent } from "./vectra/events.js";

/** An event in quarantine. */
export interface QuarantinedEvent extends RejectedEvent {
  /** Sort key of its item. */
  readonly sortKey: string;
}

/** Days after which a quarantined event is deleted (by the table's time to live). */
const RETENTION_DAYS = 90;
const CONCURRENT_WRITES = 16;
/** An item has at most 400 KB; a longer event cannot be put through again, its beginning tells which it was. */
const MAX_EVENT_LENGTH = 300_000;

/**
 * Events that cannot be exported, kept beside the checkpoint until somebody has looked: the lake takes
 * only what its source declares, and one bad event must not hold up the rest.
 */
export class Quarantine {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #partitionKey: string;

  constructor(client: DynamoDBClient, table: string, partitionKey: string) {
    this.#client = client;
    this.#table = table;
    this.#partitionKey = partitionKey;
  }

  /**
   * Makes the quarantine hold exactly these events of the window that begins at cursor `from`. Another
   * version of the function may have rejected others when it wrote the window before it crashed.
   *
   * @param repeated whether the window may have been written before.
   */
  async hold(from: number, rejected: readonly RejectedEvent[], repeated: boolean): Promise<void> {
    const limit = pLimit(CONCURRENT_WRITES);
    const prefix = sortKeyOf(from, "");
    if (repeated) {
      const held = new Set(rejected.map(({ key }) => sortKeyOf(from, key)));
      const stale = (await this.#query(prefix)).filter(({ sortKey }) => !held.has(sortKey));
      await limit.map(stale, ({ sortKey }) => this.release(sortKey));
    }
    await limit.map(rejected, (event) => this.#holdOne(from, event));
  }

  /** Every event in quarantine, the oldest first. */
  all(): Promise<readonly QuarantinedEvent[]> {
    return this.#query("quarantine#");
  }

  /** Lets an event go. */
  async release(sortKey: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: this.#key(sortKey) }));
  }

  async #holdOne(from: number, { key, json, reason }: RejectedEvent): Promise<void> {
    const text = JSON.stringify(json);
    const now = new Date();
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: this.#key(sortKeyOf(from, key)),
        UpdateExpression:
          "SET event_key = :key, event = :event, truncated = :truncated, reason = :reason, " +
          "quarantined_at = :at, expires_at = :end",
        ExpressionAttributeValues: {
          ":key": { S: key },
          ":event": { S: text.slice(0, MAX_EVENT_LENGTH) },
          ":truncated": { BOOL: text.length > MAX_EVENT_LENGTH },
          ":reason": { S: reason },
          ":at": { S: now.toISOString() },
          ":end": { N: String(Math.floor(now.getTime() / 1000) + RETENTION_DAYS * 86_400) },
        },
      }),
    );
  }

  async #query(prefix: string): Promise<QuarantinedEvent[]> {
    const found: QuarantinedEvent[] = [];
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: { ":pk": { S: this.#partitionKey }, ":prefix": { S: prefix } },
      },
    );
    for await (const { Items = [] } of pages) {
      found.push(...Items.map(quarantinedEvent));
    }
    return found;
  }

  #key(sortKey: string): Record<string, AttributeValue> {
    return { pk: { S: this.#partitionKey }, sk: { S: sortKey } };
  }
}

/** Cursors are padded, so that the order of the keys is the order of the log. */
function sortKeyOf(from: number, key: string): string {
  return `quarantine#${String(from).padStart(16, "0")}#${key}`;
}

function quarantinedEvent(item: Record<string, AttributeValue>): QuarantinedEvent {
  const truncated = item["truncated"]?.BOOL ?? false;
  const text = item["event"]?.S ?? "null";
  return {
    sortKey: item["sk"]?.S ?? "",
    key: item["event_key"]?.S ?? "",
    json: truncated ? text : JSON.parse(text),
    reason: item["reason"]?.S ?? "",
  };
}
