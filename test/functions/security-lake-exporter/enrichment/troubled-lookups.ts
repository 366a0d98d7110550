import {
  LOOKUP_LIMITS,
  type LookupLimits,
} from "../../../../functions/security-lake-exporter/enrichment/lookup-limits.js";
import type { FaultRequest } from "../../../../simulator/faults.js";
import type { Tenant } from "../../../../simulator/tenant.js";

/** A tenant whose account look-ups are in trouble; every account has one event. */
interface Trouble {
  readonly what: string;
  readonly accounts: number;
  readonly events: number;
  readonly fault: Pick<FaultRequest, "kind" | "delayMilliseconds">;
  /** Accounts whose look-up fails; the others are not looked up. */
  readonly failed: number;
}

/** Times are a hundredth of what they are outside of tests: 10 s of an attempt, 200 ms of a slow account. */
export const TROUBLES: readonly Trouble[] = [
  { what: "16 hang", accounts: 16, events: 24, fault: { kind: "hang" }, failed: 5 },
  { what: "120 answer 503", accounts: 120, events: 120, fault: { kind: "503" }, failed: 5 },
  {
    what: "5,000 are slow",
    accounts: 5000,
    events: 5000,
    fault: { kind: "slow", delayMilliseconds: 2 },
    failed: 0,
  },
];

/**
 * The limits that are shipped, with a hundredth of the time. Only an account that hangs is given up sooner, too: others
 * may have to wait for a busy machine.
 */
export function atAHundredth(kind?: FaultRequest["kind"]): LookupLimits {
  return {
    ...LOOKUP_LIMITS,
    shareOfTime: 0.005,
    retry: {
      ...LOOKUP_LIMITS.retry,
      firstPause: 5,
      longestPause: 10,
      attemptTimeout: kind === "hang" ? 100 : 10_000,
    },
  };
}

/** Gives the tenant's last events to as many accounts as there are, one after the other, and none says its severity. */
export function spreadOverAccounts(tenant: Tenant, { accounts, events }: Trouble): void {
  const ids: number[] = [];
  for (let id = 0; ids.length < accounts; id += 1) {
    if (tenant.account(id) !== undefined) {
      ids.push(id);
    }
  }
  for (const [index, event] of tenant.events().slice(-events).entries()) {
    Object.assign(event, { entity_id: ids[index % accounts], severity: null });
  }
}

/** Lets every account look-up fail so, for as long as the test lasts. */
export function trouble(tenant: Tenant, { fault }: Trouble): void {
  tenant.faults.add({ on: "account", times: 1_000_000, ...fault });
}

/** How many account look-ups the tenant was asked for. */
export function lookupsAsked(tenant: Tenant): number {
  return tenant.requests().filter(({ path }) => path.includes("/accounts/")).length;
}
