import type { Audience, RehearsalResult } from "./audience.js";
import { mostTelling } from "./mapping-table.js";
import { isExactlyOnce } from "./verification.js";

/** Prints a single JSON object to stdout at the end, and nothing else. */
export const program: Audience = {
  begin: () => undefined,
  wait: () => () => undefined,
  deployment: () => undefined,
  exportBegins: () => undefined,
  tick: () => undefined,
  end: (result) => print(summaryOf(result)),
  fail: (message, functionLog) => print({ ok: false, error: message, functionLog }),
};

function summaryOf({ places, prepared, lakeDirectory, ticks, exported, seconds }: RehearsalResult): object {
  const { exporter, bundle } = prepared;
  return {
    ok: isExactlyOnce(exported.verification),
    deployment: { file: places.deploymentFile, stacks: prepared.stacks },
    function: {
      name: exporter.configuration.functionName,
      handler: exporter.configuration.handler,
      runtime: exporter.configuration.runtime,
      zip: exporter.zipPath,
      bytes: bundle.bytes,
    },
    ticks,
    objects: exported.objects.map(({ key, bytes, records }) => ({
      key,
      events: records.length,
      bytes,
      firstEvent: iso(records[0]?.time),
      lastEvent: iso(records.at(-1)?.time),
    })),
    record: mostTelling(exported.objects.flatMap(({ records }) => records)),
    checkpoint: exported.checkpoint,
    verification: exported.verification,
    places: {
      terraform: places.terraformDirectory,
      lake: lakeDirectory,
      functionLog: prepared.functionLog,
    },
    seconds,
  };
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

function print(value: object): void {
  console.log(JSON.stringify(value, undefined, 2));
}
