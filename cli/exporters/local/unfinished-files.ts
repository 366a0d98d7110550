import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseObjectKey } from "../../../facts/object-names.js";
import { newLeaseOwner } from "../../../functions/security-lake-exporter/state/lease.js";
import { hasDied, processName } from "./lease-owner.js";

/*
 * An object of the lake is written under another name first, by which one can tell whose it is: a process that was
 * killed leaves it behind, and the file of one that is writing must stay.
 */

/** A name for an object that is being written. Readers of the lake look for *.parquet, and pass it over. */
export function unfinishedName(): string {
  return `.${encodeURIComponent(newLeaseOwner(processName()))}.tmp`;
}

const UNFINISHED = /^\.([\w.~%-]+)\.tmp$/;

/**
 * Removes what processes left behind that were killed while they wrote: those that are certainly gone from this machine,
 * and any whose file is older than a run can last.
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
  // It may have been finished meanwhile.
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
