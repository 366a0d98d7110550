import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this project is checked out. */
const PROJECT = join(import.meta.dirname, "..");

/** What a path on a command line is read by. */
interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly currentDirectory: string;
}

/**
 * A path as a person gave it on the command line: relative to where the person stands, or a `file:` URL (`file:lake`,
 * `file:///srv/lake`).
 *
 * `npm --prefix`, and `npm run` in a folder below, start a script in the project's root; npm says in INIT_CWD where the
 * person is. That counts only where npm has just done so: the variable is inherited by everything that runs below, and
 * somebody else's script means its own folder.
 *
 * @returns the text itself where the person is in the current directory.
 * @throws Error saying what is wrong where it names no path of this machine.
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
    throw new Error("A path is missing.");
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(text) ?? [];
  if (scheme?.toLowerCase() !== "file") {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
      throw new Error("Only paths of this machine and file: URLs are allowed.");
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
    // Said below.
  }
  throw new Error("This is not a file: URL of this machine; use file:///folder or file:folder.");
}
