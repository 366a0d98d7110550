import { Command } from "commander";
import { fieldList, plainTable } from "../../command-line/table.js";
import type { Discard } from "../../functions/security-lake-exporter/state/discards.js";
import type { QuarantinedEvent } from "../../functions/security-lake-exporter/state/quarantine.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { confirm } from "../terminal/confirm.js";
import { jsonDocument } from "../terminal/json.js";
import { asStep, during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import { type ChoosingOptions, oneTenantOf, tenantsOf, withTarget } from "./choose-target.js";
import { exportStateOf } from "./export-state.js";
import { asOperator } from "./operator-lease.js";
import { counted } from "./run-report.js";
import { addLakeOptions, addTargetOptions } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly json?: true;
}

interface ListOptions extends Options {
  readonly discarded?: true;
}

interface DiscardOptions extends Options {
  readonly reason: string;
  readonly yes?: true;
}

/** `vectra-cdr quarantine`: lists, shows and discards events that could not be exported. */
export function quarantineCommand(streams: Streams): Command {
  return new Command("quarantine")
    .description("List and show events that could not be exported, or discard them")
    .addCommand(listCommand(streams))
    .addCommand(showCommand(streams))
    .addCommand(discardCommand(streams));
}

function listCommand(streams: Streams): Command {
  const command = new Command("list")
    .description("List the quarantined events, each with its reason")
    .option("--discarded", "list discarded events instead: by whom, when and why")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText("after", "\nExample:\n  vectra-cdr quarantine list --lake ./lake\n")
    .action((options: ListOptions) =>
      withTarget(options, "read", streams, (target) => list(target, options, streams)),
    );
}

function showCommand(streams: Streams): Command {
  const command = new Command("show")
    .description("Show a quarantined event as the tenant sent it")
    .argument("<event>", "the event id that list shows")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText("after", "\nExample:\n  vectra-cdr quarantine show 5081 --lake ./lake\n")
    .action((key: string, options: Options) =>
      withTarget(options, "read", streams, (target) => show(target, key, options, streams)),
    );
}

function discardCommand(streams: Streams): Command {
  const command = new Command("discard")
    .description("Discard quarantined events permanently, and record who did it and why")
    .argument("<event...>", "the event ids that list shows")
    .requiredOption("--reason <text>", "recorded permanently, with time and name")
    .option("--yes", "do not ask for confirmation")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText(
      "after",
      '\nExample:\n  vectra-cdr quarantine discard 5081 --reason "test event of Vectra" --lake ./lake\n',
    )
    .action((keys: string[], options: DiscardOptions) =>
      withTarget(options, "write", streams, (target) => discard(target, keys, options, streams)),
    );
}

async function list(target: ExporterTarget, options: ListOptions, streams: Streams): Promise<void> {
  const tenants = tenantsOf(target, options.tenant);
  const listed = await during(streams, `Asking ${target.title}`, () =>
    Promise.all(tenants.map((tenant) => listOf(target, tenant, options, streams.width))),
  );
  streams.out(
    options.json === true
      ? jsonDocument({ quarantine: listed.map(({ json }) => json) })
      : listed.map(({ text }) => text).join(""),
  );
}

/** A tenant's list, for programs and for people. */
async function listOf(
  target: ExporterTarget,
  tenant: TargetTenant,
  { discarded }: ListOptions,
  width: number | undefined,
): Promise<{ json: object; text: string }> {
  const { name } = tenant;
  const { quarantine, discards } = await heldFor(target, tenant);
  if (discarded === true) {
    const notes = await discards.all();
    return { json: { tenant: name, discarded: notes }, text: discardedText(name, notes, width) };
  }
  const events = (await quarantine.all()).map(withoutBody);
  return { json: { tenant: name, events }, text: eventsText(name, events, width) };
}

/** An event's entry in a list, without its content, which may be long. */
function withoutBody({ key, quarantinedAt, reason, inUnfinishedWindow }: QuarantinedEvent) {
  return { event: key, quarantinedAt, reason, inUnfinishedWindow };
}

function eventsText(
  tenant: string,
  events: readonly ReturnType<typeof withoutBody>[],
  width: number | undefined,
): string {
  if (events.length === 0) {
    return `${tenant}: the quarantine is empty\n`;
  }
  const rows = events.map(({ event, quarantinedAt, reason }) => [event, seconds(quarantinedAt), reason]);
  const table = plainTable(["EVENT", "SINCE", "REASON"], rows, width);
  return `${tenant}: ${counted(events.length, "event")} in quarantine\n${table}`;
}

