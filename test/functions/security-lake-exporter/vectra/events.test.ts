import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKey } from "../../../../functions/security-lake-exporter/state/recent-events.js";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../../../functions/security-lake-exporter/vectra/client.js";
import { newestCheckpoint, readWindow } from "../../../../functions/security-lake-exporter/vectra/events.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import type { EventSource } from "../../../../functions/security-lake-exporter/vectra/pages.js";
import { startTenant, type Tenant } from "../../../../simulator/tenant.js";
import { startFuzzingTenant } from "../../../proofs/fuzz/tenant.js";
import { anEvent } from "../events.js";

const never = new AbortController().signal;
const ALL = {
  from: 0,
  includeScoreDecreases: true,
  pageSize: 10,
  windowEvents: 1000,
  hasTime: () => true,
};

let tenant: Tenant;
let source: EventSource;

beforeEach(async () => {
  tenant = await startTenant({
    seed: 5,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-01-01T00:00:00Z"),
  });
  tenant.advance(900_000);
  const credentials = { clientId: "client", clientSecret: "secret" };
  const retry = { ...DEFAULT_RETRY, retries: 1, firstPause: 1 };
  source = {
    api: eventsApi("v3.4"),
    vectra: new VectraClient(tenant.url, async () => credentials, { retry }).startSession(),
  };
});
afterEach(() => tenant.close());

/** Those events have been exported. */
const knowing = (keys: readonly EventKey[]) => async () => ({
  seen: new Map(keys.map(({ key, digest }) => [key, digest])),
});

const idsOf = (events: readonly { id: number }[]) => events.map(({ id }) => id);

describe("a window that ends before a cursor", () => {
  it("leaves out an event from there on, also where another one arrives while it is asked which these are", async () => {
    const all = [...tenant.events()];
    const bound = all[10]?.id ?? 0;
    const { vectra } = source;
    let pages = 0;
    const get: typeof vectra.get = async (...request) => {
      pages += 1;
      if (pages === 2) {
        tenant.addLate({ id: bound, event_timestamp: "2026-01-01T00:00:30Z" });
      }
      return await vectra.get(...request);
    };
    tenant.remove(bound);

    const window = await readWindow(
      { ...source, vectra: { get } as typeof vectra },
      { ...ALL, pageSize: 1000, before: bound },
      never,
    );

    expect(pages).toBe(2);
    expect(window.to).toBe(bound);
    expect(idsOf(window.events)).toEqual(all.slice(0, 10).map(({ id }) => id));
  });
});

describe("reading a window", () => {
  it("takes every event, page after page, and says that there is no more", async () => {
    const window = await readWindow(source, ALL, never);

    expect(tenant.events()).toHaveLength(36);
    expect(idsOf(window.events)).toEqual(idsOf(tenant.events()));
    expect(window).toMatchObject({ from: 0, complete: true });
  });

  it("ends with exactly as many events as it may have", async () => {
    const window = await readWindow(source, { ...ALL, windowEvents: 15 }, never);

    expect(idsOf(window.events)).toEqual(idsOf(tenant.events()).slice(0, 15));
    expect(window.complete).toBe(false);
  });

  it("takes no further page when the time is over", async () => {
    const window = await readWindow(source, { ...ALL, hasTime: () => false }, never);

    expect(idsOf(window.events)).toEqual(idsOf(tenant.events()).slice(0, 10));
  });

  it("continues exactly where the window before it ended", async () => {
    const first = await readWindow(source, { ...ALL, windowEvents: 10 }, never);
    const second = await readWindow(source, { ...ALL, from: first.to }, never);

    expect([...idsOf(first.events), ...idsOf(second.events)]).toEqual(idsOf(tenant.events()));
  });

  it("is empty and does not move when there is nothing new", async () => {
    const { to } = await readWindow(source, ALL, never);

    const nothing = await readWindow(source, { ...ALL, from: to }, never);

    expect(nothing).toEqual({
      ...{ from: to, to, complete: true, isBehind: false },
      ...{ events: [], rejected: [], keys: [], newestTime: 0, isTimed: true },
    });
  });

  it("leaves score decreases to the tenant to leave out", async () => {
    const window = await readWindow(source, { ...ALL, includeScoreDecreases: false }, never);

    expect(window.events.length).toBeGreaterThan(0);
    expect(window.events.length).toBeLessThan(36);
  });

  it("leaves out events that the window before had, when the tenant gives them again", async () => {
    const first = await readWindow(source, { ...ALL, windowEvents: 10 }, never);

    // A cursor that continues in the middle of what was just read.
    const from = first.events[4]?.id ?? 0;
    const second = await readWindow(source, { ...ALL, from, known: knowing(first.keys) }, never);

    expect([...idsOf(first.events), ...idsOf(second.events)]).toEqual(idsOf(tenant.events()));
  });

  it("takes an event that a page repeats once", async () => {
    tenant.faults.add({ on: "events", kind: "repeated", times: 4 });

    const window = await readWindow(source, ALL, never);

    expect(idsOf(window.events)).toEqual(idsOf(tenant.events()));
  });

  it.each(["checkpoint-stuck", "checkpoint-backwards"] as const)(
    "stops with an error, not in a loop, on %s",
    async (kind) => {
      tenant.faults.add({ on: "events", kind, times: 1, after: 1 });

      await expect(readWindow(source, ALL, never)).rejects.toThrow(
        /answered from=\d+ with 10 events, next_checkpoint=\d+ and remaining_count=\d+: the cursor does not advance/,
      );
    },
  );

  it("names the field when a page has another shape", async () => {
    tenant.faults.add({ on: "events", kind: "wrong-json", times: 1 });

    await expect(readWindow(source, ALL, never)).rejects.toThrow(
      /unexpected shape: answer\.events: Invalid input: expected array/,
    );
  });
});

