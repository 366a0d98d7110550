import { Command } from "commander";
import type { ObjectName } from "../../../facts/object-names.js";
import type {
  CheckpointState,
  CursorRange,
} from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { Note, Restoration } from "../../../functions/security-lake-exporter/state/operator-changes.js";
import type { QuarantinedEvent } from "../../../functions/security-lake-exporter/state/quarantine.js";
import type { ExporterTarget, TargetTenant } from "../../exporters/exporter-target.js";
import { during, type Streams } from "../../terminal/streams.js";
import { oneTenantOf, withTarget } from "../choose-target.js";
import { exportStateOf } from "../export-state.js";
import { asOperator } from "../operator-lease.js";
import { counted } from "../run-report.js";
import {
  abandonedSentences,
  addChangeOptions,
  type ChangeOptions,
  makeChange,
  reasonOf,
  requireUnchanged,
  stateOf,
} from "./change.js";

/** An export that is behind the lake. */
interface BehindLake extends Pick<Restoration, "from" | "to"> {
  /** Name of the backfill; null for the live export. */
  readonly backfill: string | null;
}

/** What there is to restore, from the names of the lake's objects. */
interface Restorations {
  readonly live: Restoration | undefined;
  readonly backfills: readonly {
    readonly job: string;
    readonly before: CheckpointState;
    readonly restoration: Restoration;
    /** What is left of a gap of the live export. */
    readonly gap: readonly CursorRange[];
  }[];
  /** Events in quarantine that a redrive has written, and the names of their objects. */
  readonly redriven: readonly { readonly event: QuarantinedEvent; readonly object: string }[];
}

export function restoreCommand(streams: Streams): Command {
  const command = new Command("restore").description(
    "Continue after the newest objects of the lake, after the table was restored from a backup or the folder's state was lost",
  );
  return addChangeOptions(
    command,
    'vectra-cdr checkpoint restore --reason "table restored to 18:30" --function vectra-cdr-exporter --tenant acme',
  ).action((options: ChangeOptions) =>
    withTarget(options, "write", streams, (target) => restore(target, options, streams)),
  );
}

async function restore(target: ExporterTarget, options: ChangeOptions, streams: Streams): Promise<void> {
  reasonOf(options);
  const tenant = oneTenantOf(target, options.tenant);
  const names = (
    await during(streams, `Listing the objects of ${target.title}`, () => target.objectNames())
  ).filter((name) => name.tenant === tenant.name);
  if (names.length === 0) {
    throw new Error(`The lake holds no objects of ${tenant.name}. Nothing was changed.`);
  }
  const before = await stateOf(target, tenant);
  // A function's configuration names the version of the API; a folder whose state is lost does not.
  const isChosen = options.lake === undefined || options.api !== undefined;
  const found = await restorationsOf(target, tenant, names, before, isChosen);
  const { live, backfills, redriven } = found;
  if (live === undefined && backfills.length === 0 && redriven.length === 0) {
    throw new Error(`The checkpoint of ${tenant.name} is not behind the lake. Nothing was changed.`);
  }
  await makeChange(target, options, streams, {
    tenant,
    before,
    question: questionOf(tenant.name, before, found),
    make: async (checkpoint, note, state) => {
      if (live !== undefined) {
        await checkpoint.restore(live, note, state);
      }
      await hideRedriven(target, tenant, redriven, note);
      const restored: BehindLake[] = live === undefined ? [] : [{ backfill: null, ...boundsOf(live) }];
      for (const { job, ...backfill } of backfills) {
        await restoreBackfill(target, tenant, job, backfill, {
          live: { ...before, ...begunAt(before, live) },
          note,
        });
        restored.push({ backfill: job, ...boundsOf(backfill.restoration) });
      }
      return { restored, hidden: redriven.map(({ event }) => event.key) };
    },
    report: ({ restored, hidden, by }) =>
      [
        ...restored.map(
          ({ backfill, from, to }) =>
            `the next run${backfill === null ? "" : ` of ${backfill}`} writes the window from ${from} to ${to} again`,
        ),
        ...(hidden.length === 0 ? [] : [`${counted(hidden.length, "redriven event")} hidden in quarantine`]),
        `restored by ${by}; reason recorded`,
      ].join("; "),
  });
}

