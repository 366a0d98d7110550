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
  /** The events that were malformed once, as they should be, by id. */
  readonly #flawless = new Map<string, EntityScoringEvent>();
  readonly #malformed = new Set<string>();

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
      const id = String(event.id);
      if (!this.#malformed.has(id)) {
        this.#malformed.add(id);
        this.#flawless.set(id, { ...event });
        Object.assign(event, random.pick(FLAWS));
      }
    }
  }

  isMalformed(id: string): boolean {
    return this.#malformed.has(id);
  }

  /** From now on, the tenant's log has the event as it should be. @returns the event. */
  fix(id: string): object {
    const event = this.#tenant.events().find((logged) => String(logged.id) === id);
    const flawless = this.#flawless.get(id);
    if (event === undefined || flawless === undefined) {
      throw new Error(`Event ${id} was not malformed.`);
    }
    this.#malformed.delete(id);
    return Object.assign(event, flawless);
  }

  async close(): Promise<void> {
    await this.#tenant.close();
  }
}

function inSeconds(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
