import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MutatedFile } from "../../mutation/runner.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXPORTER = "functions/security-lake-exporter";

/** Something that is taken away: texts of a file, each with what stands there instead. */
export interface Mutant {
  readonly without: string;
  readonly file: string;
  readonly replacements: readonly (readonly [found: string, instead: string])[];
}

const FIX = "await checkpoint.fix(intent);";
const EXPORT = "const exported = await exportWindow(window, intent, pending !== undefined, context, signal);";
const COMPLETE = "await checkpoint.complete(intent, window.lastKeys, newest);";

/** What makes the exporter write each event exactly once, each taken away. */
export const MUTANTS: readonly Mutant[] = [
  { without: "the intent step", file: "run/run.ts", replacements: [[FIX, ""]] },
  {
    without: "finishing an intent that is found",
    file: "run/run.ts",
    replacements: [["let pending = state.intent;", "let pending: Intent | undefined;"]],
  },
  {
    without: "writing before the checkpoint moves",
    file: "run/run.ts",
    replacements: [
      [COMPLETE, ""],
      [EXPORT, `${COMPLETE} ${EXPORT}`],
    ],
  },
  {
    without: "the check of the lease when it is taken",
    file: "state/checkpoint.ts",
    replacements: [
      ['{ attribute: "lease_until", below: now },', '{ attribute: "lease_until", below: 1e15 },'],
    ],
  },
  {
    without: "the lease altogether",
    file: "state/checkpoint.ts",
    replacements: [
      ['{ attribute: "lease_until", below: now },', '{ attribute: "lease_until", below: 1e15 },'],
      ['[{ attribute: "lease_owner", equals: this.#owner }], ', ""],
    ],
  },
  {
    without: "the check of the lease when the checkpoint changes",
    file: "state/checkpoint.ts",
    replacements: [['[{ attribute: "lease_owner", equals: this.#owner }], ', ""]],
  },
  {
    without: "the end of a lease that no run can hold",
    file: "state/lease.ts",
    replacements: [["MAX_RUN_MS + 900_000", "Number.MAX_SAFE_INTEGER / 2"]],
  },
  {
    without: "a lease owner of its own for each run",
    file: "exporter.ts",
    replacements: [["newLeaseOwner(run.ownerPrefix)", '"exporter"']],
  },
  {
    without: "the name of the run that gave its lease back",
    file: "state/checkpoint.ts",
    replacements: [[", released_by: this.#owner", ""]],
  },
  {
    without: "remembering the keys of the events before",
    file: "run/run.ts",
    replacements: [
      ["let seen = state.lastKeys;", "let seen: readonly string[] = [];"],
      ["seen = window.lastKeys;", ""],
    ],
  },
  {
    without: "objects that are named after their window",
    file: "run/export-window.ts",
    replacements: [
      ["from: intent.from, to: intent.to }", "from: performance.now(), to: performance.now() }"],
    ],
  },
  {
    without: "leaving out what was added behind a window that is read again",
    file: "vectra/events.ts",
    replacements: [
      ["await pages.next(from, missing, (next)", "await pages.next(from, pageSize, (next)"],
      ["if (id > known.lastEventId) {", "if (id < 0) {"],
      ["if (found.size !== known.events) {", "if (found.size < known.events) {"],
    ],
  },
  {
    without: "passing over what is at the end of a range",
    file: "vectra/events.ts",
    replacements: [
      [
        "return range === undefined || isWithin(range, hasTime ? json.event_timestamp : undefined);",
        "return range === undefined || hasTime || !hasTime;",
      ],
    ],
  },
  {
    without: "asking for the last second of a range",
    file: "vectra/apis.ts",
    replacements: [
      [
        "event_timestamp_lte: range?.to }",
        "event_timestamp_lte: range && new Date(Date.parse(range.to) - 1000).toISOString() }",
      ],
    ],
  },
  {
    without: "a state of its own for a backfill",
    file: "state/state-table.ts",
    replacements: [["...(job === undefined ? [] : [job])", "...(job === undefined ? [] : [])"]],
  },
  {
    without: "leaving alone what an unfinished window takes with it",
    file: "run/redrive.ts",
    replacements: [["!read.success || inUnfinishedWindow", "!read.success"]],
  },
  {
    without: "objects of a redrive that are named after their event",
    file: "run/redrive.ts",
    replacements: [["event: digest }", "event: String(performance.now()) }"]],
  },
  {
    without: "the second generation of scores",
    file: "state/account-scores.ts",
    replacements: [["if (isUpTo(from, as_of)) {", "if (as_of !== undefined) {"]],
  },
];

/** @throws Error when a text is not where it was: the mutant must be written anew. */
export function mutated({ file, replacements, without }: Mutant): MutatedFile {
  const path = join(EXPORTER, file);
  let text = readFileSync(join(ROOT, path), "utf8");
  for (const [found, instead] of replacements) {
    if (text.split(found).length !== 2) {
      throw new Error(
        `The mutant without ${without} looks for ${found} in ${path}, which is not there once.`,
      );
    }
    text = text.replace(found, () => instead);
  }
  return { file: path, text };
}
