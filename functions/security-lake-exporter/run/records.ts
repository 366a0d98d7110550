import type { EnrichedEvent } from "../enrichment/enrichment.js";
import { type PlacedRecord, partition } from "../lake/partition.js";
import { awsAccountIdOf } from "../ocsf/aws-identity.js";
import { conformanceCheck } from "../ocsf/conformance.js";
import { profileNamed } from "../ocsf/profiles.js";
import { encodeParquet } from "../parquet/encode.js";
import type { Tenant } from "../settings.js";
import type { RejectedEvent } from "../vectra/found-events.js";
import { asItCame } from "../vectra/read-event.js";
import type { PreparedObject } from "./work.js";

/** The settings of a tenant that decide what its records hold, and where they belong. */
export type RecordSettings = Pick<
  Tenant,
  "url" | "profile" | "rawData" | "partitionBy" | "partitionAccountId"
>;

/** Maps events into records; those that violate their own profile are rejected, never uploaded. */
export function mapEvents(
  events: readonly EnrichedEvent[],
  settings: RecordSettings,
): { readonly records: readonly PlacedRecord[]; readonly rejected: readonly RejectedEvent[] } {
  const profile = profileNamed(settings.profile);
  const violationsOf = conformanceCheck(profile);
  const records: PlacedRecord[] = [];
  const rejected: RejectedEvent[] = [];
  for (const enriched of events) {
    const { event } = enriched;
    const record = profile.map(enriched, { tenantUrl: settings.url, rawData: settings.rawData });
    const violations = violationsOf(record);
    if (violations.length === 0) {
      records.push({ record, accountId: partitionAccountOf(event.name, settings) });
    } else {
      const problems = violations.map(({ attribute, problem }) => `${attribute} ${problem}`);
      rejected.push({
        key: String(event.id),
        json: asItCame(event),
        reason: `${profile.name}: ${problems.join("; ")}`,
      });
    }
  }
  return { records, rejected };
}

/** One object per partition, each under the given name. */
export function encoded(
  records: readonly PlacedRecord[],
  name: string,
  { profile }: Pick<Tenant, "profile">,
): readonly PreparedObject[] {
  const { columns } = profileNamed(profile);
  return partition(records).map(({ accountId, eventDay, records: sorted }) => ({
    accountId,
    eventDay,
    name,
    body: encodeParquet(sorted, columns),
    events: sorted.length,
  }));
}

function partitionAccountOf(
  name: string | null,
  { partitionBy, partitionAccountId }: RecordSettings,
): string {
  const ofEvent = partitionBy === "event" ? awsAccountIdOf(name) : undefined;
  return ofEvent ?? partitionAccountId;
}
