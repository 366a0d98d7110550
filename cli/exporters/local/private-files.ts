import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/*
 * Records name people and their accounts: files and folders created by vectra-cdr are accessible to their owner only,
 * regardless of the umask. Existing ones keep their mode, because they may be shared on purpose.
 */

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Creates a folder, and those above it, where there is none. */
export function makePrivateFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) {
    return;
  }
  const above = dirname(resolve(first));
  for (let folder = resolve(path); folder !== above; folder = dirname(folder)) {
    chmodSync(folder, FOLDER_MODE);
  }
}

/** Creates an empty file where there is none. An existing one is not opened, which would drop SQLite's locks on it. */
export function makePrivateFile(path: string): void {
  try {
    const file = openSync(path, "wx", FILE_MODE);
    closeSync(file);
    chmodSync(path, FILE_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
}

/** Opens a new file for writing. */
export async function createPrivateFile(path: string): Promise<FileHandle> {
  const file = await open(path, "wx", FILE_MODE);
  await file.chmod(FILE_MODE);
  return file;
}
