import pLimit from "p-limit";
import { type RetryPolicy, VectraRequestError } from "../vectra/http.js";
import type { EventSource } from "../vectra/pages.js";
import { type Account, accountNumbered } from "../vectra/schema.js";
import { LOOKUP_LIMITS, type LookupLimits } from "./lookup-limits.js";

/** Results of account look-ups. */
export interface LookedUpAccounts {
  /** By entity id; an account that is missing is not known. */
  readonly accounts: ReadonlyMap<number, Account>;
  /** Accounts whose look-up failed. */
  readonly failed: number;
  /** Accounts without a look-up: the budget was used up, or a look-up had failed recently. */
  readonly skipped: number;
}

/** Concurrent look-ups. Vectra publishes no rate limit; this is conservative. */
const CONCURRENT_LOOKUPS = 8;

/**
 * The account look-ups of one tenant. Keep the instance beside the tenant's client: it remembers which look-ups failed,
 * so that the next run does not wait for the same accounts again. Results are never remembered.
 */
export class AccountLookups {
  readonly #limits: LookupLimits;
  /** Milliseconds since the epoch, by entity id, the oldest first. */
  readonly #failedAt = new Map<number, number>();

  constructor(limits: LookupLimits = LOOKUP_LIMITS) {
    this.#limits = limits;
  }

  /**
   * A budget for optional look-ups.
   *
   * @param remaining milliseconds that the run may still take, of which the look-ups get their share.
   */
  budget(remaining: number): LookupBudget {
    return new LookupBudget(this, this.#limits, remaining);
  }

  /** Whether the account's look-up failed so recently that another one is not worth its time. */
  hasJustFailed(id: number): boolean {
    const age = Date.now() - (this.#failedAt.get(id) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back leaves failures in the future: they are ignored.
    return age >= 0 && age < this.#limits.failureRemembered;
  }

  /** Records a failure. */
  remember(id: number): void {
    this.#failedAt.delete(id);
    this.#failedAt.set(id, Date.now());
    const [oldest] = this.#failedAt.keys();
    if (oldest !== undefined && this.#failedAt.size > this.#limits.accountsRemembered) {
      this.#failedAt.delete(oldest);
    }
  }
}

/**
 * Optional look-ups, which must not cost the export its time: they end when their share of it is used up, or after several
 * consecutive failures. Look-ups in progress are then abandoned.
 */
export class LookupBudget {
  readonly #lookups: AccountLookups;
  readonly #limits: LookupLimits;
  readonly #endsAt: number;
  #failuresInARow = 0;

  constructor(lookups: AccountLookups, limits: LookupLimits, remaining: number) {
    this.#lookups = lookups;
    this.#limits = limits;
    this.#endsAt = performance.now() + Math.max(0, remaining * limits.shareOfTime);
  }

  /**
   * Looks accounts up, as far as the budget allows.
   *
   * @param signal ends the run; the end of the budget ends only look-ups.
   * @throws AuthenticationError, and any error that ends the run.
   */
  async lookUp(
    source: EventSource,
    ids: ReadonlySet<number>,
    signal: AbortSignal,
  ): Promise<LookedUpAccounts> {
    const accounts = new Map<number, Account>();
    let failed = 0;
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), Math.max(0, this.#endsAt - performance.now()));
    const either = AbortSignal.any([signal, end.signal]);
    const lookUpOne = async (id: number): Promise<void> => {
      signal.throwIfAborted();
      if (end.signal.aborted || !this.#hasBudget() || this.#lookups.hasJustFailed(id)) {
        return;
      }
      try {
        accounts.set(id, await readAccount(source, id, either, this.#limits.retry));
        this.#failuresInARow = 0;
      } catch (error) {
        // A refused API client, or the end of the run's time, affects more than this account.
        if (signal.aborted || !isOfLookup(error, end.signal)) {
          end.abort();
          throw error;
        }
        if (end.signal.aborted) {
          return;
        }
        failed += 1;
        this.#lookups.remember(id);
        this.#failuresInARow = isAnswer(error) ? 0 : this.#failuresInARow + 1;
        if (!this.#hasBudget()) {
          end.abort();
        }
      }
    };
    try {
      await pLimit(CONCURRENT_LOOKUPS).map(ids, lookUpOne);
    } finally {
      clearTimeout(timer);
    }
    return { accounts, failed, skipped: ids.size - accounts.size - failed };
  }

  #hasBudget(): boolean {
    return this.#failuresInARow < this.#limits.failuresInARow && performance.now() < this.#endsAt;
  }
}

/**
 * Looks up accounts that are required for the export.
 *
 * @throws the error of the first look-up that failed; the others are abandoned.
 */
export async function lookUpRequired(
  source: EventSource,
  ids: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<LookedUpAccounts> {
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const found = await pLimit(CONCURRENT_LOOKUPS).map(ids, async (id) => {
    either.throwIfAborted();
    try {
      return [id, await readAccount(source, id, either)] as const;
    } catch (error) {
      end.abort();
      throw error;
    }
  });
  return { accounts: new Map(found), failed: 0, skipped: 0 };
}

async function readAccount(
  { vectra, api }: EventSource,
  id: number,
  signal: AbortSignal,
  retry?: RetryPolicy,
): Promise<Account> {
  return await vectra.get(api.accountPath(id), {}, accountNumbered(id), signal, { retry });
}

/** Whether an error is about one look-up: it failed, or was abandoned. */
function isOfLookup(error: unknown, end: AbortSignal): boolean {
  return error instanceof VectraRequestError || (end.aborted && error === end.reason);
}

/** An account that no longer exists says nothing about the others: a backfill of old events finds many. */
function isAnswer(error: unknown): boolean {
  return error instanceof VectraRequestError && error.status === 404;
}
