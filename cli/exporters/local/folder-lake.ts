import { open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { objectKey, REGION_PARTITION } from "../../../facts/object-names.js";
import type { LakeObject, LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";
import { onDisk } from "./disk-errors.js";
import { createPrivateFile, makePrivateFolder } from "./private-files.js";
import { unfinishedName } from "./unfinished-files.js";

/** {@link LakeStore.location} of a folder with that `region=` partition. */
export function folderLocation(region: string): string {
  return `${REGION_PARTITION}${region}/`;
}

/** A folder with the partitions of a lake: what Security Lake keeps in a bucket, on a local disk. */
export class FolderLake implements LakeStore {
  readonly #folder: string;
  readonly #region: string;

  /** @param region the `region=` partition. */
  constructor(folder: string, region: string) {
    this.#folder = folder;
    this.#region = region;
  }

  /** A folder may be moved: its state moves with it. */
  get location(): string {
    return folderLocation(this.#region);
  }

  /** Returns the path of the file once it is durably on the disk: the cursor then moves past it. */
  async put(object: LakeObject): Promise<string> {
    const path = join(this.#folder, ...objectKey({ region: this.#region, ...object }).split("/"));
    await onDisk(path, () => this.#write(path, object.body));
    return path;
  }

  async #write(path: string, body: Uint8Array): Promise<void> {
    const directory = dirname(path);
    makePrivateFolder(directory);
    const unfinished = join(directory, unfinishedName());
    try {
      await writeDurably(unfinished, body);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    await this.#syncDirectories(directory);
  }

  /** A file is only as durable as the directory entries that lead to it. */
  async #syncDirectories(lowest: string): Promise<void> {
    // Windows cannot sync a directory, and refuses to open one.
    if (process.platform === "win32") {
      return;
    }
    const above = dirname(resolve(this.#folder));
    for (let directory = resolve(lowest); directory !== above; directory = dirname(directory)) {
      await syncDirectory(directory);
    }
  }
}

async function writeDurably(path: string, body: Uint8Array): Promise<void> {
  const file = await createPrivateFile(path);
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
