import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import pRetry from "p-retry";

/** DynamoDB's limit of one BatchGetItem. */
const KEYS_PER_READ = 100;
const CONCURRENT_WRITES = 16;
/** Attempts to read keys that DynamoDB left out of an answer because it was throttling. */
const UNPROCESSED_RETRIES = 6;

/**
 * The last score of each account, so that the next event can be called an increase or a decrease.
 *
 * Each item keeps two generations, the score as of one cursor and the one before it. A window that is
 * repeated after a crash thus finds the score from before the window, although the crashed run may have
 * stored the score from after it.
 */
export class AccountScores {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #partitionKey: string;

  constructor(client: DynamoDBClient, table: string, partitionKey: string) {
    this.#client = client;
    this.#table = table;
    this.#partitionKey = partitionKey;
  }

  /** The scores, 0 to 100, that the accounts had before the window that begins at cursor `from`. */
  async before(from: number, accountIds: ReadonlySet<number>): Promise<ReadonlyMap<number, number>> {
    const scores = new Map<number, number>();
    const ids = [...accountIds];
    for (let start = 0; start < ids.length; start += KEYS_PER_READ) {
      const keys = ids.slice(start, start + KEYS_PER_READ).map((id) => this.#key(id));
      for (const item of await this.#readAll(keys)) {
        const score = scoreBefore(from, item);
        const id = item["sk"]?.S?.slice("score#".length);
        if (score !== undefined && id !== undefined) {
          scores.set(Number(id), score);
        }
      }
    }
    return scores;
  }

  /** Stores the scores as of cursor `to`. A run that was overtaken changes nothing. */
  async store(to: number, scores: ReadonlyMap<number, number>): Promise<void> {
    const limit = pLimit(CONCURRENT_WRITES);
    await limit.map([...scores], ([id, score]) => this.#storeOne(to, id, score));
  }

  async #storeOne(to: number, id: number, score: number): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: this.#key(id),
          // Every right-hand side sees the item as it was before the update.
          UpdateExpression:
            "SET previous_score = if_not_exists(score, :none), previous_as_of = if_not_exists(as_of, :none), " +
            "score = :score, as_of = :to",
          ConditionExpression: "attribute_not_exists(as_of) OR as_of < :to",
          ExpressionAttributeValues: {
            ":none": { NULL: true },
            ":score": { N: String(score) },
            ":to": { N: String(to) },
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
  }

  #key(accountId: number): Record<string, AttributeValue> {
    return { pk: { S: this.#partitionKey }, sk: { S: `score#${accountId}` } };
  }

  async #readAll(keys: Record<string, AttributeValue>[]): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let missing = keys;
    await pRetry(
      async () => {
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetItemCommand({
            RequestItems: { [this.#table]: { Keys: missing, ConsistentRead: true } },
          }),
        );
        items.push(...(Responses?.[this.#table] ?? []));
        missing = UnprocessedKeys?.[this.#table]?.Keys ?? [];
        if (missing.length > 0) {
          throw new UnprocessedKeysError(
            `DynamoDB left ${missing.length} of ${keys.length} account scores unread`,
          );
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

function scoreBefore(from: number, item: Record<string, AttributeValue>): number | undefined {
  const asOf = item["as_of"]?.N;
  const score = asOf !== undefined && Number(asOf) <= from ? item["score"]?.N : item["previous_score"]?.N;
  return score === undefined ? undefined : Number(score);
}
