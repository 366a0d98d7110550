import * as z from "zod/mini";
import type { EnrichedEvent } from "../functions/security-lake-exporter/enrichment.js";
import { mapEvents } from "../functions/security-lake-exporter/export-window.js";
import { profileNamed } from "../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../functions/security-lake-exporter/parquet/encode.js";
import { partition } from "../functions/security-lake-exporter/partition.js";
import { eventsApi } from "../functions/security-lake-exporter/vectra/apis.js";
import { account, scoringPage } from "../functions/security-lake-exporter/vectra/schema.js";
import { foundOrganization, TICK_MILLISECONDS } from "../simulator/organization.js";
import { answerScoringQuery } from "../simulator/scoring-query.js";
import { startTimeline } from "../simulator/timeline.js";
import { WINDOW_SETTINGS } from "./parquet-window.js";

const { readEvent } = eventsApi("v3.4");
const portalUrl = "https://123123123123.uw2.portal.vectra.ai";
const startTime = Date.parse("2025-01-31T00:00:00Z");

interface Batch {
  /** Bodies of the tenant's answers, 1,000 events each. */
  readonly pages: readonly string[];
  /** Bodies of the account look-ups, by entity id. */
  readonly accounts: ReadonlyMap<number, string>;
}

const batches = new Map<number, Batch>();

/**
 * The function's own work on a batch, without network: parse and validate the pages, map, partition, encode.
 *
 * @param events size of the batch.
 */
export function measureEncoding(events: number): { eventsPerSecond: number; bytesPerEvent: number } {
  const batch = batches.get(events) ?? makeBatch(events);
  batches.set(events, batch);
  const { columns } = profileNamed(WINDOW_SETTINGS.profile);
  const began = performance.now();
  const accounts = new Map(
    [...batch.accounts].map(([id, body]) => [id, z.parse(account, JSON.parse(body))] as const),
  );
  const enriched = batch.pages
    .flatMap((body) => z.parse(scoringPage, JSON.parse(body)).events)
    .map((json) => readEvent(json))
    .flatMap((read) => (read.success ? [read.data] : []))
    .map(
      (event): EnrichedEvent => ({ event, account: accounts.get(event.entity_id), direction: "increase" }),
    );
  const { records } = mapEvents(enriched, WINDOW_SETTINGS, portalUrl);
  const objects = partition(records).map((part) => encodeParquet(part.records, columns));
  const seconds = (performance.now() - began) / 1000;
  const bytes = objects.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { eventsPerSecond: records.length / seconds, bytesPerEvent: bytes / records.length };
}

function makeBatch(events: number): Batch {
  const ticks = 20;
  const organization = foundOrganization({
    seed: 1,
    startTime,
    accounts: 500,
    eventsPerTick: events / ticks,
    portalUrl,
  });
  const timeline = startTimeline(organization, startTime);
  timeline.advance(ticks * TICK_MILLISECONDS);
  const pages: string[] = [];
  let from = 0;
  for (let page = 0; page < events / 1000; page += 1) {
    const query = new URLSearchParams({ type: "account", from: String(from), limit: "1000" });
    const { body } = answerScoringQuery(timeline.happenings(), query);
    from = (body as { next_checkpoint: number }).next_checkpoint;
    pages.push(JSON.stringify(body));
  }
  const accounts = new Map(
    organization.accounts.map(({ id }) => [id, JSON.stringify(timeline.account(id))] as const),
  );
  return { pages, accounts };
}
