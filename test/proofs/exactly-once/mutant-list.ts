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
const STORE = "const stored = await pieces.store(randomUUID(), bytes);";
const COMPLETED = "recent.completed(keys, before, state);";

/** What makes the exporter write each event exactly once, each taken away. */
export const MUTANTS: readonly Mutant[] = [
  { without: "the intent step", file: "run/write-ahead.ts", replacements: [[FIX, ""]] },
  {
    without: "storing the bytes before the intent",
    file: "run/write-ahead.ts",
    replacements: [
      [
        STORE,
        'const stored = { run: randomUUID(), pieces: Math.ceil(bytes.length / 350_000), digest: (await import("node:crypto")).createHash("sha256").update(bytes).digest("hex") };',
      ],
      [FIX, `${FIX} await pieces.store(stored.run, bytes);`],
    ],
  },
  {
    without: "finishing an intent that is found",
    file: "run/open-export.ts",
    replacements: [
      ["state.intent === undefined ? undefined : await finish(context, state.intent, state),", "undefined,"],
    ],
  },
  {
    without: "finishing an intent whatever its kind",
    file: "run/open-export.ts",
    replacements: [
      [
        "state.intent === undefined ? undefined : await finish(",
        'state.intent === undefined || state.intent.kind === "redrive" ? undefined : await finish(',
      ],
    ],
  },
  {
    without: "writing before the checkpoint moves",
    file: "run/write-ahead.ts",
    replacements: [
      ["await all([write(), ", "await all(["],
      [COMPLETED, `await write(); ${COMPLETED}`],
    ],
  },
  {
    without: "the check of the stored bytes",
    file: "state/pieces.ts",
    replacements: [["if (missing > 0 || digestOf(bytes) !== digest) {", "if (missing > 0) {"]],
  },
  {
    without: "leaving alone the pieces of another export",
    file: "state/pieces.ts",
    replacements: [["for (const sk of keys.filter(isOwn)) {", "for (const sk of keys) {"]],
  },
  {
    without: "leaving alone the pieces of another export's intent",
    file: "run/sweep.ts",
    replacements: [
      ["if ((await storedCheckpoint(other)).intent !== undefined) {", "if (job === undefined) {"],
      ["if (found.intent === undefined) {", "if (job !== undefined) {"],
    ],
  },
  {
    without: "deleting the pieces that a crashed run left behind",
    file: "state/pieces.ts",
    replacements: [
      ["for (const sk of keys.filter(isOwn)) {", 'for (const sk of keys.filter((key) => key === "")) {'],
    ],
  },
  {
    without: "the fence of the deletion of what a crashed run left behind",
    file: "state/pieces.ts",
    replacements: [
      [
        "this.#state.table.changeWhile(fence, [",
        'this.#state.table.changeWhile({ ...fence, when: [[{ attribute: "no_such_attribute", absent: true }]] }, [',
      ],
    ],
  },
  {
    without: "the place of the work",
    file: "run/write-ahead.ts",
    replacements: [["if (location === lake.location && eventClass === now) {", "if (eventClass === now) {"]],
  },
  {
    without: "the event class of the work",
    file: "run/write-ahead.ts",
    replacements: [
      ["if (location === lake.location && eventClass === now) {", "if (location === lake.location) {"],
    ],
  },
  {
    without: "the fence of the quarantine",
    file: "state/quarantine.ts",
    replacements: [
      [
        "this.#state.table.changeWhile(fence, changes)",
        'this.#state.table.changeWhile({ ...fence, when: [[{ attribute: "no_such_attribute", absent: true }]] }, changes)',
      ],
    ],
  },
  {
    without: "the version of the state",
    file: "state/checkpoint-state.ts",
    replacements: [
      ['if (typeof version === "number" && version > STATE_VERSION) {', "if (version === null) {"],
    ],
  },
  {
    without: "leaving the lease of a newer release alone",
    file: "state/checkpoint.ts",
    replacements: [
      [
        '{ attribute: "state_version", below: STATE_VERSION + 1 },',
        '{ attribute: "state_version", below: 1e15 },',
      ],
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
      ["when: [...this.fence.when, ...", "when: [..."],
    ],
  },
  {
    without: "the check of the lease when the checkpoint changes",
    file: "state/checkpoint.ts",
    replacements: [["when: [...this.fence.when, ...", "when: [..."]],
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
    replacements: [[", released_by: this.owner", ""]],
  },
  {
    without: "remembering the keys of the events before",
    file: "run/next-window.ts",
    replacements: [["...(await recent.seen(state)), ", ""]],
  },
  {
    without: "forgetting the keys of an abandoned window",
    file: "state/recent-events.ts",
    replacements: [[" && sequenceOf(item) <= sequence", ""]],
  },
  {
    without: "forgetting the keys of events that are exported again",
    file: "state/recent-events.ts",
    replacements: [["return sequenceOf(item) > forgetBefore && ", "return "]],
  },
  {
    without: "objects that are named after their window",
    file: "run/prepare-window.ts",
    replacements: [
      [
        "api: source.api.name, from, to }",
        "api: source.api.name, from: Math.round(performance.now() * 1000), to }",
      ],
    ],
  },
  {
    without: "passing over what is at the end of a range",
    file: "vectra/found-events.ts",
    replacements: [
      [
        'return range === undefined || isWithin(range, fieldsOf(json)["event_timestamp"]);',
        'return range === undefined || fieldsOf(json)["event_timestamp"] !== isWithin;',
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
    without: "leaving out of a backfill what the live export writes",
    file: "run/backfill.ts",
    replacements: [["const stretches = stretchesBeside(liveRanges(live));", "const stretches = EVERYTHING;"]],
  },
  {
    without: "the end of a stretch, as the tenant says",
    file: "vectra/events.ts",
    replacements: [["return end === -1 ? page : { ...page,", "return end < 1e15 ? page : { ...page,"]],
  },
  {
    without: "leaving alone what an unfinished window takes with it",
    file: "run/redrive.ts",
    replacements: [["!read.success || inUnfinishedWindow", "!read.success"]],
  },
  {
    without: "leaving alone what a window takes with it that is to be written again",
    file: "state/quarantine.ts",
    replacements: [
      ["(Number(window) >= from || (from < movedFrom && Number(key) >= from))", "Number(window) < 0"],
    ],
  },
  {
    without: "objects of a redrive that are named after their event",
    file: "run/redriven-object.ts",
    replacements: [
      ['createHash("sha256").update(sortKey)', 'createHash("sha256").update(String(performance.now()))'],
    ],
  },
  {
    without: "releasing from quarantine what is exported after all",
    file: "run/prepare-window.ts",
    replacements: [
      ["return [...leaving.map((sk) => quarantine.releasing(sk)), ...holding];", "return holding;"],
    ],
  },
  {
    without: "releasing what a redrive writes",
    file: "run/redrive.ts",
    replacements: [
      ["quarantine: batch.map(({ sortKey }) => quarantine.releasing(sortKey)),", "quarantine: [],"],
    ],
  },
  {
    without: "quarantine for the second event of an id",
    file: "vectra/found-events.ts",
    replacements: [['if (other === "" || other === digest || ', "if (other !== undefined || "]],
  },
  {
    without: "a sequence number of its own for each window",
    file: "run/prepare-window.ts",
    replacements: [["sequence: state.sequence + 1,", "sequence: state.sequence,"]],
  },
  {
    without: "scores that go only forward",
    file: "state/account-scores.ts",
    replacements: [['{ attribute: "as_of", below: sequence },', '{ attribute: "as_of", below: 1e15 },']],
  },
  {
    without: "scores from before the window only",
    file: "state/account-scores.ts",
    replacements: [["Number(as_of) <= sequence && ", ""]],
  },
  {
    without: "one state for all versions of the API",
    file: "state/home.ts",
    replacements: [
      ["...(await elsewhere(table, tenant))", "...(await elsewhere(table, tenant)).slice(0, 0)"],
    ],
  },
  {
    without: "the origin of the tenant",
    file: "run/open-export.ts",
    replacements: [["if (known !== undefined && known !== origin) {", 'if (known === "") {']],
  },
  {
    without: "the overlap of two versions of the API by time",
    file: "vectra/found-events.ts",
    replacements: [["(time < overlap.since || overlap.identities", "(overlap.identities"]],
  },
  {
    without: "the overlap of two versions of the API by identity",
    file: "vectra/found-events.ts",
    replacements: [[" || overlap.identities.has(identity))", ")"]],
  },
  {
    without: "the overlap with the events of backfills",
    file: "state/recent-events.ts",
    replacements: [["!isOwn(item) || counts(item, state)", "isOwn(item) && counts(item, state)"]],
  },
  {
    without: "the beginning of the export, where the API changes",
    file: "run/api-change.ts",
    replacements: [["Math.max(begin, Math.min(...times) - OVERLAP_MS)", "Math.min(...times) - OVERLAP_MS"]],
  },
  {
    without: "refusing a change of the API whose overlap is not known",
    file: "run/api-change.ts",
    replacements: [["(known === undefined || known > since)", "known === undefined"]],
  },
  {
    without: "the end of a window that is written again",
    file: "run/run.ts",
    replacements: [["...(redoTo === undefined ? {} : { before: redoTo }),", ""]],
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
