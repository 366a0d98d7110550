import { afterEach, describe, expect, it, vi } from "vitest";
import {
  AccountLookups,
  lookUpRequired,
} from "../../../../functions/security-lake-exporter/enrichment/account-lookups.js";
import {
  LOOKUP_LIMITS,
  type LookupLimits,
} from "../../../../functions/security-lake-exporter/enrichment/lookup-limits.js";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import {
  AuthenticationError,
  type VectraSession,
} from "../../../../functions/security-lake-exporter/vectra/client.js";
import { moreModest, VectraRequestError } from "../../../../functions/security-lake-exporter/vectra/http.js";
import type { EventSource } from "../../../../functions/security-lake-exporter/vectra/pages.js";

const never = new AbortController().signal;
const MINUTE = 60_000;

afterEach(() => vi.useRealTimers());

/** A tenant that answers each look-up as it is told, and what it was asked. */
function tenantThat(answer: (id: number, signal: AbortSignal) => Promise<unknown>): {
  source: EventSource;
  asked: number[];
} {
  const asked: number[] = [];
  const get = async (path: string, _: unknown, __: unknown, signal: AbortSignal) => {
    const id = Number(path.split("/").at(-1));
    asked.push(id);
    return await answer(id, signal);
  };
  return { source: { api: eventsApi("v3.4"), vectra: { get } as unknown as VectraSession }, asked };
}

const account = (id: number) => ({ id, threat: 60, certainty: 40, assignment: null });
const failing = (status?: number) =>
  new VectraRequestError("GET failed", { ...(status === undefined ? {} : { status }), retryable: true });
