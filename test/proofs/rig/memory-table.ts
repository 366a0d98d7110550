import { createHash } from "node:crypto";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { SqliteTable } from "../../../cli/exporters/local/sqlite-table.js";

/** The state of an exporter as the CLI keeps it, in memory, with backups. */
export class MemoryTable extends SqliteTable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    super(database);
    this.#database = database;
  }

  static open(): MemoryTable {
    return new MemoryTable(new DatabaseSync(":memory:"));
  }

  /** A backup of everything. @returns what puts it back. */
  backUp(): () => void {
    const tables = ["items", "pieces"].map((name) => ({
      name,
      rows: this.#database.prepare(`SELECT * FROM ${name}`).all(),
    }));
    return () => {
      this.clear();
      for (const { name, rows } of tables) {
        for (const row of rows) {
          const columns = Object.keys(row);
          this.#database
            .prepare(`INSERT INTO ${name} (${columns.join()}) VALUES (${columns.map(() => "?").join()})`)
            .run(...(Object.values(row) as SQLInputValue[]));
        }
      }
    };
  }

  /** Everything that is stored, as text, but for the names of runs, which are random, and the ends of their leases. */
  contents(): string {
    const rows = ["items", "pieces"].map((name) =>
      this.#database.prepare(`SELECT * FROM ${name} ORDER BY pk, sk`).all(),
    );
    const readable = (_: string, value: unknown) =>
      value instanceof Uint8Array ? createHash("sha256").update(value).digest("hex") : value;
    return JSON.stringify(rows, readable)
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "run")
      .replaceAll(/lease_until\\":[\d.]+/g, "lease_until");
  }

  /** Everything is lost. */
  clear(): void {
    this.#database.exec("DELETE FROM items; DELETE FROM pieces");
  }

  /** Number of stored pieces. */
  get pieces(): number {
    return Number(this.#database.prepare("SELECT count(*) AS number FROM pieces").get()?.["number"]);
  }

  /** Damages every stored piece, or removes them. */
  damagePieces(how: "changed" | "missing"): void {
    this.#database.exec(
      how === "missing" ? "DELETE FROM pieces" : "UPDATE pieces SET bytes = CAST('other bytes' AS BLOB)",
    );
  }

  close(): void {
    this.#database.close();
  }
}
