import { join, relative } from "node:path";
import pc from "picocolors";
import yoctoSpinner from "yocto-spinner";
import { colouredTable } from "../command-line/table.js";
import type { Audience, RehearsalResult } from "./audience.js";
import type { Tick } from "./export-ticks.js";
import type { LakeObject } from "./lake.js";
import { mappedFields, mostTelling } from "./mapping-table.js";
import { isExactlyOnce, type Verification } from "./verification.js";

/** Wider tables are wrapped. */
const MAX_COLUMNS = 132;
/** Longer lists are counted, other longer texts truncated. */
const MAX_VALUE_CHARACTERS = 100;

/** Prints short sections to a terminal, each as it happens. picocolors honours NO_COLOR. */
export const person: Audience = {
  begin() {
    console.log(pc.bold("\nRehearsal: from deployment file to lake, on this machine only"));
  },
  wait(what) {
    if (!process.stdout.isTTY) {
      return () => undefined;
    }
    const spinner = yoctoSpinner({ text: what, stream: process.stdout }).start();
    return () => spinner.stop();
  },
  deployment(prepared, places) {
    section(1, "Deployment", shown(places.deploymentFile));
    const rows = prepared.stacks.map((stack) => {
      const count = Object.values(stack.resources).reduce((sum, each) => sum + each, 0);
      return [pc.cyan(stack.id), stack.accountId, stack.region, String(count), stack.purpose];
    });
    console.log(tableOf(["stack", "account", "region", "resources", "what"], rows, [3]));
    const json = join(shown(places.terraformDirectory), "stacks", "<stack>", "cdk.tf.json");
    console.log(pc.dim(`  Terraform JSON: ${json}`));
  },
  exportBegins(prepared, rehearsal) {
    const { configuration, schedules, tenants } = prepared.exporter;
    section(2, "Export", `tenant ${tenants[0]?.name}, ${schedules[0]?.expression}, time compressed`);
    console.log(
      `  ${configuration.functionName}: the deployed zip (${Math.round(prepared.bundle.bytes / 1000)} kB), ` +
        `${configuration.handler}, ${configuration.runtime}`,
    );
    console.log(pc.dim(`  simulated Vectra tenant at ${rehearsal.tenant.url}, loopback stand-ins for AWS\n`));
  },
  tick(tick, previous) {
    const { did, note } = outcomeOf(tick, previous);
    console.log(
      `  ${pc.cyan(tick.at.slice(11, 16))}  ${tick.newEvents} new  ${did.padEnd(22)} cursor ${tick.checkpoint}  ${note}`,
    );
  },
  end(result) {
    showLake(result);
    showVerdict(result.exported.verification);
    showWhereToLook(result);
  },
  fail(message, functionLog) {
    console.error(`\n${pc.red("The rehearsal failed:")} ${message}`);
    if (functionLog !== undefined) {
      console.error(`The function's log: ${shown(functionLog)}`);
    }
  },
};

/** The result of a tick, and anything notable about it. */
function outcomeOf(tick: Tick, previous: Tick | undefined): { did: string; note: string } {
  if (tick.incident === "killed") {
    return {
      did: "killed after its PUT",
      note: pc.yellow("the object is written, the cursor has not moved"),
    };
  }
  const objects = `${tick.objectsWritten} object${tick.objectsWritten === 1 ? "" : "s"}`;
  const did = `${tick.eventsWritten} written, ${objects}`;
  if (tick.incident === "throttled") {
    return { did, note: pc.yellow("Vectra answered 429 with Retry-After 1 s; the function waited") };
  }
  if (previous?.incident === "killed") {
    return { did, note: pc.green("the killed run's object again, under the same key, then the new events") };
  }
  return { did, note: "" };
}

function showLake({ prepared, exported }: RehearsalResult): void {
  const { lake } = prepared.exporter;
  const prefix = `${lake.prefix}region=${lake.region}/`;
  section(3, "Lake", `s3://${lake.bucket}/${prefix}`);
  showObjects(exported.objects, prefix);
  showRecord(exported.objects);
  console.log(pc.bold(`\n  Checkpoint`) + pc.dim(` (table ${prepared.exporter.table.name})`));
  for (const [attribute, value] of Object.entries(exported.checkpoint)) {
    console.log(`    ${pc.cyan(attribute.padEnd(18))} ${brief(value)}`);
  }
}

