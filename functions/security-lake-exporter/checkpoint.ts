import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod/mini";
import type { Tenant } from "./settings.js";
import type { KnownWindow } from "./vectra/events.js";

/**
 * What a run is about to write, fixed durably before its first object. Everything that decides which
 * objects there are and what they are called is in here, so a run that finds an intent can only finish
 * it, never choose other objects for the same events.
 */
export interface Intent extends KnownWindow {
  readonly settings: WindowSettings;
}

/** The settings that decide which objects a window becomes, and what is in them. */
export type WindowSettings = Pick<
  Tenant,
  "includeScoreDecreases" | "profile" | "rawData" | "filters" | "partitionAccountId" | "partitionBy"
>;

/** The settings of a tenant's windows, as they are now. */
export function windowSettingsOf(tenant: Tenant): WindowSettings {
  const { includeScoreDecreases, profile, rawData, filters, partitionAccountId, partitionBy } = tenant;
  return { includeScoreDecreases, profile, rawData, filters, partitionAccountId, partitionBy };
}

/** What a run finds when it takes the lease. */
export interface CheckpointState {
  /** Cursor of the next window; undefined before the first run. */
  readonly nextFrom: number | undefined;
  /** A window that an earlier run fixed and did not complete. */
  readonly intent: Intent | undefined;
  /** Keys of the last events before `nextFrom`, in case the tenant repeats them. */
  readonly lastKeys: readonly string[];
}

/** Another run took over: this one must not move the checkpoint any more. */
class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

const storedState = z.object({
  next_from: z.optional(z.object({ N: z.string() })),
  // JSON, written by complete() below.
  last_keys: z.optional(z.object({ S: z.string() })),
  intent: z.optional(
    z.object({
      M: z.object({
        from: z.object({ N: z.string() }),
        to: z.object({ N: z.string() }),
        events: z.object({ N: z.string() }),
        last_event_id: z.object({ N: z.string() }),
        // JSON, written by toItem below.
        settings: z.object({ S: z.string() }),
      }),
    }),
  ),
});

/**
 * One tenant's checkpoint, guarded by a lease. Each write is one conditional update that gives the same
 * result when it is sent twice, because the SDK sends it again when the first answer was lost.
 */
export class Checkpoint {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #key: Record<string, AttributeValue>;
  readonly #owner: string;

  /**
   * @param partitionKey hash key of everything that is kept for the tenant and API.
   * @param owner unique name of this run.
   */
  constructor(client: DynamoDBClient, table: string, partitionKey: string, owner: string) {
    this.#client = client;
    this.#table = table;
    this.#key = { pk: { S: partitionKey }, sk: { S: "checkpoint" } };
    this.#owner = owner;
  }

  /**
   * Takes the lease until `until`, unless another run holds one that has not ended.
   *
   * @param now milliseconds since the epoch.
   * @returns what there is to do, or undefined while another run holds the lease.
   */
  async acquire(now: number, until: number): Promise<CheckpointState | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: this.#key,
          UpdateExpression: "SET lease_owner = :owner, lease_until = :until",
          ConditionExpression:
            "attribute_not_exists(lease_owner) OR lease_until < :now OR lease_owner = :owner",
          ExpressionAttributeValues: {
            ":owner": { S: this.#owner },
            ":until": { N: String(until) },
            ":now": { N: String(now) },
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return stateOf(Attributes ?? {});
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  }

  /** Sets the cursor of the very first window. */
  async begin(nextFrom: number): Promise<void> {
    await this.#update({
      UpdateExpression: "SET next_from = :from, updated_at = :at",
      ConditionExpression: "lease_owner = :owner AND (attribute_not_exists(next_from) OR next_from = :from)",
      ExpressionAttributeValues: { ":from": { N: String(nextFrom) } },
    });
  }

  /** Makes a window's intent durable. No object of the window may be written before this returns. */
  async fix(intent: Intent): Promise<void> {
    await this.#update({
      UpdateExpression: "SET intent = :intent, updated_at = :at",
      ConditionExpression: "lease_owner = :owner AND next_from = :from",
      ExpressionAttributeValues: { ":intent": { M: toItem(intent) }, ":from": { N: String(intent.from) } },
    });
  }

  /** Moves the cursor behind a window whose objects are all written, and forgets the intent. */
  async complete(intent: Intent, lastKeys: readonly string[]): Promise<void> {
    await this.#update({
      UpdateExpression: "SET next_from = :to, last_keys = :keys, updated_at = :at REMOVE intent",
      ConditionExpression: "lease_owner = :owner AND (next_from = :from OR next_from = :to)",
      ExpressionAttributeValues: {
        ":from": { N: String(intent.from) },
        ":to": { N: String(intent.to) },
        ":keys": { S: JSON.stringify(lastKeys) },
      },
    });
  }

  /** Gives the lease back and notes the success. */
  async succeed(): Promise<void> {
    await this.#update({
      UpdateExpression: "SET last_success_at = :at REMOVE lease_owner, lease_until",
      ConditionExpression: "lease_owner = :owner",
    });
  }

  /** Gives the lease back after a failure, so that the next run need not wait until it ends. */
  async release(): Promise<void> {
    await this.#update({
      UpdateExpression: "SET updated_at = :at REMOVE lease_owner, lease_until",
      ConditionExpression: "lease_owner = :owner",
    });
  }

  async #update(update: {
    readonly UpdateExpression: string;
    readonly ConditionExpression: string;
    readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
  }): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: this.#key,
          ...update,
          ExpressionAttributeValues: {
            ...update.ExpressionAttributeValues,
            ":owner": { S: this.#owner },
            ":at": { S: new Date().toISOString() },
          },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        throw new LeaseLostError(
          `Run ${this.#owner} no longer holds the lease of ${this.#key["pk"]?.S}: another run goes on from the ` +
            "same checkpoint, and nothing is lost or doubled.",
        );
      }
      throw error;
    }
  }
}

function toItem(intent: Intent): Record<string, AttributeValue> {
  return {
    from: { N: String(intent.from) },
    to: { N: String(intent.to) },
    events: { N: String(intent.events) },
    last_event_id: { N: String(intent.lastEventId) },
    settings: { S: JSON.stringify(intent.settings) },
  };
}

function stateOf(item: Record<string, AttributeValue>): CheckpointState {
  const { next_from, last_keys, intent } = z.parse(storedState, item);
  return {
    lastKeys: JSON.parse(last_keys?.S ?? "[]") as string[],
    nextFrom: next_from === undefined ? undefined : Number(next_from.N),
    intent:
      intent === undefined
        ? undefined
        : {
            from: Number(intent.M.from.N),
            to: Number(intent.M.to.N),
            events: Number(intent.M.events.N),
            lastEventId: Number(intent.M.last_event_id.N),
            settings: JSON.parse(intent.M.settings.S) as WindowSettings,
          },
  };
}
