import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { DeploymentError } from "./diagnostics.js";

/** Bytes of the largest file that is read: a deployment of 200 accounts takes 20 kB. */
const MAX_BYTES = 2 * 1024 * 1024;

const COPY = "Copy examples/organization/deployment.yaml and fill in your values.";
const AS_TEXT = "Save it as UTF-8.";

/**
 * The text of a deployment file.
 *
 * @throws DeploymentError for a file that is not there, or that no deployment can be read from.
 */
export function readDeploymentText(path: string): string {
  const bytes = readBytes(path);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw unreadable(path, "is encoded in UTF-16", AS_TEXT);
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw unreadable(path, "is not a text file: it contains a zero byte", AS_TEXT, lineAt(bytes, zero));
  }
  // A byte order mark is left out.
  const text = new TextDecoder().decode(bytes);
  const replaced = text.indexOf("\ufffd");
  if (replaced >= 0 && !bytes.includes("\ufffd")) {
    throw unreadable(path, "is not valid UTF-8", AS_TEXT, text.slice(0, replaced).split("\n").length);
  }
  return text;
}

function readBytes(path: string): Buffer {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      throw unreadable(path, "is a folder", "Pass the deployment file in it.");
    }
    // A device may have no end; a pipe of a shell's <(…) has one.
    if (!stats.isFile() && !stats.isFIFO()) {
      throw unreadable(path, "is not a file", COPY);
    }
    if (stats.size > MAX_BYTES) {
      const size = (stats.size / 1024 / 1024).toFixed(1);
      throw unreadable(path, `is ${size} MiB; the maximum is 2 MiB`, "Pass another file.");
    }
    return stats.isFIFO() ? readPipe(path) : readFileSync(path);
  } catch (error) {
    if (error instanceof DeploymentError) {
      throw error;
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw unreadable(
      path,
      `cannot be read (${code})`,
      code === "ENOENT" ? COPY : "Fix the path or its permissions.",
    );
  }
}

/** The writer of a pipe may never end. */
function readPipe(path: string): Buffer {
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  const pipe = openSync(path, "r");
  try {
    let length = 0;
    let read: number;
    do {
      read = readSync(pipe, bytes, length, bytes.length - length, null);
      length += read;
    } while (read > 0 && length <= MAX_BYTES);
    if (length > MAX_BYTES) {
      throw unreadable(path, "is larger than the maximum of 2 MiB", "Pass another file.");
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(pipe);
  }
}

function lineAt(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
}

function unreadable(file: string, problem: string, remedy: string, line = 1): DeploymentError {
  return new DeploymentError([{ file, line, column: 1, field: "", problem, remedy }]);
}