async function restorationsOf(
  target: ExporterTarget,
  tenant: TargetTenant,
  names: readonly ObjectName[],
  before: CheckpointState,
  isChosen: boolean,
): Promise<Restorations> {
  const { redrivenNames, restOfGap, restorationOf } = await import(
    "../../../functions/security-lake-exporter/run/restoration.js"
  );
  const { redrivenObjectName } = await import(
    "../../../functions/security-lake-exporter/run/redriven-object.js"
  );
  const { Quarantine } = await import("../../../functions/security-lake-exporter/state/quarantine.js");
  const place = await exportStateOf(target, tenant);
  const of = { tenant: tenant.name, api: tenant.api, pk: place.pk, isChosen };
  const live = restorationOf(names, of, before);
  const jobs = new Set(names.flatMap((name) => (name.kind === "backfill" ? [name.job] : [])));
  const backfills = [];
  for (const job of jobs) {
    const state = await stateOf(target, tenant, job);
    const restoration = restorationOf(names, { ...of, job }, state);
    if (restoration !== undefined) {
      backfills.push({ job, before: state, restoration, gap: restOfGap(names, of, restoration) });
    }
  }
  const written = redrivenNames(names, tenant.name);
  const redriven = (await new Quarantine(place).all())
    .map((event) => ({ event, object: redrivenObjectName(tenant.name, place.pk, event.sortKey) }))
    .filter(({ object }) => written.has(object));
  return { live, backfills, redriven };
}

/** The events are in the lake: a note hides them, as it hides discarded ones. */
async function hideRedriven(
  target: ExporterTarget,
  tenant: TargetTenant,
  redriven: Restorations["redriven"],
  note: Note,
): Promise<void> {
  const { Discards } = await import("../../../functions/security-lake-exporter/state/discards.js");
  const discards = new Discards(await exportStateOf(target, tenant));
  for (const { event, object } of redriven) {
    await discards.add(event, {
      ...note,
      reason: `redriven into ${object} before the restore: ${note.reason}`,
    });
  }
}

/** A backfill whose checkpoint is lost reads what the live export neither has written nor will write, as any backfill does. */
async function restoreBackfill(
  target: ExporterTarget,
  tenant: TargetTenant,
  job: string,
  { before, restoration, gap }: Omit<Restorations["backfills"][number], "job">,
  { live, note }: { readonly live: CheckpointState; readonly note: Note },
): Promise<void> {
  const { liveRanges, stretchesBeside } = await import(
    "../../../functions/security-lake-exporter/run/backfill-ranges.js"
  );
  const ranges = before.nextFrom === undefined ? [...stretchesBeside(liveRanges(live)), ...gap] : undefined;
  await asOperator(
    target,
    tenant,
    note.by,
    async (checkpoint, state) => {
      requireUnchanged(tenant, before, state);
      await checkpoint.restore(restoration, note, state, ranges);
    },
    job,
  );
}

function begunAt(
  { firstFrom }: CheckpointState,
  live: Restoration | undefined,
): Pick<CheckpointState, "firstFrom"> {
  return { firstFrom: firstFrom ?? live?.firstFrom };
}

function boundsOf({ from, to }: Restoration): Pick<Restoration, "from" | "to"> {
  return { from, to };
}

function questionOf(
  tenant: string,
  before: CheckpointState,
  { live, backfills, redriven }: Restorations,
): string {
  const sentences = [
    `Restore the checkpoint of ${tenant} from the lake?`,
    ...(live === undefined
      ? []
      : [
          `The next run writes the window from ${live.from} to ${live.to} again, over the objects of the same name, and continues behind it.`,
          "The tenant's settings must be those with which it was written.",
          ...abandonedSentences(before),
        ]),
    ...backfills.map(
      ({ job, restoration: { from, to } }) =>
        `The next run of ${job} writes the window from ${from} to ${to} again.`,
    ),
    ...(redriven.length === 0
      ? []
      : [
          `${counted(redriven.length, "event")} in quarantine that a redrive has written before will be hidden.`,
        ]),
  ];
  return sentences.join(" ");
}
