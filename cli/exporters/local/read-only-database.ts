import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Attempts to read a database that other processes keep opening and closing. */
const ATTEMPTS = 20;

/**
 * Reads a SQLite database with a write-ahead log and leaves no trace: not even the index and the lock files that reading
 * normally creates, which a read-only folder does not allow.
 *
 * @param path of the database.
 * @param read is called with the URI to open, and again if the database has changed meanwhile.
 */
export function withReadOnlyDatabase(path: string, read: (uri: string) => void): void {
  for (let attempt = 1; ; attempt += 1) {
    const before = stampOf(path);
    try {
      readAsItIs(path, read);
      if (before === stampOf(path) || attempt === ATTEMPTS) {
        return;
      }
    } catch (error) {
      // Files come and go with the first writer that opens the database, and the last one that closes it.
      if (before === stampOf(path) || attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

function readAsItIs(path: string, read: (uri: string) => void): void {
  if (existsSync(`${path}-shm`)) {
    // A writer has it open, or was killed: SQLite takes its locks, or an index of its own in memory.
    read(uriOf(path, "mode=ro&readonly_shm=1"));
  } else if (sizeOf(`${path}-wal`) > 0) {
    readCopy(path, read);
  } else {
    // No process has it open, so everything is in the one file.
    read(uriOf(path, "immutable=1"));
  }
}

/** A log without its index, as a backup has it: SQLite must write the index before it can read. */
function readCopy(path: string, read: (uri: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "vectra-cdr-"));
  try {
    const copy = join(folder, "copy.sqlite");
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    read(uriOf(copy, "mode=rw"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Changes when a writer comes while the database is read without locks. The log of a database that is read with locks may
 * grow: a reader sees a snapshot.
 */
function stampOf(path: string): string {
  if (existsSync(`${path}-shm`)) {
    return "locked";
  }
  const { mtimeNs, size } = statSync(path, { bigint: true });
  return `${mtimeNs} ${size} ${sizeOf(`${path}-wal`)}`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function uriOf(path: string, query: string): string {
  const url = pathToFileURL(path);
  url.search = query;
  return url.href;
}
