/**
 * `npm run test:exactly-once-mutants`: takes away, one at a time, what makes the exporter write each event exactly
 * once, and runs the proofs. A mutant that no proof notices survives, and the run fails. Takes several minutes.
 *
 * `npm run test:exactly-once-mutants -- "lease owner"` runs only the mutants whose description contains that.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { type MutatedFile, startMutationRunner } from "../../mutation/runner.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXPORTER = "functions/security-lake-exporter";
const PROOFS =
  /^test\/proofs\/exactly-once\/(crash-matrix|interruptions|named-cases|schedules|touching-backfills)\.proof\.ts$/;

/** Something that is taken away: texts of a file, each with what stands there instead. */
interface Mutant {
  readonly without: string;
  readonly file: string;
  readonly replacements: readonly (readonly [found: string, instead: string])[];
}

const FIX = "await checkpoint.fix(intent);";
const EXPORT = "const exported = await exportWindow(window, intent, pending !== undefined, context, signal);";
const COMPLETE = "await checkpoint.complete(intent, window.lastKeys, newest);";

const MUTANTS: readonly Mutant[] = [
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
        "event_timestamp_lte: range.to }",
        "event_timestamp_lte: new Date(Date.parse(range.to) - 1000).toISOString() }",
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

const runner = await startMutationRunner("vitest.exactly-once.config.ts");
const isProof = (file: string) => PROOFS.test(file);
const broken = await runner.firstFailure(isProof);
if (broken !== undefined) {
  console.error(`A proof fails without any mutant: ${broken}`);
  process.exit(1);
}
const [, , wanted = ""] = process.argv;
const mutants = MUTANTS.filter(({ without }) => without.includes(wanted));
let survivors = 0;
for (const mutant of mutants) {
  const killer = await runner.firstFailure(isProof, mutated(mutant));
  survivors += killer === undefined ? 1 : 0;
  console.log(`${killer === undefined ? pc.red("survived") : pc.green("killed")} without ${mutant.without}`);
  console.log(pc.dim(killer === undefined ? "  no proof notices" : `  by: ${killer}`));
}
await runner.close();
console.log(`\n${mutants.length} mutants, ${mutants.length - survivors} killed, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);

/** @throws Error when a text is not where it was: the mutant must be written anew. */
function mutated({ file, replacements, without }: Mutant): MutatedFile {
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