/** At most one line: a checkpoint holds lists, as the text of JSON. */
export function brief(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length <= MAX_VALUE_CHARACTERS) {
    return text;
  }
  const list = listIn(text);
  return list === undefined
    ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…`
    : `${list.length} values, ${JSON.stringify(list[0])} to ${JSON.stringify(list.at(-1))}`;
}

function listIn(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function showObjects(objects: readonly LakeObject[], prefix: string): void {
  const rows = objects.map(({ key, records, bytes }) => [
    key.replace(prefix, ""),
    String(records.length),
    String(bytes),
    clock(records[0]?.time),
    clock(records.at(-1)?.time),
  ]);
  console.log(tableOf(["object", "events", "bytes", "first event", "last event"], rows, [1, 2]));
}

function showRecord(objects: readonly LakeObject[]): void {
  const record = mostTelling(objects.flatMap((object) => object.records));
  if (record === undefined) {
    return;
  }
  console.log(`\n  ${pc.bold("One record")}${pc.dim(", in the order of Vectra's OCSF Field Mapping Table")}`);
  for (const { field, value } of mappedFields(record)) {
    const text = value === undefined ? pc.red("missing") : JSON.stringify(value);
    const explained = field === "time" ? `${text} ${pc.dim(new Date(record.time).toISOString())}` : text;
    console.log(`    ${pc.cyan(field.padEnd(46))} ${explained}`);
  }
  console.log(pc.dim("    (finding.supporting_data is a single column of JSON text, decoded here)"));
}

function showVerdict(verification: Verification): void {
  section(4, "Every event once?", "tenant and lake compared by account and time");
  const { tenantEvents, lakeRecords, missing, doubled, unknown } = verification;
  const counts =
    `${tenantEvents} events in the tenant, ${lakeRecords} records in the lake: ` +
    `${missing.length} missing, ${doubled.length} duplicated, ${unknown.length} unknown`;
  console.log(`  ${isExactlyOnce(verification) ? pc.green(`yes: ${counts}`) : pc.red(`NO: ${counts}`)}`);
  const lists = { missing, duplicated: doubled, unknown };
  for (const [what, names] of Object.entries(lists)) {
    for (const { account, time } of names.slice(0, 10)) {
      console.log(`    ${what}: account ${account} at ${time}`);
    }
    if (names.length > 10) {
      console.log(`    ${what}: and ${names.length - 10} more`);
    }
  }
}

function showWhereToLook({ prepared, places, lakeDirectory, seconds }: RehearsalResult): void {
  const parquet = join(shown(lakeDirectory), "**", "*.parquet");
  const stack = join(shown(places.terraformDirectory), "stacks", "security-lake");
  console.log(`
${pc.bold("Look further")}
  lake           ${shown(lakeDirectory)}
  function log   ${shown(prepared.functionLog)}
  duckdb -c "SELECT severity, status_detail, count(*) FROM read_parquet('${parquet}') GROUP BY ALL ORDER BY ALL"
  terraform -chdir=${quoted(stack)} init && terraform -chdir=${quoted(stack)} plan
${pc.dim(`${seconds.toFixed(1)} s`)}`);
}

function section(number: number, title: string, note = ""): void {
  console.log(`\n${pc.bold(`${number} ${title}`)}  ${pc.dim(note)}`);
}

/** @param rightAligned columns of numbers, by their place from 0 */
function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[],
): string {
  return colouredTable(head.map(pc.dim), rows, { width: MAX_COLUMNS, rightAligned }).trimEnd();
}

function clock(time: number | undefined): string {
  return time === undefined ? "" : new Date(time).toISOString().slice(11, 19);
}

/** Relative to the current directory. */
function shown(path: string): string {
  return relative(process.cwd(), path);
}

function quoted(path: string): string {
  return path.includes(" ") ? `"${path}"` : path;
}
