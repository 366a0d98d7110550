import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../../../functions/security-lake-exporter/vectra/client.js";
import { countEvents, readWindow } from "../../../../functions/security-lake-exporter/vectra/events.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import { JsonScan } from "../../../../functions/security-lake-exporter/vectra/json-scan.js";
import type { EventSource } from "../../../../functions/security-lake-exporter/vectra/pages.js";
import { anEvent } from "../events.js";
import { type RecordingServer, startRecordingServer } from "../recording-server.js";

const never = new AbortController().signal;
const ALL = {
  from: 0,
  includeScoreDecreases: true,
  pageSize: 1000,
  windowEvents: 10_000,
  hasTime: () => true,
};

let server: RecordingServer;
afterEach(() => server?.close());

interface Log {
  /** JSON texts; the id of an event is its place in the log, so its cursor too. */
  readonly events: readonly string[];
  /** What is sent in place of a page. */
  readonly spoil?: (page: string, limit: number) => string;
  /** How many events a page has where so many are asked for. */
  readonly give?: (limit: number) => number;
}

async function startTenant({
  events,
  spoil = (page) => page,
  give = (limit) => limit,
}: Log): Promise<EventSource> {
  server = await startRecordingServer(({ what, query }) => {
    if (what === "POST /oauth2/token") {
      return { body: { access_token: "token", expires_in: 1799 } };
    }
    const from = Number(query.get("from"));
    const limit = Number(query.get("limit"));
    const page = events.slice(from, from + give(limit));
    const next = from + page.length;
    return {
      body: spoil(
        `{"events":[${page.join(",")}],"next_checkpoint":${next},"remaining_count":${events.length - next}}`,
        limit,
      ),
    };
  });
  const retry = { ...DEFAULT_RETRY, retries: 0 };
  const vectra = new VectraClient(server.url, async () => ({ clientId: "c", clientSecret: "s" }), { retry });
  return { api: eventsApi("v3.4"), vectra: vectra.startSession() };
}

