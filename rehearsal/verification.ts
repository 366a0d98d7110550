import type { LakeObject } from "./lake.js";

/** Identifies an event in the tenant and in the lake: an account has at most one event at a time. */
interface EventName {
  /** Entity id of the account. */
  readonly account: string;
  /** ISO 8601. */
  readonly time: string;
}

/** Whether each event of the tenant is in the lake exactly once. */
export interface Verification {
  readonly tenantEvents: number;
  readonly lakeRecords: number;
  /** In the tenant, not in the lake. */
  readonly missing: readonly EventName[];
  /** In the lake more than once. */
  readonly doubled: readonly EventName[];
  /** In the lake, not in the tenant. */
  readonly unknown: readonly EventName[];
}

/** Compares the lake with the tenant. */
export function verifyOnce(
  tenantEvents: readonly { readonly entity_id: number; readonly event_timestamp: string }[],
  objects: readonly LakeObject[],
): Verification {
  const expected = new Map<string, EventName>();
  for (const event of tenantEvents) {
    remember(expected, String(event.entity_id), Date.parse(event.event_timestamp));
  }
  const found = new Map<string, EventName>();
  const doubled = new Map<string, EventName>();
  let lakeRecords = 0;
  for (const record of objects.flatMap((object) => object.records)) {
    lakeRecords += 1;
    const isNew = remember(found, record.finding.uid, record.time);
    if (!isNew) {
      remember(doubled, record.finding.uid, record.time);
    }
  }
  return {
    tenantEvents: tenantEvents.length,
    lakeRecords,
    missing: valuesOutside(expected, found),
    doubled: [...doubled.values()],
    unknown: valuesOutside(found, expected),
  };
}

/** True when every event is in the lake exactly once, and nothing else is. */
export function isExactlyOnce(verification: Verification): boolean {
  return (
    verification.missing.length === 0 &&
    verification.doubled.length === 0 &&
    verification.unknown.length === 0 &&
    verification.tenantEvents === verification.lakeRecords
  );
}

function remember(names: Map<string, EventName>, account: string, time: number): boolean {
  const key = `${account} ${time}`;
  if (names.has(key)) {
    return false;
  }
  names.set(key, { account, time: new Date(time).toISOString() });
  return true;
}

function valuesOutside(names: Map<string, EventName>, others: Map<string, EventName>): EventName[] {
  return [...names].filter(([key]) => !others.has(key)).map(([, name]) => name);
}
