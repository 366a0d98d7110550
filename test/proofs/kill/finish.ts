import type { Folder } from "./folder.js";

/** What `status --json` says of an export. */
interface Status {
  readonly lease: unknown;
  readonly unfinishedWindow: unknown;
  readonly caughtUp: boolean | null;
  /** Of a backfill. */
  readonly from?: string;
}

/** Events in quarantine let a redrive end with an error. */
export const LEFT_OVER = /still in quarantine/;

/**
 * Lets every command find out whether there is anything left to do, and asks for the status.
 *
 * @param commands that have come to their end before.
 * @returns what is unfinished, or was done again; empty when all is well.
 */
export async function whatIsStuck(
  folder: Folder,
  commands: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const stuck: string[] = [];
  const before = folder.objects();
  for (const command of commands) {
    const { result, results = [result] } = (await folder.complete(command)) as Answer;
    const read = results.reduce((sum, each) => sum + (each?.eventsRead ?? 0), 0);
    if (read > 0) {
      stuck.push(`${command.join(" ")} had ${read} events to read`);
    }
  }
  const { results = [] } = (await folder.complete(["redrive"], LEFT_OVER)) as Answer;
  const redriven = results.reduce((sum, each) => sum + (each?.redriven ?? 0), 0);
  if (redriven > 0) {
    stuck.push(`a redrive had ${redriven} events to export`);
  }
  const after = folder.objects();
  stuck.push(...after.filter((object) => !before.includes(object)).map((object) => `${object} is new`));
  stuck.push(...after.filter((object) => object.includes(".tmp (")).map((object) => `${object} was left`));
  stuck.push(...folder.state.leftovers().map((item) => `${item} was left in the state`));

  const { tenants } = (await folder.complete(["status"])) as {
    tenants: readonly (Status & { readonly backfills: readonly Status[] })[];
  };
  const exports = tenants.flatMap(({ backfills, ...live }) => [live, ...backfills]);
  for (const { lease, unfinishedWindow, caughtUp, from } of exports) {
    if (lease !== null || unfinishedWindow !== null || caughtUp !== true) {
      const what = from === undefined ? "the live export" : `the backfill from ${from}`;
      stuck.push(`${what} is ${JSON.stringify({ lease, unfinishedWindow, caughtUp })}`);
    }
  }
  return stuck;
}

/** What a command answers: an export and a redrive one result for each tenant, a backfill one. */
interface Answer {
  readonly results?: readonly (Result | undefined)[];
  readonly result?: Result;
}

interface Result {
  readonly eventsRead?: number;
  readonly redriven?: number;
}