/** Never answers; ends with its signal, as a request does. */
const hanging = (_: number, signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

const accounts = (count: number) => new Set(Array.from({ length: count }, (_, id) => id));
const limits = (others: Partial<LookupLimits>): LookupLimits => ({ ...LOOKUP_LIMITS, ...others });

describe("the limits of optional look-ups", () => {
  it("are half of the run's remaining time, five failures in a row, 15 minutes of memory", () => {
    expect(LOOKUP_LIMITS).toEqual({
      shareOfTime: 0.5,
      failuresInARow: 5,
      failureRemembered: 900_000,
      accountsRemembered: 10_000,
      retry: {
        retries: 1,
        firstPause: 500,
        longestPause: 1_000,
        longestRetryAfter: 5_000,
        attemptTimeout: 10_000,
      },
    });
  });

  it("never make a request more stubborn than its client is", () => {
    const client = {
      retries: 0,
      firstPause: 1,
      longestPause: 9_000,
      longestRetryAfter: 9_000,
      attemptTimeout: 5,
    };

    expect(moreModest(LOOKUP_LIMITS.retry, client)).toEqual({
      retries: 0,
      firstPause: 1,
      longestPause: 1_000,
      longestRetryAfter: 5_000,
      attemptTimeout: 5,
    });
  });
});

describe("the budget of optional look-ups", () => {
  it("is the share of the time that the run has left when they begin; what is under way is given up, the run is not", async () => {
    const { source, asked } = tenantThat(hanging);
    const run = new AbortController();
    const startedAt = performance.now();

    const result = await new AccountLookups().budget(400).lookUp(source, accounts(20), run.signal);

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(190);
    expect(performance.now() - startedAt).toBeLessThan(390);
    expect(result).toEqual({ accounts: new Map(), failed: 0, skipped: 20 });
    // No more than are under way at once.
    expect(asked).toHaveLength(8);
    expect(run.signal.aborted).toBe(false);
  });

  it("that is used up allows none", async () => {
    const { source, asked } = tenantThat(async (id) => account(id));

    const result = await new AccountLookups().budget(-5_000).lookUp(source, accounts(3), never);

    expect(result).toEqual({ accounts: new Map(), failed: 0, skipped: 3 });
    expect(asked).toEqual([]);
  });

  it("keeps what was found until then", async () => {
    const { source } = tenantThat((id, signal) =>
      id < 3 ? Promise.resolve(account(id)) : hanging(id, signal),
    );

    const result = await new AccountLookups().budget(100).lookUp(source, accounts(20), never);

    expect(result).toEqual({
      accounts: new Map([0, 1, 2].map((id) => [id, account(id)])),
      failed: 0,
      skipped: 17,
    });
  });

  it("spans every look-up that is made of it, as a redrive makes them", async () => {
    const { source, asked } = tenantThat(async () => Promise.reject(failing(503)));
    const budget = new AccountLookups().budget(MINUTE);

    for (let id = 0; id < 9; id += 1) {
      await budget.lookUp(source, new Set([id]), never);
    }

    expect(asked).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("failures in a row", () => {
  it("end the look-ups after five, and give up those under way", async () => {
    const { source, asked } = tenantThat((id, signal) =>
      id % 8 < 5 ? Promise.reject(failing(503)) : hanging(id, signal),
    );

    const result = await new AccountLookups().budget(MINUTE).lookUp(source, accounts(120), never);

    expect(result).toEqual({ accounts: new Map(), failed: 5, skipped: 115 });
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it("are counted in the order of the answers: one good answer among them begins anew", async () => {
    const pauses = [10, 20, 30, 40, 50, 60, 70, 80];
    const { source } = tenantThat(async (id) => {
      await new Promise((resolve) => setTimeout(resolve, pauses[id % 8]));
      // The fifth answer of each eight is good: there are never five failures before one.
      return id % 8 === 4 ? account(id) : Promise.reject(failing(500));
    });

    const result = await new AccountLookups().budget(MINUTE).lookUp(source, accounts(8), never);

    expect(result).toEqual({ accounts: new Map([[4, account(4)]]), failed: 7, skipped: 0 });
  });

  it("are none where the tenant says that it has no such account", async () => {
    const { source } = tenantThat(async (id) => (id === 29 ? account(id) : Promise.reject(failing(404))));

    const result = await new AccountLookups().budget(MINUTE).lookUp(source, accounts(30), never);

    expect(result).toEqual({ accounts: new Map([[29, account(29)]]), failed: 29, skipped: 0 });
  });
});

describe("what is remembered", () => {
  it("is a failure, for 15 minutes: then the account is looked up again", async () => {
    const now = Date.parse("2026-02-01T00:00:00Z");
    vi.useFakeTimers({ toFake: ["Date"], now });
    let isWell = false;
    const { source, asked } = tenantThat(async (id) => (isWell ? account(id) : Promise.reject(failing())));
    const lookups = new AccountLookups();
    const lookUp = () => lookups.budget(MINUTE).lookUp(source, new Set([8]), never);
    expect(await lookUp()).toMatchObject({ failed: 1, skipped: 0 });
    isWell = true;

    vi.setSystemTime(now + 15 * MINUTE - 1);
    expect(await lookUp()).toMatchObject({ failed: 0, skipped: 1 });
    vi.setSystemTime(now + 15 * MINUTE);
    expect((await lookUp()).accounts).toEqual(new Map([[8, account(8)]]));
    // An answer is not remembered: the assignment may have changed.
    await lookUp();
    expect(asked).toEqual([8, 8, 8]);
  });

  it("is nothing of a clock that was set back", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2027-02-01T00:00:00Z") });
    const { source, asked } = tenantThat(async () => Promise.reject(failing()));
    const lookups = new AccountLookups();
    await lookups.budget(MINUTE).lookUp(source, new Set([8]), never);
    vi.setSystemTime(Date.parse("2026-02-01T00:00:00Z"));

    await lookups.budget(MINUTE).lookUp(source, new Set([8]), never);

    expect(asked).toEqual([8, 8]);
  });

  it("is bounded: the account that failed first is forgotten first", async () => {
    const { source, asked } = tenantThat(async () => Promise.reject(failing(404)));
    const lookups = new AccountLookups(limits({ accountsRemembered: 2 }));
    for (const id of [1, 2, 3]) {
      await lookups.budget(MINUTE).lookUp(source, new Set([id]), never);
    }

    await lookups.budget(MINUTE).lookUp(source, new Set([1, 2, 3]), never);

    expect(asked).toEqual([1, 2, 3, 1]);
  });

  it("is of no look-up that was given up", async () => {
    const { source } = tenantThat(hanging);
    const lookups = new AccountLookups();
    await lookups.budget(20).lookUp(source, new Set([8]), never);

    expect(lookups.hasJustFailed(8)).toBe(false);
  });
});

describe("what concerns more than one account", () => {
  it("is a refused API client: it ends the run, and no further account is asked for", async () => {
    const refused = new AuthenticationError("refused the API client");
    const { source, asked } = tenantThat((id, signal) =>
      id === 2 ? Promise.reject(refused) : hanging(id, signal),
    );

    await expect(new AccountLookups().budget(MINUTE).lookUp(source, accounts(400), never)).rejects.toBe(
      refused,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toHaveLength(8);
  });

  it("is the end of the run's time", async () => {
    const { source } = tenantThat(hanging);
    const run = AbortSignal.timeout(30);

    const error = await new AccountLookups()
      .budget(MINUTE)
      .lookUp(source, accounts(20), run)
      .catch((reason) => reason);

    expect(error).toBe(run.reason);
    expect(error).toMatchObject({ name: "TimeoutError" });
  });

  it("is any failure where assignment is required: no further account is asked for", async () => {
    const failure = failing(503);
    const { source, asked } = tenantThat((id, signal) =>
      id === 2 ? Promise.reject(failure) : hanging(id, signal),
    );

    await expect(lookUpRequired(source, accounts(400), never)).rejects.toBe(failure);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toHaveLength(8);
  });

  it("is no budget where assignment is required: every account is looked up", async () => {
    const { source } = tenantThat(async (id) => account(id));

    expect(await lookUpRequired(source, accounts(100), never)).toMatchObject({ failed: 0, skipped: 0 });
  });
});
