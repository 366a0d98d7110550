import type { DatabaseSync } from "node:sqlite";
import type {
  Attributes,
  Condition,
  DependentChange,
  Fence,
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
        "(pk TEXT NOT NULL, sk TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID;" +
        "CREATE TABLE IF NOT EXISTS pieces " +
        "(pk TEXT NOT NULL, sk TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (pk, sk))",
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
    return onDisk(this.#path, () => [...this.#items(pk, prefix)]);
  }

  async forEach(pk: string, prefix: string, show: (item: StateItem) => void): Promise<void> {
    onDisk(this.#path, () => {
      for (const item of this.#items(pk, prefix)) {
        show(item);
      }
    });
  }

  async latest(
    pk: string,
    prefix: string,
    isEnough: (items: readonly StateItem[]) => boolean,
  ): Promise<readonly StateItem[]> {
    const found: StateItem[] = [];
    for (const item of (await this.query(pk, prefix)).toReversed()) {
      found.push(item);
      if (isEnough(found)) {
        break;
      }
    }
    return found;
  }

  async keys(pk: string, prefix: string): Promise<readonly string[]> {
    return onDisk(this.#path, () =>
      this.#database
        .prepare(
          "SELECT sk FROM (SELECT pk, sk FROM items UNION ALL SELECT pk, sk FROM pieces) " +
            "WHERE pk = ? AND substr(sk, 1, length(?)) = ? ORDER BY sk",
        )
        .all(pk, prefix, prefix)
        .map(({ sk }) => String(sk)),
    );
  }

  async changeWhile({ key, when }: Fence, changes: readonly DependentChange[]): Promise<boolean> {
    return onDisk(this.#path, () =>
      this.#transaction(() => {
        const holds = isAllowed(this.#get(key) ?? {}, { when });
        for (const change of holds ? changes : []) {
          if ("remove" in change) {
            this.#delete(change.key);
          } else {
            this.#put(change.key, { ...this.#get(change.key), ...change.set });
          }
        }
        return holds;
      }),
    );
  }

  async delete(key: ItemKey): Promise<void> {
    onDisk(this.#path, () => this.#transaction(() => this.#delete(key)));
  }

  async putBytes({ pk, sk }: ItemKey, bytes: Uint8Array): Promise<void> {
    onDisk(this.#path, () =>
      this.#database
        .prepare("INSERT OR REPLACE INTO pieces (pk, sk, bytes) VALUES (?, ?, ?)")
        .run(pk, sk, bytes),
    );
  }

  async readBytes(pk: string, sks: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const select = this.#database.prepare("SELECT bytes FROM pieces WHERE pk = ? AND sk = ?");
    return onDisk(
      this.#path,
      () =>
        new Map(
          sks.flatMap((sk) => {
            const bytes = select.get(pk, sk)?.["bytes"];
            return bytes instanceof Uint8Array ? [[sk, bytes]] : [];
          }),
        ),
    );
  }

  #update(key: ItemKey, update: StateUpdate): Attributes | undefined {
    return this.#transaction(() => {
      const before = this.#get(key) ?? {};
      const after = isAllowed(before, update) ? changed(before, update) : undefined;
      if (after !== undefined) {
        this.#put(key, after);
      }
      return after;
    });
  }

  #transaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#database.exec("ROLLBACK");
      }
      throw error;
    }
  }

  #put({ pk, sk }: ItemKey, attributes: Attributes): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO items (pk, sk, attributes) VALUES (?, ?, ?)")
      .run(pk, sk, JSON.stringify(attributes));
  }

  #delete({ pk, sk }: ItemKey): void {
    for (const table of ["items", "pieces"]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE pk = ? AND sk = ?`).run(pk, sk);
    }
  }

  *#items(pk: string, prefix: string): Generator<StateItem> {
    const rows = this.#database
      .prepare(
        "SELECT sk, attributes FROM items WHERE pk = ? AND sk >= ? AND substr(sk, 1, length(?)) = ? ORDER BY sk",
      )
      .iterate(pk, prefix, prefix, prefix);
    for (const row of rows) {
      yield { pk, sk: String(row["sk"]), attributes: attributesIn(row) };
    }
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
