import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of this project's checkout. */
const PROJECT = join(import.meta.dirname, "..");

/** What a path on the command line is relative to. */
interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly currentDirectory: string;
}

/**
 * A path from the command line: relative to the user's current directory, or a `file:` URL (`file:lake`,
 * `file:///srv/lake`).
 *
 * `npm --prefix`, and `npm run` in a subfolder, start a script in the project's root and set INIT_CWD to the user's
 * directory. It is honoured only if npm has just started this script: child processes inherit the variable, and
 * another script's paths are relative to its own directory.
 *
 * @returns the text itself if the user is in the current directory.
 * @throws Error that says what is wrong, if the text is not a path on this machine.
 */
export function givenPath(
  text: string,
  { environment, currentDirectory }: Surroundings = {
    environment: process.env,
    currentDirectory: process.cwd(),
  },
): string {
  const path = localPath(text);
  const { INIT_CWD: origin, npm_package_json: packageFile } = environment;
  const isMovedByNpm =
    origin !== undefined &&
    packageFile !== undefined &&
    resolve(dirname(packageFile)) === resolve(PROJECT) &&
    resolve(currentDirectory) === resolve(PROJECT);
  return isMovedByNpm && resolve(origin) !== resolve(currentDirectory) ? resolve(origin, path) : path;
}

function localPath(text: string): string {
  if (text === "" || text.includes("\0")) {
    throw new Error("The path is empty or contains a NUL character.");
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(text) ?? [];
  if (scheme?.toLowerCase() !== "file") {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
      throw new Error("Use a path on this machine or a file: URL.");
    }
    return text;
  }
  const rest = text.slice("file:".length);
  try {
    // A URL has no relative paths, but people write them.
    const path = rest.startsWith("/") ? fileURLToPath(`file:${rest}`) : decodeURIComponent(rest);
    if (path !== "") {
      return path;
    }
  } catch {
    // Reported below.
  }
  throw new Error("This file: URL does not name a path on this machine; use file:///folder or file:folder.");
}
