import { Command } from "commander";
import { fieldList } from "../../command-line/table.js";
import type { CheckpointState } from "../../functions/security-lake-exporter/state/checkpoint-state.js";
import { isHeld } from "../../functions/security-lake-exporter/state/lease.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { age } from "../terminal/age.js";
import { jsonDocument } from "../terminal/json.js";
import { during, type Streams } from "../terminal/streams.js";
import { type ChoosingOptions, tenantsOf, withTarget } from "./choose-target.js";
import { exportStateOf } from "./export-state.js";
import { counted } from "./run-report.js";
import { addLakeOptions, addTargetOptions } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly json?: true;
}

/** The progress of an export. Times are ISO 8601. */
interface ExportStatus {
  /** Where the next run begins; null before the first run. */
  readonly cursor: number | null;
  readonly newestEventAt: string | null;
  readonly lastSuccessAt: string | null;
  /** Whether the last successful run left no events; a backfill is then done. */
  readonly caughtUp: boolean | null;
  readonly lease: { readonly owner: string; readonly until: string } | null;
  /** Work that was begun and not completed; the next run finishes it first. */
  readonly unfinishedWindow: {
    /** A redrive has no window: both cursors are where the next run begins. */
    readonly kind: "window" | "redrive";
    readonly from: number;
    readonly to: number;
    readonly events: number;
  } | null;
  /** End of a window that the next run writes again, exactly: the checkpoint was restored, or work abandoned. */
  readonly writesAgainTo: number | null;
}

interface TenantStatus extends ExportStatus {
  readonly tenant: string;
  /** Origin of the tenant to which the cursor belongs; null before the first run, or in a state of an older release. */
  readonly origin: string | null;
  /** Version of the events API to which the cursor belongs; likewise. */
  readonly api: string | null;
  /** Until which cursor events of two versions of the API are told apart, since when. */
  readonly overlap: { readonly since: string; readonly until: number } | null;
  /** What an operator has chosen for the next change of the API. */
  readonly nextOverlapSince: string | null;
  /** End of the last run that caught up with the tenant. */
  readonly caughtUpAt: string | null;
  /** How far the export may be behind the tenant: `lagOf`. */
  readonly lagSeconds: number | null;
  readonly quarantine: number;
  readonly backfills: readonly (ExportStatus & { readonly from: string; readonly to: string })[];
}

/** `vectra-cdr status`: shows the progress of each tenant's export. */
export function statusCommand(streams: Streams): Command {
  const command = new Command("status")
    .description("Show each tenant's cursor, lag, last run, lease, quarantine and backfills")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText(
      "after",
      "\nExamples:\n  vectra-cdr status --lake ./lake\n  vectra-cdr status --function vectra-cdr-exporter --json\n",
    )
    .action((options: Options) =>
      withTarget(options, "read", streams, (target) => status(target, options, streams)),
    );
}

async function status(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  const now = Date.now();
  const chosen = tenantsOf(target, options.tenant);
  const { tenants, deadLetters } = await during(streams, `Asking ${target.title}`, async () => ({
    tenants: await Promise.all(chosen.map((tenant) => statusOf(target, tenant, now))),
    deadLetters: (await target.deadLetters?.count()) ?? null,
  }));
  if (options.json === true) {
    streams.out(jsonDocument({ exporter: target.title, tenants, deadLetters }));
    return;
  }
  for (const tenant of tenants) {
    streams.out(`${tenant.tenant} (${target.title})\n${fieldList(fieldsOf(tenant, now), streams.width)}`);
  }
  if (deadLetters !== null) {
    streams.out(`dead letters: ${deadLetters}\n`);
  }
}

async function statusOf(target: ExporterTarget, tenant: TargetTenant, now: number): Promise<TenantStatus> {
  const { checkpointStateOf } = await import(
    "../../functions/security-lake-exporter/state/checkpoint-state.js"
  );
  const { lagOf } = await import("../../functions/security-lake-exporter/state/lag.js");
  const { parseBackfillName } = await import("../../facts/object-names.js");
  const { Quarantine } = await import("../../functions/security-lake-exporter/state/quarantine.js");
  const { table, pk } = await exportStateOf(target, tenant);
  const [checkpoints, quarantined] = await Promise.all([
    table.query(pk, "checkpoint"),
    new Quarantine({ table, pk }).all(),
  ]);
  const live = checkpointStateOf(checkpoints.find(({ sk }) => sk === "checkpoint")?.attributes ?? {});
  const backfills = checkpoints.flatMap(({ sk, attributes }) => {
    const range = parseBackfillName(sk.slice("checkpoint#".length));
    const state = checkpointStateOf(attributes);
    // A refused backfill leaves an item too.
    return range === undefined || state.nextFrom === undefined
      ? []
      : [{ ...range, ...exportStatusOf(state) }];
  });
  const lag = lagOf(live, now);
  return {
    tenant: tenant.name,
    ...exportStatusOf(live),
    origin: live.origin ?? null,
    api: live.api ?? null,
    overlap:
      live.overlap === undefined ? null : { since: isoOf(live.overlap.since), until: live.overlap.until },
    nextOverlapSince: live.apiChangeSince === undefined ? null : isoOf(live.apiChangeSince),
    caughtUpAt: live.caughtUpAt === undefined ? null : isoOf(live.caughtUpAt),
    lagSeconds: lag === undefined ? null : Math.floor(lag / 1000),
    quarantine: quarantined.length,
    backfills,
  };
}

