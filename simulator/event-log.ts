import { isoSeconds } from "./account.js";
import type { Happening } from "./organization.js";
import type { EntityScoringEvent } from "./scoring-event.js";

/** Fields of an event that differ from those of the event that it resembles. */
export type EventFields = Partial<EntityScoringEvent>;

/** Changes to the events that a tenant has served already, or could have. */
export interface LogChanges {
  /**
   * Inserts an event behind the highest id, as if it had become visible late. It resembles the event before it.
   *
   * @param fields `id`: one that no event has, by default the highest such id; `event_timestamp`: any time, by default the
   *   next second without an event of the account; `entity_id`: the name is that of the account, unless it is given
   * @throws RangeError where there is no such id
   */
  addLate(fields?: EventFields): EntityScoringEvent;
  /** Removes every event with that id. @throws RangeError where there is none */
  remove(id: number): void;
  /** Replaces an event by another one with the same id. @throws RangeError where there is none */
  swap(id: number, fields: EventFields): EntityScoringEvent;
  /** Adds another event with the id of an existing one, after it. @throws RangeError where there is none */
  duplicate(id: number, fields: EventFields): EntityScoringEvent;
}

/** The events of the past. */
export interface EventLog extends LogChanges {
  /** By ascending id; times ascend, too, unless the log was changed. */
  happenings(): readonly Happening[];
  /** Adds what happened last. */
  append(happening: Happening): void;
}

/** @param nameOf name of an account as it is now */
export function emptyLog(nameOf: (accountId: number) => string | undefined): EventLog {
  const happenings: Happening[] = [];

  /** Index of the first event with an id. */
  function indexOf(id: number): number {
    const index = firstFrom(happenings, id);
    if (happenings[index]?.event.id !== id) {
      throw new RangeError(`id is ${id}: no event has it.`);
    }
    return index;
  }

  /** Puts another event beside, or in place of, the one that it resembles. */
  function place(index: number, replaced: number, like: Happening, fields: EventFields): EntityScoringEvent {
    const event = { ...like.event, ...fields };
    const previous = happenings
      .slice(0, index)
      .findLast(({ event: { entity_id } }) => entity_id === event.entity_id);
    const scoreDecreased = event.urgency_score < (previous?.event.urgency_score ?? 0);
    happenings.splice(index, replaced, { ...like, event, scoreDecreased });
    return event;
  }

  function freeId(): number {
    for (let index = happenings.length - 1; index > 0; index -= 1) {
      const id = (happenings[index]?.event.id ?? 0) - 1;
      if (happenings[index - 1]?.event.id !== id && happenings[index - 1]?.event.id !== id + 1) {
        return id;
      }
    }
    throw new RangeError("No id between two events is free: start the tenant with idStep.");
  }

  /** A time at which the account has no event yet, so that (account, time) still names one. */
  function freeTime(accountId: number, from: string): string {
    const taken = new Set(
      happenings
        .filter(({ event }) => event.entity_id === accountId)
        .map(({ event }) => isoSeconds(Date.parse(event.event_timestamp))),
    );
    let time = Date.parse(from);
    while (taken.has(isoSeconds(time))) {
      time += 1000;
    }
    return isoSeconds(time);
  }

  return {
    happenings: () => happenings,
    append: (happening) => {
      happenings.push(happening);
    },
    addLate(fields = {}) {
      const id = fields.id ?? freeId();
      const index = firstFrom(happenings, id);
      const next = happenings[index];
      const like = happenings[index - 1] ?? next;
      if (next === undefined || next.event.id === id || like === undefined || !Number.isInteger(id)) {
        throw new RangeError(`id is ${id}: use a whole number that no event has, below the highest id.`);
      }
      const { entity_id = like.event.entity_id } = fields;
      return place(index, 0, like, {
        name: nameOf(entity_id) ?? like.event.name,
        event_timestamp: freeTime(entity_id, like.event.event_timestamp),
        ...fields,
        id,
      });
    },
    remove(id) {
      happenings.splice(indexOf(id), firstFrom(happenings, id + 1) - indexOf(id));
    },
    swap(id, fields) {
      const index = indexOf(id);
      return place(index, 1, happenings[index] as Happening, { ...fields, id });
    },
    duplicate(id, fields) {
      const like = happenings[indexOf(id)] as Happening;
      return place(firstFrom(happenings, id + 1), 0, like, { ...fields, id });
    },
  };
}

/** Index of the first event whose id is not below `from`; ids ascend, so a backlog needs no scan. */
export function firstFrom(happenings: readonly Happening[], from: number): number {
  let low = 0;
  let high = happenings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((happenings[middle]?.event.id ?? 0) < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
