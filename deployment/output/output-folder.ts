import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { z } from "zod";

const record = z.object({
  deployment: z.string(),
  accountId: z.string(),
  region: z.string(),
  /** Bucket and key of the S3 backend; absent for a local state. */
  s3State: z.string().optional(),
});

/** What a stack in an output folder was written for. */
type Written = z.infer<typeof record>;

/** A stack's folder as it was found. */
export interface FoundStack {
  readonly id: string;
  /** Absent for a folder that an earlier version wrote, or another program. */
  readonly written: Written | undefined;
}

/** A stack that is about to be written. */
export type PlannedStack = Written & { readonly id: string };

/** Beside `cdk.tf.json`. Terraform reads `*.tf.json` alone. */
const RECORD = "written-for.json";

/**
 * The folder for the output, as cdktf chooses it.
 *
 * @param named the value of CDKTF_OUTDIR; it takes precedence over `output` in cdktf.json, and that over `cdktf.out`.
 * @param directory where a cdktf.json may be.
 */
export function chosenOutputFolder(named: string | undefined, directory: string): string {
  return named || settingsIn(directory).output || "cdktf.out";
}

function settingsIn(directory: string): { output?: string | undefined } {
  try {
    const settings: unknown = JSON.parse(readFileSync(join(directory, "cdktf.json"), "utf8"));
    return z.object({ output: z.string().optional() }).safeParse(settings).data ?? {};
  } catch {
    // The file is optional, and cdktf itself reports what is wrong with it.
    return {};
  }
}

/**
 * Creates the output folder and the folders above it, as far as they are missing.
 *
 * Node's own recursive `mkdir` never returns where a folder exists in which none can be created, such as `/proc`.
 *
 * @throws Error of the file system; {@link unwritable} says what to do.
 */
export function createOutputFolder(path: string): void {
  // The last step of `cdktf.out/.` is no folder to create.
  const folder = normalize(path);
  if (!created(folder)) {
    createOutputFolder(dirname(folder));
    mkdirSync(folder);
  }
}

/** Whether the folder exists now; if not, the one above it is missing. */
function created(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statSync(path).isDirectory()) {
      return true;
    }
    if (code === "ENOENT" && dirname(path) !== path) {
      return false;
    }
    throw error;
  }
}

/** The message for a person when the file system refused the output; nothing for any other error. */
export function unwritable(error: unknown, outdir: string): string | undefined {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) {
    return undefined;
  }
  const place = "path" in error && error.path !== undefined ? String(error.path) : outdir;
  return (
    `${place}: the output cannot be written (${String(error.code)}). ` +
    "Free the path or fix its permissions, or choose another folder: CDKTF_OUTDIR=<folder> npm run synth."
  );
}

/**
 * The stacks that an output folder holds.
 *
 * @param outdir the output folder; it need not exist.
 */
export function stacksIn(outdir: string): FoundStack[] {
  return foldersIn(join(outdir, "stacks")).map((id) => ({
    id,
    written: recordIn(join(outdir, "stacks", id)),
  }));
}

/** Records in a stack's folder what it was written for. */
export function recordStack(outdir: string, { id, ...written }: PlannedStack): void {
  writeFileSync(join(outdir, "stacks", id, RECORD), `${JSON.stringify(written, undefined, 2)}\n`);
}

/**
 * What a person should know about an output folder before Terraform works in it: stacks that this deployment does
 * not have, and folders that another deployment has used.
 *
 * @param found the folder's stacks before the deployment was written.
 * @param planned the deployment's stacks.
 * @returns one text per warning.
 */
export function outputFolderWarnings(
  outdir: string,
  found: readonly FoundStack[],
  planned: readonly PlannedStack[],
): string[] {
  return found.flatMap(({ id, written }) => {
    const folder = join(outdir, "stacks", id);
    const now = planned.find((stack) => stack.id === id);
    return now === undefined ? [leftOver(folder, id, written, planned)] : taken(folder, now, written);
  });
}

function leftOver(
  folder: string,
  id: string,
  written: Written | undefined,
  planned: readonly PlannedStack[],
): string {
  const name = planned[0]?.deployment;
  if (written !== undefined && written.deployment !== name) {
    return (
      `${folder} belongs to deployment ${written.deployment}, not to ${name}. It was left unchanged. Give each` +
      " deployment its own output folder: CDKTF_OUTDIR=<folder> npm run synth."
    );
  }
  return (
    `${folder} was left unchanged: stack ${id} is not, or no longer, in the deployment, but anything applied from the folder still exists. ` +
    `To remove it, run terraform -chdir=${folder} destroy, then delete the folder. To keep it, restore it in the deployment file. ` +
    "If it belongs to another deployment, give each deployment its own output folder: CDKTF_OUTDIR=<folder> npm run synth."
  );
}

function taken(folder: string, now: PlannedStack, written: Written | undefined): string[] {
  if (written === undefined) {
    return [];
  }
  if (written.deployment !== now.deployment) {
    return [
      `${folder} was written for deployment ${written.deployment} and is now ${now.deployment}'s. Terraform still holds the other one's ` +
        `backend there: run terraform -chdir=${folder} init -reconfigure, never -migrate-state, which would copy ` +
        `the state of ${written.deployment} over. Better: give each deployment its own output folder: CDKTF_OUTDIR=<folder> npm run synth.`,
    ];
  }
  const moved = [
    ...(written.accountId === now.accountId ? [] : [`account ${written.accountId}, now ${now.accountId}`]),
    ...(written.region === now.region ? [] : [`region ${written.region}, now ${now.region}`]),
  ];
  return moved.length === 0
    ? []
    : [
        `${folder} was written for ${moved.join(", and ")}, under the same deployment name. A plan would replace the deployed resources. ` +
          "If this is a second deployment, give it its own name.",
      ];
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch {
    // Nothing has been written there yet.
    return [];
  }
}

function recordIn(folder: string): Written | undefined {
  try {
    return record.safeParse(JSON.parse(readFileSync(join(folder, RECORD), "utf8"))).data;
  } catch {
    // Written by an earlier version, or not by this project.
    return undefined;
  }
}
