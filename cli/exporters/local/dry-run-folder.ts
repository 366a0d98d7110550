import { access, constants, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REGION_PARTITION } from "../../../facts/object-names.js";
import { makePrivateFolder } from "./private-files.js";

/** Where the objects of a dry run go. */
export interface DryRunFolder {
  readonly path: string;
  /** Whether it is outside the lake's folder, because that cannot be written to. */
  readonly isElsewhere: boolean;
}

const READ_ONLY: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * The part of a lake's folder that holds what the last dry run would have written, and is no part of the lake; emptied.
 * Where that cannot be written to, a new temporary folder.
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
