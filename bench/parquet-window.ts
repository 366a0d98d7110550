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

/** The exporter's defaults. */
export const WINDOW_SETTINGS: WindowSettings = {
  includeScoreDecreases: true,
  profile: DEFAULT_PROFILE,
  rawData: false,
  filters: { accounts: "aws", prioritizedOnly: false },
  partitionAccountId: "333333333333",
  partitionBy: "fixed",
};
const { readEvent } = eventsApi("v3.4");

/**
 * The function's way from the texts of a window's pages to the bytes of its objects, without network.
 *
 * @param steps gets the time of each step.
 */
export function windowToParquet(
  texts: readonly string[],
  steps: Steps,
  encode: Encoder = encodeParquet,
): readonly Uint8Array[] {
  const profile = profileNamed(DEFAULT_PROFILE);
  let mark = performance.now();
  const lap = (step: keyof Steps) => {
    const now = performance.now();
    steps[step] += now - mark;
    mark = now;
  };
  const pages: unknown[] = texts.map((text) => JSON.parse(text));
  lap("parse");
  const events = pages
    .flatMap((page) => z.parse(scoringPage, page).events)
    .map((json) => readEvent(json))
    .flatMap((read) => (read.success ? [read.data] : []));
  lap("validate");
  const enriched = events.map((event): EnrichedEvent => ({ event, account: ACCOUNT, direction: DIRECTION }));
  const { records } = mapEvents(enriched, WINDOW_SETTINGS, PORTAL_URL);
  lap("map");
  const parts = partition(records);
  lap("partition");
  const objects = parts.map((part) => encode(part.records, profile.columns));
  lap("encode");
  return objects;
}

export function noSteps(): Steps {
  return { parse: 0, validate: 0, map: 0, partition: 0, encode: 0 };
}
