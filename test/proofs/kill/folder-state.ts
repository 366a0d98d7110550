import { copyFileSync, existsSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Name of a folder's state; SQLite's own files beside it begin with it. */
export const STATE_FILE = ".vectra-cdr.sqlite";

type Attributes = Readonly<Record<string, unknown>>;

/** How far a process had come when it was killed. */
export const MOMENTS = [
  /** It had not taken the lease. */
  "before its run",
  /** It held the lease. */
  "inside its run",
  /** It held the lease, with a window, fixed and not completed: the next run finishes that first. */
  "while writing",
  /** It had released the lease. */
  "after its run",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** The state of a folder, as SQL reads it, without the exporter. */
export class FolderState {
  readonly #path: string;
  readonly #copy: string;

  /** @param directory for copies. */
  constructor(folder: string, directory: string) {
    this.#path = join(folder, STATE_FILE);
    this.#copy = join(directory, "copy.sqlite");
  }

  /** What a process that was killed has left behind. */
  momentOf(pid: number): Moment {
    const run = `${hostname()}/${pid}/`;
    const items = this.#items();
    const held = items.find(({ lease_owner }) => String(lease_owner).startsWith(run));
    if (held !== undefined) {
      return held["intent"] === undefined || held["intent"] === null ? "inside its run" : "while writing";
    }
    return JSON.stringify(items).includes(run) ? "after its run" : "before its run";
  }

  /** What only an unfinished window needs: stored work, which is in a table of its own. */
  leftovers(): readonly string[] {
    return this.#readCopy((database) =>
      database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('items', 'tenants')")
        .all()
        .flatMap(({ name }) => database.prepare(`SELECT pk || ' ' || sk AS item FROM ${name}`).all())
        .map(({ item }) => String(item)),
    );
  }

  /**
   * Changes events in quarantine, as a version of the exporter that can read them would see them.
   *
   * @param fixed the event with this id; undefined for one that stays as it is.
   */
  fixQuarantined(fixed: (id: string) => object | undefined): void {
    const database = new DatabaseSync(this.#path, { timeout: 10_000 });
    try {
      const update = database.prepare(
        "UPDATE items SET attributes = json_set(attributes, '$.event', ?) WHERE pk = ? AND sk = ?",
      );
      const held = database
        .prepare("SELECT pk, sk, attributes ->> 'event_key' AS id FROM items WHERE sk LIKE 'quarantine#%'")
        .all();
      for (const { pk = null, sk = null, id } of held) {
        const event = fixed(String(id));
        if (event !== undefined) {
          update.run(JSON.stringify(event), pk, sk);
        }
      }
    } finally {
      database.close();
    }
  }

  /** How many events are in quarantine. */
  quarantined(): number {
    return this.#readCopy((database) =>
      database.prepare("SELECT sk FROM items WHERE sk LIKE 'quarantine#%'").all(),
    ).length;
  }

  #items(): readonly Attributes[] {
    return this.#readCopy((database) =>
      database
        .prepare("SELECT attributes FROM items")
        .all()
        .map(({ attributes }) => JSON.parse(String(attributes)) as Attributes),
    );
  }

  /** On a copy: what a killed process left in SQLite's log must be recovered by the next process, not by this one. */
  #readCopy<Result>(read: (database: DatabaseSync) => Result[]): readonly Result[] {
    if (!existsSync(this.#path)) {
      return [];
    }
    copyFileSync(this.#path, this.#copy);
    rmSync(`${this.#copy}-wal`, { force: true });
    if (existsSync(`${this.#path}-wal`)) {
      copyFileSync(`${this.#path}-wal`, `${this.#copy}-wal`);
    }
    const database = new DatabaseSync(this.#copy);
    try {
      const hasItems = database.prepare("SELECT name FROM sqlite_master WHERE name = 'items'").get();
      return hasItems === undefined ? [] : read(database);
    } finally {
      database.close();
    }
  }
}
