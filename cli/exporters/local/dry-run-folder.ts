import { access, constants, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REGION_PARTITION } from "../../../facts/object-names.js";
import { makePrivateFolder } from "./private-files.js";

/** Where the objects of a dry run go. */
export interface DryRunFolder {
  readonly path: string;
  /** Whether it is outside the lake's folder, because that is not writable. */
  readonly isElsewhere: boolean;
}

const READ_ONLY: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * The folder within a lake's folder, emptied, for what a dry run would write; it is not part of the lake.
 * Where it is not writable, a new temporary folder.
 */
export async function emptyDryRunFolder(lake: string): Promise<DryRunFolder> {
  const path = join(lake, "dry-run");
  try {
    makePrivateFolder(path);
    await access(path, constants.W_OK);
    const entries = await readdir(path);
    for (const entry of entries.filter((name) => name.startsWith(REGION_PARTITION))) {
      await rm(join(path, entry), { recursive: true });
    }
    return { path, isElsewhere: false };
  } catch (error) {
    if (!READ_ONLY.has((error as NodeJS.ErrnoException).code ?? "")) {
      throw error;
    }
    return { path: await mkdtemp(join(tmpdir(), "vectra-cdr-dry-run-")), isElsewhere: true };
  }
}