function discardedText(tenant: string, discarded: readonly Discard[], width: number | undefined): string {
  if (discarded.length === 0) {
    return `${tenant}: no discarded events\n`;
  }
  const rows = discarded.map(({ key, at, by, reason }) => [key, seconds(at), by, reason]);
  const table = plainTable(["EVENT", "DISCARDED AT", "BY", "REASON"], rows, width);
  return `${tenant}: ${counted(discarded.length, "event")} discarded\n${table}`;
}

async function show(target: ExporterTarget, key: string, options: Options, streams: Streams): Promise<void> {
  const tenant = oneTenantOf(target, options.tenant);
  const events = await named(target, tenant, [key]);
  if (options.json === true) {
    const whole = events.map((event) => ({ ...withoutBody(event), json: event.json }));
    streams.out(jsonDocument({ tenant: tenant.name, events: whole }));
    return;
  }
  for (const { quarantinedAt, reason, inUnfinishedWindow, json } of events) {
    const fields: [string, string][] = [
      ["since", seconds(quarantinedAt)],
      ["reason", reason],
      ...(inUnfinishedWindow ? [UNFINISHED] : []),
    ];
    streams.out(`event ${key} of ${tenant.name}\n${fieldList(fields, streams.width)}`);
    streams.out(
      typeof json === "string"
        ? `The event was too long to keep; its beginning:\n${json}\n`
        : jsonDocument(json),
    );
  }
}

const UNFINISHED: [string, string] = ["window", "unfinished: the next run processes the event again"];

async function discard(
  target: ExporterTarget,
  keys: readonly string[],
  options: DiscardOptions,
  streams: Streams,
): Promise<void> {
  const reason = options.reason.trim();
  if (reason === "") {
    throw new UsageError("--reason is empty: say why, for the reader who misses the event.");
  }
  const tenant = oneTenantOf(target, options.tenant);
  const { length } = await named(target, tenant, keys);
  await confirm(
    streams,
    `Discard ${counted(length, "event")} of ${tenant.name}? Neither a run nor a redrive will export ${length === 1 ? "it" : "them"}.`,
    options.yes,
  );
  const by = await target.operator();
  const discarded = await asStep(streams, () =>
    asOperator(target, tenant, by, async (_, { unfinished }) => {
      if (unfinished?.kind === "redrive") {
        throw new Error(
          `A redrive of ${tenant.name} is unfinished, and the next run would write its events. First finish it with ` +
            '"vectra-cdr export --once".',
        );
      }
      // Read again: a run may have exported one before the lease was taken.
      const events = await named(target, tenant, keys);
      refuseUnfinished(events);
      const { discards } = await heldFor(target, tenant);
      const notes: Discard[] = [];
      for (const event of events) {
        notes.push(await discards.add(event, { at: new Date().toISOString(), by, reason }));
      }
      return notes;
    }),
  );
  streams.out(
    options.json === true
      ? jsonDocument({ tenant: tenant.name, discarded })
      : `${tenant.name}: ${counted(discarded.length, "event")} discarded by ${by}; reason recorded\n`,
  );
}

function refuseUnfinished(events: readonly QuarantinedEvent[]): void {
  const unfinished = events.filter(({ inUnfinishedWindow }) => inUnfinishedWindow);
  if (unfinished.length > 0) {
    const keys = unfinished.map(({ key }) => key).join(", ");
    throw new Error(
      `Event ${keys} belongs to an unfinished window, and the next run would quarantine it again. First finish the ` +
        'window with "vectra-cdr export --once" (or the backfill).',
    );
  }
}

/** The events with these keys. @throws Error if one is not in quarantine. */
async function named(
  target: ExporterTarget,
  tenant: TargetTenant,
  keys: readonly string[],
): Promise<readonly QuarantinedEvent[]> {
  const { quarantine } = await heldFor(target, tenant);
  const all = await quarantine.all();
  for (const key of keys) {
    if (!all.some((event) => event.key === key)) {
      throw new Error(
        `Event ${key} is not in the quarantine of ${tenant.name}; run "vectra-cdr quarantine list" to see what is.`,
      );
    }
  }
  return all.filter(({ key }) => keys.includes(key));
}

async function heldFor(target: ExporterTarget, tenant: TargetTenant) {
  const { Quarantine } = await import("../../functions/security-lake-exporter/state/quarantine.js");
  const { Discards } = await import("../../functions/security-lake-exporter/state/discards.js");
  const state = await exportStateOf(target, tenant);
  return { quarantine: new Quarantine(state), discards: new Discards(state) };
}

function seconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