function exportStatusOf({
  nextFrom,
  newestEventTime,
  lastSuccessAt,
  caughtUp,
  lease,
  unfinished,
  redoTo,
}: CheckpointState): ExportStatus {
  return {
    cursor: nextFrom ?? null,
    newestEventAt: newestEventTime === undefined ? null : isoOf(newestEventTime),
    lastSuccessAt: lastSuccessAt === undefined ? null : isoOf(Date.parse(lastSuccessAt)),
    caughtUp: caughtUp ?? null,
    lease: lease === undefined ? null : { owner: lease.owner, until: isoOf(lease.until) },
    unfinishedWindow:
      unfinished === undefined
        ? null
        : {
            kind: unfinished.kind === "redrive" ? "redrive" : "window",
            from: unfinished.from,
            to: unfinished.to,
            events: unfinished.events,
          },
    writesAgainTo: redoTo ?? null,
  };
}

function fieldsOf(tenant: TenantStatus, now: number): (readonly [string, string])[] {
  const { cursor, origin, api, lastSuccessAt, lease, unfinishedWindow, quarantine, backfills } = tenant;
  return [
    ["cursor", cursor === null ? "none: the export has not begun" : String(cursor)],
    ...(origin === null ? [] : [["origin", `${origin}, API ${api}`] as const]),
    ["lag", lagText(tenant)],
    [
      "last success",
      lastSuccessAt === null ? "never" : `${lastSuccessAt}, ${age(now - Date.parse(lastSuccessAt))} ago`,
    ],
    ["lease", leaseText(lease, now)],
    ["unfinished", unfinishedWindow === null ? "none" : workText(unfinishedWindow)],
    ...pendingFields(tenant),
    ["quarantine", counted(quarantine, "event")],
    ...backfills.map((backfill): [string, string] => ["backfill", backfillText(backfill, now)]),
  ];
}

function backfillText(backfill: TenantStatus["backfills"][number], now: number): string {
  const { from, to, newestEventAt, lastSuccessAt, caughtUp, lease, unfinishedWindow, writesAgainTo } =
    backfill;
  return [
    `${from} to ${to}`,
    caughtUp === true ? "done" : "not done: run it again to continue",
    `newest event ${newestEventAt ?? "none"}`,
    `last success ${lastSuccessAt === null ? "never" : `${age(now - Date.parse(lastSuccessAt))} ago`}`,
    ...(lease === null ? [] : [`lease ${leaseText(lease, now)}`]),
    ...(unfinishedWindow === null ? [] : [`unfinished ${workText(unfinishedWindow)}`]),
    ...(writesAgainTo === null ? [] : [`the next run writes the window to ${writesAgainTo} again`]),
  ].join(", ");
}

/** What operators, or a change of the API, have decided for the next runs. */
function pendingFields({
  cursor,
  writesAgainTo,
  overlap,
  nextOverlapSince,
}: TenantStatus): (readonly [string, string])[] {
  return [
    ...(writesAgainTo === null
      ? []
      : [["again", `the next run writes the window from ${cursor} to ${writesAgainTo} again`] as const]),
    ...(overlap === null
      ? []
      : [
          [
            "overlap",
            `up to cursor ${overlap.until}, events before ${overlap.since} and those that another API gave are left out`,
          ] as const,
        ]),
    ...(nextOverlapSince === null
      ? []
      : [["overlap", `the next change of the API begins at ${nextOverlapSince}`] as const]),
  ];
}

function lagText({ lagSeconds, newestEventAt, caughtUpAt }: TenantStatus): string {
  return lagSeconds === null
    ? "unknown: no event yet"
    : `${age(lagSeconds * 1000)}: caught up ${caughtUpAt ?? "never"}, newest event ${newestEventAt ?? "none"}`;
}

function leaseText(lease: ExportStatus["lease"], now: number): string {
  if (lease === null) {
    return "free";
  }
  const until = Date.parse(lease.until);
  if (until < now) {
    return `free: an interrupted run held it until ${lease.until}`;
  }
  return isHeld({ ...lease, until }, now)
    ? `held by ${lease.owner} until ${lease.until}`
    : `free: ${lease.owner} took it until ${lease.until}, which outlasts every run; its clock was wrong`;
}

function workText({ kind, from, to, events }: NonNullable<ExportStatus["unfinishedWindow"]>): string {
  const what = kind === "redrive" ? "redrive" : `window ${from} to ${to}`;
  return `${what}, ${counted(events, "event")}: the next run finishes it first`;
}

/** To the second. */
function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
