import type { Random } from "../../../simulator/random.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";
import type { TenantAccess } from "./accounting.js";

const HOUR = 3_600_000;
const CLIENT = { clientId: "client", clientSecret: "secret" };

/** What makes an event malformed: fields of another type than documented. */
const FLAWS: readonly object[] = [{ active_detection_types: "none" }, { entity_id: "eight" }];

/** A range of the tenant's history. */
export interface Slice {
  readonly from: string;
  readonly to: string;
}

/** A simulated tenant, of whose events some are malformed until they are fixed. */
export class TenantWithFlaws {
  /** Adjacent ranges that hold every event so far. */
  readonly history: readonly Slice[];
  readonly #tenant: Tenant;
  /** The malformed events as they should be, by id. */
  readonly #flawless = new Map<string, EntityScoringEvent>();

  private constructor(tenant: Tenant, slices: number, random: Random) {
    this.#tenant = tenant;
    this.history = Array.from({ length: slices }, () => {
      const from = inSeconds(tenant.now());
      this.advance(HOUR, random);
      return { from, to: inSeconds(tenant.now()) };
    });
  }

  /** @param slices hours of history. */
  static async start(seed: number, slices: number, random: Random): Promise<TenantWithFlaws> {
    const tenant = await startTenant({
      seed,
      ...CLIENT,
      startTime: new Date("2026-01-31T20:00:00Z"),
      accounts: 12,
    });
    return new TenantWithFlaws(tenant, slices, random);
  }

  get access(): TenantAccess {
    return { url: this.#tenant.url, ...CLIENT };
  }

  /** Time passes; up to four of its events are malformed. */
  advance(milliseconds: number, random: Random): void {
    const events = this.#tenant.advance(milliseconds);
    for (let flaws = random.integer(0, 4); flaws > 0; flaws -= 1) {
      const event = random.pick(events);
      if (!this.isMalformed(String(event.id))) {
        this.#flawless.set(String(event.id), { ...event });
        Object.assign(event, random.pick(FLAWS));
      }
    }
  }

  isMalformed(id: string): boolean {
    return this.#flawless.has(id);
  }

  /** The tenant's log has an event as it should be from now on. @returns the event, if it was malformed. */
  fix(id: string): object | undefined {
    const flawless = this.#flawless.get(id);
    const event = this.#tenant.events().find((logged) => String(logged.id) === id);
    if (flawless === undefined || event === undefined) {
      return undefined;
    }
    this.#flawless.delete(id);
    return Object.assign(event, flawless);
  }

  async close(): Promise<void> {
    await this.#tenant.close();
  }
}

function inSeconds(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
