/** An error in words: what is wrong with the path, and what to do. */
interface Explanation {
  readonly problem: string;
  readonly remedy: string;
}

const AGAIN = "then run the same command again; nothing is lost or duplicated.";

const DENIED: Explanation = {
  problem: "permission denied",
  remedy: "Give this user write permission to it, or use another folder.",
};
const READ_ONLY: Explanation = {
  problem: "is read-only",
  remedy: "Use a folder on a file system that can be written to.",
};
const FULL: Explanation = { problem: "no space left on the disk", remedy: `Free some, ${AGAIN}` };
const NO_FOLDER: Explanation = {
  problem: "is a file where a folder is needed",
  remedy: "Use another folder, or move the file away.",
};
const BROKEN: Explanation = {
  problem: "the disk reports an error",
  remedy: `Check the disk, ${AGAIN}`,
};
const NO_STATE: Explanation = {
  problem: "is damaged, or is not a state of vectra-cdr",
  remedy:
    "Restore it from a backup, or move it away and continue as described in cli/README.md under “When the state is lost”.",
};

/** By the codes of Node. */
const FILE_SYSTEM: Readonly<Record<string, Explanation>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: READ_ONLY,
  ENOSPC: FULL,
  EDQUOT: FULL,
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EISDIR: {
    problem: "is a folder where a file is needed",
    remedy: "Use another path, or move the folder away.",
  },
  ENOENT: { problem: "does not exist", remedy: "Check the path." },
  EIO: BROKEN,
  EMFILE: {
    problem: "too many open files",
    remedy: `Raise the limit (ulimit -n), ${AGAIN}`,
  },
  ENAMETOOLONG: { problem: "the path is too long", remedy: "Use a folder with a shorter path." },
};

/** By SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const SQLITE: Readonly<Record<number, Explanation>> = {
  3: DENIED,
  5: {
    problem: "is locked by another process",
    remedy: `Wait until that has ended, ${AGAIN} If none is running, the folder may be on a network file system, whose locks are not reliable: use a local disk.`,
  },
  8: READ_ONLY,
  10: BROKEN,
  11: NO_STATE,
  13: FULL,
  14: {
    problem: "cannot be opened",
    remedy: "Check that the folder exists and that this user may write to it.",
  },
  26: NO_STATE,
};

/** An error about a path, with a remedy. */
class DiskError extends Error {
  override readonly name = "DiskError";
}

/** The error with path and remedy, or the error itself where no remedy is known. */
function explainedDiskError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof DiskError) {
    return error;
  }
  const { code, errcode, path: ofSystem } = error as NodeJS.ErrnoException & { errcode?: number };
  const isSqlite = code === "ERR_SQLITE_ERROR" && errcode !== undefined;
  // The lowest byte is the primary code.
  const explanation = isSqlite ? SQLITE[errcode & 0xff] : FILE_SYSTEM[code ?? ""];
  if (explanation === undefined) {
    return isSqlite ? new DiskError(`${path}: ${error.message}.`, { cause: error }) : error;
  }
  const { problem, remedy } = explanation;
  const reported = isSqlite ? `SQLite: ${error.message}` : code;
  return new DiskError(`${isSqlite ? path : (ofSystem ?? path)}: ${problem} (${reported}). ${remedy}`, {
    cause: error,
  });
}

/** Does something with a file or folder. @throws Error with path and remedy where the disk or SQLite fails. */
export function onDisk<Result>(path: string, work: () => Result): Result {
  try {
    const result = work();
    return result instanceof Promise
      ? (result.catch((error: unknown) => {
          throw explainedDiskError(error, path);
        }) as Result)
      : result;
  } catch (error) {
    throw explainedDiskError(error, path);
  }
}
