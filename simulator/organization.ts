import {
  type Account,
  accountOf,
  createEntities,
  detect,
  type Entity,
  fade,
  fallProbability,
  isoSeconds,
} from "./account.js";
import { DETECTION_MODELS } from "./detections.js";
import { type Random, seededRandom } from "./random.js";
import { type EntityScoringEvent, scoringEvent } from "./scoring-event.js";

/** Something that happened in the organization: the event, and the account as it is from then on. */
export interface Happening {
  event: EntityScoringEvent;
  /** True when the account's urgency score is below that of its previous event. */
  scoreDecreased: boolean;
  account: Account;
}

/** A made-up organization whose AWS roles and users rise and fall in score over time. */
export interface Organization {
  /** Every account as it was before the first event. */
  readonly accounts: readonly Account[];
  /** What happens in the next tick, in the order of time. Ticks follow each other without a gap. */
  nextTick(): Happening[];
  /** Renames a role or user, for all that happens from the next tick on. */
  rename(accountId: number, name: string): void;
}

/** Vectra scores continuously; five minutes is the exporter's schedule, and the grain of our chance. */
export const TICK_MILLISECONDS = 5 * 60 * 1000;

const SECONDS_PER_TICK = TICK_MILLISECONDS / 1000;

/**
 * Creates an organization.
 *
 * @param options.seed equal seeds give equal organizations, event by event
 * @param options.startTime where the first tick begins, epoch milliseconds, whole seconds
 * @param options.accounts how many roles and users, 1 or more
 * @param options.eventsPerTick scoring events in each five minutes, at most 150 for each account
 * @param options.portalUrl origin of the links in the events
 * @param options.idStep what ids advance by at least, so that there are free ones between; 1 by default
 * @param options.fractions whether events have milliseconds; otherwise, and by default, whole seconds
 * @throws RangeError naming the option and what is allowed
 */
export function createOrganization(options: {
  seed: number;
  startTime: number;
  accounts: number;
  eventsPerTick: number;
  portalUrl: string;
  idStep?: number;
  fractions?: boolean;
}): Organization {
  const { idStep = 1 } = options;
  requireInteger("seed", options.seed, 0, 2 ** 32 - 1);
  requireInteger("accounts", options.accounts, 1, 100_000);
  // Half of the (account, second) pairs: beyond that, drawing distinct ones gets slow.
  const mostEvents = (options.accounts * SECONDS_PER_TICK) / 2;
  requireInteger("eventsPerTick", options.eventsPerTick, 1, mostEvents);
  requireInteger("idStep", idStep, 1, 1000);

  const random = seededRandom(options.seed);
  const entities = createEntities(random, options.accounts, options.startTime);
  let lastEventId = random.integer(4000, 5000);
  let lastDetectionId = random.integer(100, 200);
  let tickStart = options.startTime;

  function scoreChange(entity: Entity, time: number): Happening {
    const timestamp = options.fractions === true ? new Date(time).toISOString() : isoSeconds(time);
    const previousUrgency = entity.urgency;
    const scoreDecreased = random.chance(fallProbability(entity));
    if (scoreDecreased) {
      fade(random, entity);
    } else {
      lastDetectionId += random.integer(1, 4);
      detect(random, entity, { id: lastDetectionId, model: random.pick(DETECTION_MODELS) }, timestamp);
    }
    lastEventId += idStep * (random.chance(0.7) ? 1 : random.integer(2, 6));
    const change = Math.abs(entity.urgency - previousUrgency);
    return {
      event: scoringEvent(random, entity, lastEventId, timestamp, change, options.portalUrl),
      scoreDecreased,
      account: accountOf(entity),
    };
  }

  return {
    accounts: entities.map(accountOf),
    nextTick() {
      const happenings: Happening[] = [];
      for (const slot of distinctSlots(random, options.eventsPerTick, entities.length * SECONDS_PER_TICK)) {
        const entity = entities[slot % entities.length];
        if (entity === undefined) {
          continue;
        }
        // Within a second the fractions rise as the slots do, so that times never fall.
        happenings.push(scoreChange(entity, tickStart + Math.floor((slot / entities.length) * 1000)));
      }
      tickStart += TICK_MILLISECONDS;
      return happenings;
    },
    rename(accountId, name) {
      for (const entity of entities) {
        if (entity.id === accountId) {
          entity.name = name;
        }
      }
    },
  };
}

/** Distinct, ascending: an account has at most one event in a second, so (account, time) names an event. */
function distinctSlots(random: Random, count: number, slots: number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) {
    drawn.add(random.integer(0, slots - 1));
  }
  return [...drawn].sort((a, b) => a - b);
}

export function requireInteger(option: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${option} is ${value}: use a whole number from ${least} to ${most}.`);
  }
}
