import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../simulator/tenant.js";

let tenant: Tenant;
let bearer: string;

beforeEach(async () => {
  tenant = await startTenant({
    seed: 7,
    clientId: "client",
    clientSecret: "s3cret",
    startTime: new Date("2026-03-01T12:00:00Z"),
  });
  tenant.advance(300_000);
  const response = await requestToken();
  ({ access_token: bearer } = (await response.json()) as { access_token: string });
});
afterEach(() => tenant.close());

function requestToken(): Promise<Response> {
  return fetch(`${tenant.url}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("client:s3cret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
}

function requestEvents(from = 0): Promise<Response> {
  return fetch(`${tenant.url}/api/v3.4/events/entity_scoring?type=account&from=${from}&limit=5`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
}

function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${tenant.url}/_simulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

const ids = (): number[] =>
  tenant
    .events()
    .slice(0, 5)
    .map((event) => event.id);

describe("a fault", () => {
  it("strikes its endpoint as often as asked for, after as many good answers as asked for", async () => {
    tenant.faults.add({ on: "events", kind: "500", times: 2, after: 1 });

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await requestEvents()).status);
    }

    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await requestToken()).status).toBe(200);
    expect(tenant.requests().map((request) => request.fault)).toEqual([
      undefined,
      undefined,
      "500",
      "500",
      undefined,
      undefined,
    ]);
  });

  it("throttles, with and without Retry-After", async () => {
    tenant.faults.add({ on: "events", kind: "429" });
    tenant.faults.add({ on: "token", kind: "429-retry-after", retryAfterSeconds: 3 });

    const bare = await requestEvents();
    const dated = await requestToken();

    expect([bare.status, bare.headers.get("retry-after")]).toEqual([429, null]);
    expect([dated.status, dated.headers.get("retry-after")]).toEqual([429, "3"]);
  });

  it("strikes account look-ups", async () => {
    tenant.faults.add({ on: "account", kind: "401" });
    const id = tenant.events()[0]?.entity_id;
    const request = (): Promise<Response> =>
      fetch(`${tenant.url}/api/v3.4/accounts/${id}`, { headers: { authorization: `Bearer ${bearer}` } });

    expect((await request()).status).toBe(401);
    expect((await request()).status).toBe(200);
  });

  it("delays the right answer", async () => {
    tenant.faults.add({ on: "events", kind: "slow", delayMilliseconds: 120 });
    const began = performance.now();

    const response = await requestEvents();

    expect(performance.now() - began).toBeGreaterThan(110);
    expect(((await response.json()) as { events: { id: number }[] }).events.map(({ id }) => id)).toEqual(
      ids(),
    );
  });

  it("cuts the connection before or in the middle of the body", async () => {
    tenant.faults.add({ on: "events", kind: "disconnect" });
    tenant.faults.add({ on: "events", kind: "truncated" });

    await expect(requestEvents()).rejects.toThrow();
    const truncated = await requestEvents();
    expect(truncated.status).toBe(200);
    await expect(truncated.text()).rejects.toThrow();
  });

  it("answers 200 with a page for people, or with JSON of another shape", async () => {
    tenant.faults.add({ on: "events", kind: "html" });
    tenant.faults.add({ on: "events", kind: "wrong-json" });

    const html = await requestEvents();
    const json = await requestEvents();

    expect([html.status, html.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await json.json()).toEqual({ status: "success", results: [], count: 0 });
  });

  it("reorders or repeats the events of a page", async () => {
    tenant.faults.add({ on: "events", kind: "out-of-order" });
    tenant.faults.add({ on: "events", kind: "repeated" });

    const reordered = (await (await requestEvents()).json()) as { events: { id: number }[] };
    const repeated = (await (await requestEvents()).json()) as { events: { id: number }[] };

    expect(reordered.events.map(({ id }) => id)).toEqual(ids().reverse());
    expect(repeated.events.map(({ id }) => id)).toEqual([...ids(), ids()[0]]);
  });

  it("leaves an event of a page without its time", async () => {
    tenant.faults.add({ on: "events", kind: "malformed-event" });

    const { events } = (await (await requestEvents()).json()) as {
      events: { id: number; event_timestamp?: string }[];
    };

    expect(events.map(({ id }) => id)).toEqual(ids());
    expect(events.findIndex(({ event_timestamp }) => event_timestamp === undefined)).toBe(0);
    expect(events.filter(({ event_timestamp }) => event_timestamp === undefined)).toHaveLength(1);
  });

  it("gives fewer events than asked for, with the checkpoint of the last one", async () => {
    const [first, second, third = 0] = ids();
    tenant.faults.add({ on: "events", kind: "short-pages", times: 2 });

    const short = (await (await requestEvents()).json()) as { events: { id: number }[] };
    const next = await (await requestEvents(third + 1)).json();

    expect(short.events.map(({ id }) => id)).toEqual([first, second, third]);
    expect(short).toMatchObject({ next_checkpoint: third + 1, remaining_count: 9 });
    expect(next).toMatchObject({ events: [{ id: ids()[3] }, {}, {}], remaining_count: 6 });
  });

  it("leaves a page with one event as it is, and events with one id together", async () => {
    const [first = 0] = ids();
    tenant.faults.add({ on: "events", kind: "short-pages", times: 2 });
    for (const { id } of tenant.events().slice(1)) {
      tenant.remove(id);
    }

    const single = await (await requestEvents()).json();
    tenant.duplicate(first, { urgency_score: 1 });
    const pair = await (await requestEvents()).json();

    expect(single).toMatchObject({ events: [{ id: first }], next_checkpoint: first + 1, remaining_count: 0 });
    expect(pair).toMatchObject({ events: [{}, { urgency_score: 1 }], remaining_count: 0 });
  });

  it("keeps the checkpoint where it is, or moves it back, while events remain", async () => {
    const from = ids()[2] ?? 0;
    tenant.faults.add({ on: "events", kind: "checkpoint-stuck" });
    tenant.faults.add({ on: "events", kind: "checkpoint-backwards" });

    const stuck = await (await requestEvents(from)).json();
    const backwards = await (await requestEvents(from)).json();

    expect(stuck).toMatchObject({ next_checkpoint: from, remaining_count: 5 });
    expect(backwards).toMatchObject({ next_checkpoint: from - 10, remaining_count: 5 });
  });

  it("is refused when it cannot be", () => {
    expect(() => tenant.faults.add({ on: "token", kind: "repeated" })).toThrow('use "on": "events"');
    expect(() => tenant.faults.add({ on: "events", kind: "500", times: 0 })).toThrow("times");
  });
});

describe("the control endpoint", () => {
  it("adds, lists and forgets faults", async () => {
    const added = await control("POST", "faults", { on: "events", kind: "500", times: 3 });
    expect(added.status).toBe(200);
    expect((await requestEvents()).status).toBe(500);

    expect(await (await control("GET", "faults")).json()).toMatchObject({
      pending: [{ on: "events", kind: "500", times: 2 }],
    });
    await control("DELETE", "faults");
    expect((await requestEvents()).status).toBe(200);
  });

  it("lets time pass", async () => {
    const response = await control("POST", "advance", { minutes: 5 });

    expect(await response.json()).toEqual({ now: "2026-03-01T12:10:00.000Z", events: 12 });
    expect(tenant.events()).toHaveLength(24);
  });

  it.each([
    ["POST", "faults", { on: "events", kind: "5oo" }, 400, "kind"],
    ["POST", "faults", '{"on":', 400, "The body is not JSON"],
    ["POST", "advance", { minutes: "5" }, 400, "minutes"],
    ["POST", "reset", {}, 404, "Unknown control: POST reset. Use POST faults"],
  ])("explains what is wrong with %s %s %j", async (method, path, body, status, message) => {
    const response = await control(method, path, body);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.stringContaining(message) });
  });
});
