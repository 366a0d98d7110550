import * as z from "zod/mini";
import type { ProfileName } from "../facts/profiles.js";
import type { EnrichedEvent } from "../functions/security-lake-exporter/enrichment/enrichment.js";
import { partition } from "../functions/security-lake-exporter/lake/partition.js";
import { profileNamed } from "../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../functions/security-lake-exporter/parquet/encode.js";
import { mapEvents, type RecordSettings } from "../functions/security-lake-exporter/run/records.js";
import { readEvent } from "../functions/security-lake-exporter/vectra/read-event.js";
import { type Account, scoringPage } from "../functions/security-lake-exporter/vectra/schema.js";
import { PORTAL_URL } from "./pages.js";

/** Total milliseconds of each step. */
export interface Steps {
  parse: number;
  validate: number;
  map: number;
  partition: number;
  encode: number;
}

/**
 * A way to turn the pages of a window into the bytes of its objects, without the network.
 *
 * @param steps receives the time of each step.
 */
export type WindowToParquet = (
  texts: readonly string[],
  profile: ProfileName,
  steps: Steps,
) => readonly Uint8Array[];

/** The same look-up result for each account: look-ups are network, not encoding. */
export const ACCOUNT: Account = {
  id: 8,
  threat: 61,
  certainty: 72,
  assignment: { assigned_to: { username: "analyst1" } },
};
export const DIRECTION = "increase";

export const LAKE_ACCOUNT_ID = "333333333333";
/** The exporter's defaults. */
const SETTINGS: Omit<RecordSettings, "profile"> = {
  url: PORTAL_URL,
  rawData: false,
  partitionAccountId: LAKE_ACCOUNT_ID,
  partitionBy: "fixed",
};

/**
 * The function's way: JSON, validation of each event, mapping and the conformance gate, partitions, Parquet.
 *
 * @throws Error if an event would go to quarantine, because less would then be measured.
 */
export const windowToParquet: WindowToParquet = (texts, profile, steps) => {
  const lap = stopwatch(steps);
  const events: EnrichedEvent[] = [];
  // Page by page, as they arrive, so that only one of them is in memory.
  for (const text of texts) {
    const json: unknown = JSON.parse(text);
    lap("parse");
    for (const eventJson of z.parse(scoringPage, json).events) {
      const event = readEvent(eventJson);
      if (!event.success) {
        throw event.error;
      }
      events.push({ event: event.data, account: ACCOUNT, direction: DIRECTION });
    }
    lap("validate");
  }
  const { records, rejected } = mapEvents(events, { ...SETTINGS, profile });
  if (rejected.length > 0) {
    throw new Error(
      `${rejected.length} events would go to quarantine, the first one because: ${rejected[0]?.reason}`,
    );
  }
  lap("map");
  const parts = partition(records);
  lap("partition");
  const { columns } = profileNamed(profile);
  const objects = parts.map((part) => encodeParquet(part.records, columns));
  lap("encode");
  return objects;
};

export function noSteps(): Steps {
  return { parse: 0, validate: 0, map: 0, partition: 0, encode: 0 };
}

/** @returns a function that adds the time since its last call to a step. */
export function stopwatch(steps: Steps): (step: keyof Steps) => void {
  let mark = performance.now();
  return (step) => {
    const now = performance.now();
    steps[step] += now - mark;
    mark = now;
  };
}
