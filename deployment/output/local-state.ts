import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file that Terraform's local backend keeps a state in. */
export interface LocalState {
  /** The stack whose state it is. */
  readonly stack: string;
  /** The deployment in the file's name; absent in the names that earlier versions gave. */
  readonly deployment: string | undefined;
  /** Path of the file, relative if the output folder's is. */
  readonly path: string;
  /** What the state holds, for a person: `13 resources, including arn:…`. */
  readonly contents: string;
}

/** Neither deployments nor stacks have a dot in their name. */
const FILE_NAME = /^terraform\.(?:([^.]+)\.)?([^.]+)\.tfstate$/;

/**
 * The local states beside an output folder that hold resources or cannot be read. The file of a destroyed stack remains
 * without resources and does not count.
 *
 * @param outdir the output folder; it need not exist.
 */
export function localStates(outdir: string): LocalState[] {
  const folder = folderBeside(outdir);
  return entriesOf(folder).flatMap((name) => {
    const [, deployment, stack] = FILE_NAME.exec(name) ?? [];
    const path = join(folder, name);
    const contents = stack === undefined ? undefined : contentsOf(path);
    return stack === undefined || contents === undefined ? [] : [{ stack, deployment, path, contents }];
  });
}

/** Terraform goes up from the folder that it works in, so the target of a link counts. */
function folderBeside(outdir: string): string {
  const named = join(outdir, "..");
  try {
    const real = dirname(realpathSync(outdir));
    return real === realpathSync(named) ? named : real;
  } catch {
    // Nothing has been written there yet.
    return named;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    // A folder that does not exist holds no state.
    return [];
  }
}

function contentsOf(path: string): string | undefined {
  try {
    const { resources = [] } = JSON.parse(readFileSync(path, "utf8")) as { resources?: readonly unknown[] };
    const count = `${resources.length} ${resources.length === 1 ? "resource" : "resources"}`;
    const [arn] = resources.flatMap(arnsOf);
    return resources.length === 0 ? undefined : `${count}${arn === undefined ? "" : `, including ${arn}`}`;
  } catch {
    return "contents that cannot be read";
  }
}

function arnsOf(resource: unknown): string[] {
  const { mode, instances = [] } = resource as {
    mode?: unknown;
    instances?: readonly { attributes?: { arn?: unknown } }[];
  };
  return mode === "managed"
    ? instances.flatMap(({ attributes }) => (typeof attributes?.arn === "string" ? [attributes.arn] : []))
    : [];
}
