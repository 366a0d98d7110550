import type { EnrichedEvent } from "../../functions/security-lake-exporter/enrichment/enrichment.js";
import { account, scoringEvent } from "../../functions/security-lake-exporter/vectra/schema.js";
import { startTenant } from "../../simulator/tenant.js";

export const TENANT_URL = "https://123123123123.uw2.portal.vectra.ai";

const HOUR = 3_600_000;
const DIRECTIONS = ["increase", "decrease", "unchanged", "unknown"] as const;

/**
 * What a tenant may say besides what the simulated organization does: other kinds of accounts, fields left out,
 * fields of a newer version. They take turns, one event each.
 */
const VARIATIONS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { name: "O365:someone@example.com" },
  { name: "AWS:None/us-1-east/config:AWSConfig-Describe" },
  { name: undefined, type: undefined, category: undefined, url: undefined },
  { severity: undefined, urgency_score: undefined, importance: undefined, is_prioritized: undefined },
  { last_detection: undefined, active_detection_types: [] },
  { category: "HOST SCORING", urgency_score: 33.5 },
  { retired: false, tags: ["crown jewel"], nested: { deep: { deeper: 1 } } },
];

/** Enriched events of a simulated tenant; equal in every run. */
export async function simulatedEvents(count: number): Promise<readonly EnrichedEvent[]> {
  const tenant = await startTenant({
    seed: 5,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-01-01T00:00:00Z"),
    accounts: 120,
    eventsPerTick: 60,
  });
  try {
    while (tenant.events().length < count) {
      tenant.advance(HOUR);
    }
    return tenant
      .events()
      .slice(0, count)
      .map((event, index) => ({
        event: scoringEvent.parse({ ...event, ...VARIATIONS[index % VARIATIONS.length] }),
        account: index % 10 === 9 ? undefined : account.parse(tenant.account(event.entity_id)),
        direction: DIRECTIONS[index % DIRECTIONS.length] ?? "unknown",
      }));
  } finally {
    await tenant.close();
  }
}