const event = (id: number, fields: object = {}) => JSON.stringify({ ...anEvent({ id }), ...fields });
const log = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, id) => event(id, fields));
/** `from:limit` of each page that was asked for. */
const asked = () => server.requests.slice(1).map(({ query }) => `${query.get("from")}:${query.get("limit")}`);
const idsOf = (events: readonly { id: number }[]) => events.map(({ id }) => id);
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("a page that is too long", () => {
  it("in bytes is asked for again with half the limit, and every event is there once", async () => {
    // 1,000 of them are 4.5 MB, 500 are 2.3 MB.
    const source = await startTenant({ events: log(1000, { urgency_reason: "x".repeat(4000) }) });

    const { events, complete } = await readWindow(source, ALL, never);

    expect(idsOf(events)).toEqual(numbers(0, 1000));
    expect(complete).toBe(true);
    expect(asked()).toEqual(["0:1000", "0:500", "500:500"]);
  });

  it("is asked for in larger pages again after four that fit", async () => {
    let spoiled = 1;
    const source = await startTenant({
      events: log(6000),
      spoil: (page) => (spoiled-- > 0 ? `{"events":["${"x".repeat(4_000_000)}"]}` : page),
    });

    const { events } = await readWindow(source, ALL, never);

    expect(idsOf(events)).toEqual(numbers(0, 6000));
    expect(asked()).toEqual([
      "0:1000",
      "0:500",
      "500:500",
      "1000:500",
      "1500:500",
      "2000:1000",
      "3000:1000",
      "4000:1000",
      "5000:1000",
    ]);
  });

  it("in events, more than twice as many as were asked for, is asked for again", async () => {
    let spoiled = 1;
    const source = await startTenant({
      events: log(30),
      spoil: (page) =>
        spoiled-- > 0 ? `{"events":[${"{},".repeat(20)}{}],"next_checkpoint":30,"remaining_count":0}` : page,
    });

    const { events, rejected } = await readWindow(source, { ...ALL, pageSize: 10 }, never);

    expect(idsOf(events)).toEqual(numbers(0, 30));
    expect(rejected).toEqual([]);
    expect(asked().slice(0, 3)).toEqual(["0:10", "0:5", "5:5"]);
  });

  it("for a tenant that takes no notice of the limit is taken as it is", async () => {
    const source = await startTenant({ events: log(100), give: () => 50 });

    const { events } = await readWindow(source, { ...ALL, pageSize: 10 }, never);

    expect(idsOf(events)).toEqual(numbers(0, 100));
    expect(asked()).toEqual(["0:10", "0:5", "0:2", "0:1", "50:1"]);
  });

  it("with a million elements ends the run, whatever the limit, and names the cursor", async () => {
    const source = await startTenant({
      events: log(5),
      spoil: () => `{"events":[${"{},".repeat(999_999)}{}],"next_checkpoint":5,"remaining_count":0}`,
    });

    await expect(readWindow(source, { ...ALL, from: 3, pageSize: 4 }, never)).rejects.toThrow(
      /answered with more than 100,000 values, more than the exporter reads, although only one event was requested: the first event at cursor 3 cannot be read\. Nothing was written\. To skip it: vectra-cdr checkpoint set 4 --reason/,
    );
    expect(asked()).toEqual(["3:4", "3:2", "3:1"]);
  });

  it("of one event of more than 4 MB names the event and the way past it", async () => {
    const huge = event(7, { urgency_reason: "x".repeat(4_000_000) });
    const source = await startTenant({ events: [...log(7), huge, ...log(10).slice(8)] });
    const first = await readWindow(source, { ...ALL, pageSize: 7, windowEvents: 7 }, never);

    const failure = readWindow(source, { ...ALL, from: first.to }, never);

    await expect(failure).rejects.toThrow(
      /^GET http:\/\/127\.0\.0\.1:\d+\/api\/v3\.4\/events\/entity_scoring answered with more than 4 MB, more than the exporter reads, although only one event was requested: event 7 at cursor 7 cannot be read\. Nothing was written\. To skip it: vectra-cdr checkpoint set 8 --reason "<why>"\.$/,
    );
    const rest = await readWindow(source, { ...ALL, from: 8 }, never);
    expect(idsOf(rest.events)).toEqual([8, 9]);
  });

  it("of one event of more than 4 MB speaks of time in a backfill, and ends an estimate", async () => {
    const source = await startTenant({ events: [event(0, { urgency_reason: "x".repeat(4_000_000) })] });
    const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };

    await expect(readWindow({ ...source, range }, ALL, never)).rejects.toThrow(
      /event 0 at cursor 0 cannot be read\. Nothing was written\. To skip it, begin behind it: vectra-cdr backfill --from <time after it> --to 2026-01-02T00:00:00Z --allow-overlap\. What is in the lake of that range will be there twice\.$/,
    );
    await expect(countEvents(source, { from: 0, includeScoreDecreases: true }, never)).rejects.toThrow(
      /event 0 at cursor 0 cannot be read/,
    );
  });

  it("does not hold up the events before it", async () => {
    const huge = event(5, { urgency_reason: "x".repeat(4_000_000) });
    const source = await startTenant({ events: [...log(5), huge, ...log(10).slice(6)] });

    const window = await readWindow(source, ALL, never);

    expect(idsOf(window.events)).toEqual([0, 1, 2, 3, 4]);
    expect(window).toMatchObject({ to: 5, complete: false });
    await expect(readWindow(source, { ...ALL, from: window.to }, never)).rejects.toThrow(
      /event 5 at cursor 5 cannot be read/,
    );
  });

  it.each([
    ["numbers", `{"many":[${"1,".repeat(100_000)}1]}`],
    ["lists in lists", `{"deep":${"[".repeat(150_000)}${"]".repeat(150_000)}}`],
    ["objects that all differ", `{"many":{${numbers(0, 110_000).map((id) => `"k${id}":{}`)}}}`],
  ])("for one event of 100,000 %s puts that event into quarantine, and only that", async (_what, fields) => {
    const heavy = event(3, JSON.parse('{"many":0,"deep":0}')).replace(
      /"many":0,"deep":0/,
      fields.slice(1, -1),
    );
    const source = await startTenant({ events: [...log(3), heavy, ...log(10).slice(4)] });

    const window = await readWindow(source, ALL, never);

    expect(idsOf(window.events)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(window.rejected).toEqual([
      {
        key: "3",
        json: expect.objectContaining({ id: 3, name: "AWS:111122223333/role:build-agent" }),
        reason: "event: has more than 100,000 values, too many to be read; nested values were left out",
      },
    ]);
    expect(JSON.stringify(window.rejected[0]?.json)).toContain(':"(left out: too long)"');
    // The same events, whatever the page size.
    for (const pageSize of [1, 3, 1000]) {
      const again = await readWindow(source, { ...ALL, pageSize }, never);
      expect(idsOf(again.events)).toEqual(idsOf(window.events));
      expect(again.rejected).toEqual(window.rejected);
      expect(again.to).toBe(window.to);
    }
  });

  it("ends the window before it fills the memory", async () => {
    // 200 of them are 0.7 MB.
    const source = await startTenant({ events: log(4000, { urgency_reason: "x".repeat(3000) }) });

    const window = await readWindow(source, { ...ALL, pageSize: 200 }, never);

    expect(window.complete).toBe(false);
    expect(window.events.length).toBeGreaterThanOrEqual(2000);
    expect(window.events.length).toBeLessThan(3000);
    const rest = await readWindow(source, { ...ALL, from: window.to }, never);
    expect([...idsOf(window.events), ...idsOf(rest.events)]).toEqual(numbers(0, 4000));
  });

  it("in gzip is judged by what it becomes", async () => {
    const bomb = gzipSync(`{"events":[${" ".repeat(100_000_000)}]}`);
    await server?.close();
    const { createServer } = await import("node:http");
    const plain = createServer((request, response) => {
      const isToken = request.url === "/oauth2/token";
      response.writeHead(200, isToken ? {} : { "content-encoding": "gzip" });
      response.end(isToken ? '{"access_token":"t","expires_in":1799}' : bomb);
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as { port: number };
    const vectra = new VectraClient(`http://127.0.0.1:${port}`, async () => ({
      clientId: "c",
      clientSecret: "s",
    }));

    await expect(
      readWindow({ api: eventsApi("v3.4"), vectra: vectra.startSession() }, { ...ALL, pageSize: 1 }, never),
    ).rejects.toThrow(/more than 4 MB/);
    plain.closeAllConnections();
    plain.close();
  });
});

describe("a cursor that advances without events", () => {
  const without = (after: number, until: number) => (page: string) => {
    const next = Number(/"next_checkpoint":(\d+)/.exec(page)?.[1]);
    return next > after && next <= until
      ? `{"events":[],"next_checkpoint":${next},"remaining_count":7}`
      : page;
  };

  it("ends the run after 100 empty pages, and names the cursor", async () => {
    const source = await startTenant({ events: log(500), spoil: without(0, 1000) });

    await expect(readWindow(source, { ...ALL, pageSize: 2 }, never)).rejects.toThrow(
      "/api/v3.4/events/entity_scoring answered 100 times in a row without a new event, while its cursor advanced to " +
        "200 and it reports that more events remain. Nothing was written. To skip it: vectra-cdr checkpoint set 200 " +
        '--reason "<why>".',
    );
    expect(asked()).toHaveLength(100);
  });

  it("is followed for 99 empty pages", async () => {
    const source = await startTenant({ events: log(200), spoil: without(0, 198) });

    const { events } = await readWindow(source, { ...ALL, pageSize: 2 }, never);

    expect(idsOf(events)).toEqual([198, 199]);
  });

  it("leaves the events before it to be exported", async () => {
    const source = await startTenant({ events: log(500), spoil: without(10, 1000) });

    const window = await readWindow(source, { ...ALL, pageSize: 2 }, never);

    expect(idsOf(window.events)).toEqual(numbers(0, 10));
    expect(window).toMatchObject({ to: 210, complete: false });
    await expect(readWindow(source, { ...ALL, from: window.to, pageSize: 2 }, never)).rejects.toThrow(
      /advanced to 410/,
    );
  });

  it("ends a window that has a bound too", async () => {
    const source = await startTenant({ events: log(500), spoil: without(0, 1000) });

    await expect(readWindow(source, { ...ALL, before: 400, pageSize: 2 }, never)).rejects.toThrow(
      /advanced to 200/,
    );
  });
});

describe("the count of what is in an answer", () => {
  it("is the same however the bytes arrive", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.array(fc.integer({ min: 1, max: 9 })), (text, sizes) => {
        const bytes = Buffer.from(text);
        const scan = new JsonScan();
        let at = 0;
        for (const size of sizes) {
          scan.push(bytes.subarray(at, at + size));
          at += size;
        }
        scan.push(bytes.subarray(at));
        expect(scan.values).toBe(expectedOf(JSON.parse(text)));
      }),
      { numRuns: 300 },
    );
  });

  /** Commas and opening brackets and braces, outside of texts. */
  function expectedOf(json: unknown): number {
    if (typeof json !== "object" || json === null) {
      return 0;
    }
    const inside = Object.values(json);
    return inside.reduce<number>((sum, value) => sum + expectedOf(value), 1 + Math.max(0, inside.length - 1));
  }

  it("takes no bracket, comma or quote within a text for one", () => {
    const scan = new JsonScan();
    scan.push(Buffer.from(String.raw`{"events":["[,{\"],","\\"],"a":{"b":[1,2]}}`));

    // The object, its list of two, and a comma; the object in it with a list of two.
    expect(scan.values).toBe(7);
    expect(scan.separators).toBe(1);
  });
});
