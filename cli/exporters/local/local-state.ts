import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StateTable } from "../../../functions/security-lake-exporter/state/state-table.js";
import { onDisk } from "./disk-errors.js";
import { makePrivateFile, makePrivateFolder } from "./private-files.js";
import { withReadOnlyDatabase } from "./read-only-database.js";
import { SqliteTable } from "./sqlite-table.js";

/** In the folder of the lake; readers of the lake ignore names that begin with a dot. */
const FILE = ".vectra-cdr.sqlite";
/** Milliseconds that a process waits for another one's transaction. */
const LOCK_TIMEOUT = 10_000;

/** State of a local exporter, and the settings of its tenants. Never a secret. */
export class LocalState {
  readonly table: StateTable;
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    // One transaction is one wait for the disk, and two processes create the tables only once.
    database.exec("BEGIN IMMEDIATE");
    this.table = new SqliteTable(database);
    database.exec("CREATE TABLE IF NOT EXISTS tenants (name TEXT PRIMARY KEY, settings TEXT NOT NULL)");
    database.exec("COMMIT");
  }

  /** Whether the folder holds an export. */
  static isIn(folder: string): boolean {
    return existsSync(join(folder, FILE));
  }

  /**
   * Opens the state of a folder for writing, and creates folder and state where there are none.
   *
   * @throws Error with path and remedy where the disk or SQLite fails.
   */
  static open(folder: string): LocalState {
    const path = join(folder, FILE);
    return onDisk(path, () => {
      makePrivateFolder(folder);
      makePrivateFile(path);
      const database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT });
      try {
        // An acknowledged update survives a power failure: SQLite's default with WAL does not guarantee that.
        database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        return new LocalState(database);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  /**
   * A copy of a folder's state in memory, or an empty one where the folder has none: to read it, or for a dry run. Nothing
   * in the folder is changed, so it may be read-only.
   *
   * @throws Error with path and remedy where the disk or SQLite fails.
   */
  static copyOf(folder: string | undefined): LocalState {
    const copy = new LocalState(new DatabaseSync(":memory:", { timeout: LOCK_TIMEOUT }));
    if (folder !== undefined && LocalState.isIn(folder)) {
      const path = join(folder, FILE);
      onDisk(path, () =>
        withReadOnlyDatabase(path, (address) => {
          copyInto(copy.#database, address);
        }),
      );
      (copy.table as SqliteTable).forgetExpired();
    }
    return copy;
  }

  /** The remembered settings of each tenant, as JSON, by name. */
  settings(): ReadonlyMap<string, unknown> {
    const rows = this.#database.prepare("SELECT name, settings FROM tenants ORDER BY name").all();
    return new Map(rows.map((row) => [String(row["name"]), JSON.parse(String(row["settings"])) as unknown]));
  }

  remember(name: string, settings: unknown): void {
    this.#database
      .prepare(
        "INSERT INTO tenants (name, settings) VALUES (?, ?) " +
          "ON CONFLICT (name) DO UPDATE SET settings = excluded.settings WHERE settings <> excluded.settings",
      )
      .run(name, JSON.stringify(settings));
  }

  close(): void {
    this.#database.close();
  }
}

/** Copies a consistent snapshot of another database into a database in memory. */
function copyInto(database: DatabaseSync, address: string): void {
  database.prepare("ATTACH ? AS original").run(address);
  try {
    database.exec("BEGIN");
    // A process that was killed during its first transaction leaves an empty database.
    for (const { name } of database
      .prepare(
        "SELECT name FROM original.sqlite_master WHERE type = 'table' AND name IN ('items', 'pieces', 'tenants')",
      )
      .all()) {
      database.exec(`DELETE FROM main.${name}; INSERT INTO main.${name} SELECT * FROM original.${name}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  } finally {
    database.exec("DETACH original");
  }
}
