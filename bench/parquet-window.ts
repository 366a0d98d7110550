import * as z from "zod/mini";
import type { WindowSettings } from "../functions/security-lake-exporter/checkpoint.js";
import type { EnrichedEvent } from "../functions/security-lake-exporter/enrichment.js";
import { mapEvents } from "../functions/security-lake-exporter/export-window.js";
import type { OcsfRecord } from "../functions/security-lake-exporter/ocsf/profile.js";
import { DEFAULT_PROFILE, profileNamed } from "../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../functions/security-lake-exporter/parquet/encode.js";
import type { Column } from "../functions/security-lake-exporter/parquet/schema.js";
import { partition } from "../functions/security-lake-exporter/partition.js";
import { eventsApi } from "../functions/security-lake-exporter/vectra/apis.js";
import { type Account, scoringPage } from "../functions/security-lake-exporter/vectra/schema.js";
import { PORTAL_URL } from "./pages.js";

/** Milliseconds of each step, added up. */
export interface Steps {
  parse: number;
  validate: number;
  map: number;
  partition: number;
  encode: number;
}

/** Turns the records of one object into Parquet. */
export type Encoder = (records: readonly OcsfRecord[], columns: readonly Column[]) => Uint8Array;

/** What a look-up found, the same for each account: look-ups are network, not encoding. */
export const ACCOUNT: Account = {
  id: 8,
  threat: 61,
  certainty: 72,
  assignment: { assigned_to: { username: "analyst1" } },
};
export const DIRECTION = "increase";

const { readEvent } = eventsApi("v3.4");
/** The exporter's defaults. */
const SETTINGS: WindowSettings = {
  includeScoreDecreases: true,
  profile: DEFAULT_PROFILE,
  rawData: false,
  filters: { accounts: "all", prioritizedOnly: false, minimumSeverity: undefined },
  partitionAccountId: "333333333333",
  partitionBy: "fixed",
};

/**
 * The function's way from the texts of a window's pages to the bytes of its objects, without network: JSON, validation
 * of each event, mapping and the conformance gate, partitions, Parquet.
 *
 * @param steps gets the time of each step.
 * @throws Error when an event would go to quarantine: then less was measured than it seems.
 */
export function windowToParquet(
  texts: readonly string[],
  steps: Steps,
  encode: Encoder = encodeParquet,
): readonly Uint8Array[] {
  let mark = performance.now();
  const lap = (step: keyof Steps) => {
    const now = performance.now();
    steps[step] += now - mark;
    mark = now;
  };
  const events: EnrichedEvent[] = [];
  // Page by page, as they arrive, so that no more than one of them is in memory.
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
  const { records, rejected } = mapEvents(events, SETTINGS, PORTAL_URL);
  if (rejected.length > 0) {
    throw new Error(
      `${rejected.length} events would go to quarantine, the first because ${rejected[0]?.reason}`,
    );
  }
  lap("map");
  const parts = partition(records);
  lap("partition");
  const { columns } = profileNamed(SETTINGS.profile);
  const objects = parts.map((part) => encode(part.records, columns));
  lap("encode");
  return objects;
}

export function noSteps(): Steps {
  return { parse: 0, validate: 0, map: 0, partition: 0, encode: 0 };
}
