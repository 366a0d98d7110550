import type { DatabaseSync } from "node:sqlite";
import type {
  Attributes,
  Condition,
  ItemKey,
  StateItem,
  StateTable,
  StateUpdate,
  StateValue,
} from "../../../functions/security-lake-exporter/state/state-table.js";
import { onDisk } from "./disk-errors.js";

/**
 * The exporter's state in a SQLite database. An update reads, decides and writes within one transaction that
 * begins with the write lock, so that of two processes one waits for the other.
 */
export class SqliteTable implements StateTable {
  readonly #database: DatabaseSync;
  readonly #path: string;

  /** @param database in which the table is created where there is none, and expired items are deleted. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#path = database.location() ?? "The state in memory";
    database.exec(
      "CREATE TABLE IF NOT EXISTS items " +
        "(pk TEXT NOT NULL, sk TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID",
    );
    this.forgetExpired();
  }

  /** Deletes expired items, as DynamoDB's time to live does: the exporter relies on it. */
  forgetExpired(): void {
    this.#database
      .prepare("DELETE FROM items WHERE attributes ->> 'expires_at' < ?")
      .run(Math.floor(Date.now() / 1000));
  }

  async update(key: ItemKey, update: StateUpdate): Promise<Attributes | undefined> {
    return onDisk(this.#path, () => this.#update(key, update));
  }

  async read(pk: string, sks: readonly string[]): Promise<readonly StateItem[]> {
    return onDisk(this.#path, () =>
      sks.flatMap((sk) => {
        const attributes = this.#get({ pk, sk });
        return attributes === undefined ? [] : [{ pk, sk, attributes }];
      }),
    );
  }

  async query(pk: string, prefix: string): Promise<readonly StateItem[]> {
    return onDisk(this.#path, () => this.#query(pk, prefix));
  }

  async delete({ pk, sk }: ItemKey): Promise<void> {
    onDisk(this.#path, () => this.#database.prepare("DELETE FROM items WHERE pk = ? AND sk = ?").run(pk, sk));
  }

  #update(key: ItemKey, update: StateUpdate): Attributes | undefined {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const before = this.#get(key) ?? {};
      const after = isAllowed(before, update) ? changed(before, update) : undefined;
      if (after !== undefined) {
        this.#database
          .prepare("INSERT OR REPLACE INTO items (pk, sk, attributes) VALUES (?, ?, ?)")
          .run(key.pk, key.sk, JSON.stringify(after));
      }
      this.#database.exec("COMMIT");
      return after;
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#database.exec("ROLLBACK");
      }
      throw error;
    }
  }

  #query(pk: string, prefix: string): readonly StateItem[] {
    return this.#database
      .prepare(
        "SELECT sk, attributes FROM items WHERE pk = ? AND sk >= ? AND substr(sk, 1, length(?)) = ? ORDER BY sk",
      )
      .all(pk, prefix, prefix, prefix)
      .map((row) => ({ pk, sk: String(row["sk"]), attributes: attributesIn(row) }));
  }

  #get({ pk, sk }: ItemKey): Attributes | undefined {
    const row = this.#database.prepare("SELECT attributes FROM items WHERE pk = ? AND sk = ?").get(pk, sk);
    return row === undefined ? undefined : attributesIn(row);
  }
}

function attributesIn(row: Readonly<Record<string, unknown>>): Attributes {
  return JSON.parse(String(row["attributes"])) as Attributes;
}

function isAllowed(before: Attributes, { when = [] }: StateUpdate): boolean {
  return when.every((alternatives) => alternatives.some((condition) => holds(before, condition)));
}

function holds(before: Attributes, condition: Condition): boolean {
  const value = before[condition.attribute];
  if ("absent" in condition) {
    return value === undefined;
  }
  if ("equals" in condition) {
    return value === condition.equals;
  }
  if (typeof value !== "number") {
    return false;
  }
  return "below" in condition ? value < condition.below : value > condition.above;
}

function changed(before: Attributes, { set = {}, copy = {}, remove = [] }: StateUpdate): Attributes {
  const copies = Object.entries(copy).map(([attribute, source]): [string, StateValue] => [
    attribute,
    before[source] ?? null,
  ]);
  const after = { ...before, ...set, ...Object.fromEntries(copies) };
  return Object.fromEntries(Object.entries(after).filter(([attribute]) => !remove.includes(attribute)));
}