describe("a tenant that does not do as it should", () => {
  /** A log of these events, in pages of which some are spoiled. */
  async function withLog<T>(
    log: readonly unknown[],
    spoilings: Parameters<Awaited<ReturnType<typeof startFuzzingTenant>>["play"]>[1],
    use: (source: EventSource) => Promise<T>,
  ): Promise<T> {
    const fuzzing = await startFuzzingTenant();
    fuzzing.play(
      log.map((event) => JSON.stringify(event)),
      spoilings,
    );
    const vectra = new VectraClient(fuzzing.url, async () => ({
      clientId: "client",
      clientSecret: "secret",
    }));
    try {
      return await use({ api: eventsApi("v3.4"), vectra: vectra.startSession() });
    } finally {
      await fuzzing.close();
    }
  }

  it("is not believed a cursor that is beyond every event", async () => {
    const spoilings = [{ kind: "next_checkpoint beyond every event", choice: 1 }] as const;

    await withLog([anEvent()], spoilings, async (source) => {
      await expect(readWindow(source, ALL, never)).rejects.toThrow(
        "/api/v3.4/events/entity_scoring answered from=0 with next_checkpoint=1000000000000000, which is beyond every " +
          "event. Nothing was written.",
      );
      expect(idsOf((await readWindow(source, ALL, never)).events)).toEqual([4711]);
    });
  });

  it("gives a cursor in the middle of its events, and the next window has only the others", async () => {
    const log = [1, 2, 3, 4, 5, 6].map((id) => anEvent({ id }));
    const spoilings = [{ kind: "next_checkpoint in the middle of the page", choice: 1 }] as const;

    await withLog(log, spoilings, async (source) => {
      const window = await readWindow(source, { ...ALL, pageSize: 4, windowEvents: 4 }, never);
      expect(window).toMatchObject({ from: 0, to: 2 });
      expect(idsOf(window.events)).toEqual([1, 2, 3, 4]);

      const next = await readWindow(
        source,
        { ...ALL, from: 2, pageSize: 1, known: knowing(window.keys) },
        never,
      );

      expect(idsOf(next.events)).toEqual([5, 6]);
    });
  });

  it("may nest an event without an id as deeply as it likes", async () => {
    const fuzzing = await startFuzzingTenant();
    const text = (letter: string) => `{"${letter}":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    fuzzing.play([text("a"), text("b"), text("a")], []);
    const vectra = new VectraClient(fuzzing.url, async () => ({
      clientId: "client",
      clientSecret: "secret",
    }));

    const { rejected } = await readWindow(
      { api: eventsApi("v3.4"), vectra: vectra.startSession() },
      ALL,
      never,
    );

    expect(rejected.map(({ key }) => key)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    await fuzzing.close();
  });
});

it("finds the cursor after the newest event", async () => {
  const { to } = await readWindow(source, ALL, never);

  expect(await newestCheckpoint(source, never)).toBe(to);
});
