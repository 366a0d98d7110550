import { Command } from "commander";
import { backfillName, objectName, REGION_PARTITION } from "../../../facts/object-names.js";
import type {
  CheckpointState,
  Intent,
} from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { ExporterTarget, TargetTenant } from "../../exporters/exporter-target.js";
import type { Streams } from "../../terminal/streams.js";
import { UsageError } from "../../usage-error.js";
import { oneTenantOf, withTarget } from "../choose-target.js";
import { utcTime } from "../option-values.js";
import { addChangeOptions, type ChangeOptions, makeChange, reasonOf, stateOf } from "./change.js";

interface AbandonOptions extends ChangeOptions {
  readonly from?: string;
  readonly to?: string;
}

type Unfinished = NonNullable<CheckpointState["unfinished"]>;

export function abandonCommand(streams: Streams): Command {
  const command = new Command("abandon")
    .description("Give up work that a run has prepared and cannot complete; the next run prepares it again")
    .option("--from <time>", "that of a backfill: start of its range, UTC", utcTime)
    .option("--to <time>", "end of its range", utcTime);
  return addChangeOptions(
    command,
    'vectra-cdr checkpoint abandon --reason "the lake has moved" --function vectra-cdr-exporter',
  ).action((options: AbandonOptions) =>
    withTarget(options, "write", streams, (target) => abandon(target, options, streams)),
  );
}

async function abandon(target: ExporterTarget, options: AbandonOptions, streams: Streams): Promise<void> {
  reasonOf(options);
  const job = jobOf(options);
  const tenant = oneTenantOf(target, options.tenant);
  const before = await stateOf(target, tenant, job);
  const { unfinished } = before;
  if (unfinished === undefined) {
    throw new Error(
      `${job === undefined ? `The export of ${tenant.name}` : `The ${job} of ${tenant.name}`} has no unfinished work. Nothing was changed.`,
    );
  }
  const { from, to, kind } = unfinished;
  await makeChange<Pick<Intent, "kind" | "from" | "to">>(target, options, streams, {
    tenant,
    job,
    before,
    question: questionOf(tenant, unfinished, before, { job, title: target.title }),
    make: async (checkpoint, note, state) => {
      await checkpoint.abandon(note, state);
      return { kind, from, to };
    },
    report: ({ by }) => `${workOf(unfinished)} abandoned by ${by}; reason recorded`,
  });
}

/** A backfill is named by its range. */
function jobOf({ from, to }: AbandonOptions): string | undefined {
  if (from === undefined && to === undefined) {
    return undefined;
  }
  if (from === undefined || to === undefined) {
    throw new UsageError("A backfill is named by its range: pass both --from and --to.");
  }
  return backfillName({ from, to });
}

function questionOf(
  { name, api: configured }: TargetTenant,
  unfinished: Unfinished,
  { api, intent }: CheckpointState,
  { job, title }: { readonly job: string | undefined; readonly title: string },
): string {
  const { kind, from, to } = unfinished;
  const { location = "the lake" } = intent ?? {};
  const where = location.startsWith(REGION_PARTITION) ? `${location} of ${title}` : location;
  if (kind === "redrive") {
    return (
      `Abandon the ${workOf(unfinished)} of ${name}? Part of it may already be in ${where}, in objects of one event each. The events stay ` +
      "in quarantine; the next redrive replaces those objects."
    );
  }
  const named = { tenant: name, api: api ?? configured, from, to };
  const object = objectName(
    job === undefined ? { kind: "live", ...named } : { kind: "backfill", job, ...named },
  );
  return (
    `Abandon the ${workOf(unfinished)} of ${name}? Part of it may already be in ${where}, in objects named ${object}. The next run ` +
    "prepares the same window again, and replaces them where it writes to the same place."
  );
}

function workOf({ kind, from, to }: Unfinished): string {
  return kind === "redrive" ? "unfinished redrive" : `unfinished window from ${from} to ${to}`;
}
