import type { Account } from "./account.js";
import { type EventLog, emptyLog } from "./event-log.js";
import type { Happening, Organization } from "./organization.js";
import { TICK_MILLISECONDS } from "./organization.js";
import type { EntityScoringEvent } from "./scoring-event.js";

/** Simulated time: the events so far, and a way to advance. */
export interface Timeline {
  now(): Date;
  /**
   * Advances the time and returns the events of [now, now + milliseconds).
   *
   * @throws RangeError unless `milliseconds` is a whole number, 0 or more
   */
  advance(milliseconds: number): EntityScoringEvent[];
  /** Everything so far, which can be changed afterwards. */
  readonly log: EventLog;
  /** Renames an account, for its later events and look-ups. @throws RangeError for an unknown account */
  rename(accountId: number, name: string): void;
  /** An account as it is now. */
  account(id: number): Account | undefined;
}

/** @param startTime start of the organization's first tick, epoch milliseconds */
export function startTimeline(organization: Organization, startTime: number): Timeline {
  const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
  const log = emptyLog((id) => accounts.get(id)?.name);
  let future: Happening[] = [];
  let now = startTime;
  let drawnUntil = startTime;

  return {
    now: () => new Date(now),
    advance(milliseconds) {
      if (!Number.isInteger(milliseconds) || milliseconds < 0) {
        throw new RangeError(`advance by ${milliseconds}: use whole milliseconds, 0 or more.`);
      }
      now += milliseconds;
      // Random numbers are drawn per tick, so that one hour equals twelve times five minutes.
      while (drawnUntil < now) {
        for (const happening of organization.nextTick()) {
          future.push(happening);
        }
        drawnUntil += TICK_MILLISECONDS;
      }
      const firstLater = future.findIndex(({ event }) => Date.parse(event.event_timestamp) >= now);
      const passed = firstLater === -1 ? future : future.slice(0, firstLater);
      future = firstLater === -1 ? [] : future.slice(firstLater);
      for (const happening of passed) {
        log.append(happening);
        accounts.set(happening.account.id, happening.account);
      }
      return passed.map(({ event }) => event);
    },
    log,
    rename(accountId, name) {
      const account = accounts.get(accountId);
      if (account === undefined) {
        throw new RangeError(`accountId is ${accountId}: the tenant has no such account.`);
      }
      organization.rename(accountId, name);
      accounts.set(accountId, { ...account, name });
      future = future.map((happening) =>
        happening.account.id === accountId ? renamed(happening, name) : happening,
      );
    },
    account: (id) => accounts.get(id),
  };
}

function renamed(happening: Happening, name: string): Happening {
  return {
    ...happening,
    event: { ...happening.event, name },
    account: { ...happening.account, name },
  };
}
