import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseObjectKey } from "../../../facts/object-names.js";
import { newLeaseOwner } from "../../../functions/security-lake-exporter/state/lease.js";
import { hasDied, processName } from "./lease-owner.js";

/*
 * An object of the lake is first written under a temporary name that identifies its writer: the file of a process that was
 * killed can be removed, the file of one that is still writing must stay.
 */

/** A name for an object that is being written. Readers of the lake look for *.parquet, and ignore it. */
export function unfinishedName(): string {
  return `.${encodeURIComponent(newLeaseOwner(processName()))}.tmp`;
}

const UNFINISHED = /^\.([\w.~%-]+)\.tmp$/;

/**
 * Removes the unfinished files of processes that were killed: of those that have certainly ended on this machine, and any
 * file that is older than a run can last.
 *
 * @param maxAge milliseconds.
 */
export async function removeAbandonedFiles(folder: string, maxAge: number): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    const [, writer] = UNFINISHED.exec(parseObjectKey(path)?.name ?? "") ?? [];
    if (writer !== undefined && (await isAbandoned(join(folder, path), writer, maxAge))) {
      await rm(join(folder, path), { force: true });
    }
  }
}

async function isAbandoned(path: string, writer: string, maxAge: number): Promise<boolean> {
  if (hasDied(ownerNamed(writer))) {
    return true;
  }
  // It may have been finished since.
  const file = await stat(path).catch(() => undefined);
  return file !== undefined && Date.now() - file.mtimeMs > maxAge;
}

function ownerNamed(writer: string): string {
  try {
    return decodeURIComponent(writer);
  } catch {
    return basename(writer);
  }
}
