import { afterEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant, type TenantOptions } from "../../simulator/tenant.js";

const FIVE_MINUTES = 300_000;

interface Page {
  events: { id: number; name: string; event_timestamp: string; urgency_score: number }[];
  next_checkpoint: number;
  remaining_count: number;
}

let tenant: Tenant;
afterEach(() => tenant.close());

async function startWithEvents(options: Partial<TenantOptions> = {}): Promise<number[]> {
  tenant = await startTenant({
    seed: 7,
    clientId: "client",
    clientSecret: "s3cret",
    startTime: new Date("2026-03-01T12:00:00Z"),
    ...options,
  });
  tenant.advance(FIVE_MINUTES);
  return ids();
}

const ids = () => tenant.events().map(({ id }) => id);

async function get(path: string): Promise<Response> {
  const response = await fetch(`${tenant.url}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("client:s3cret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return await fetch(`${tenant.url}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
}

async function page(query: string, events = "v3.4/events/entity_scoring"): Promise<Page> {
  const response = await get(`/api/${events}?type=account&${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

/** The ids of all events, read page by page. */
async function walk(limit: number, events?: string): Promise<number[]> {
  const read: number[] = [];
  for (let from = 0, remaining = 1; remaining > 0; ) {
    const {
      events: part,
      next_checkpoint,
      remaining_count,
    } = await page(`from=${from}&limit=${limit}`, events);
    read.push(...part.map(({ id }) => id));
    from = next_checkpoint;
    remaining = remaining_count;
  }
  return read;
}

describe("ids with a step", () => {
  it("leave free ids between, in the events that the tenant has otherwise", async () => {
    await startWithEvents();
    const usual = tenant.events();
    await tenant.close();

    await startWithEvents({ idStep: 10 });

    const [first = 0, ...others] = ids();
    expect(others.every((id, index) => id - (ids()[index] ?? 0) >= 10)).toBe(true);
    expect(tenant.events().map(({ id }) => Math.floor((id - first) / 10))).toEqual(
      usual.map(({ id }) => id - (usual[0]?.id ?? 0)),
    );
    expect(tenant.events().map(({ id: _, ...event }) => event)).toEqual(
      usual.map(({ id: _, ...event }) => event),
    );
  });

  it("must be possible", async () => {
    await startWithEvents();
    await expect(startWithEvents({ idStep: 0 })).rejects.toThrow(
      "idStep is 0: use a whole number from 1 to 1000.",
    );
    await expect(startWithEvents({ olderIdOffset: -1 })).rejects.toThrow("olderIdOffset is -1");
  });
});

describe("a late event", () => {
  it("gets the highest free id below the highest one, and resembles the event before it", async () => {
    const before = await startWithEvents({ idStep: 10 });
    const newest = before.at(-1) ?? 0;
    const like = tenant.events().at(-2);

    const late = tenant.addLate();

    expect(late).toEqual({ ...like, id: newest - 1, event_timestamp: late.event_timestamp });
    expect(ids()).toEqual([...before.slice(0, -1), newest - 1, newest]);
    expect(Date.parse(late.event_timestamp)).toBe(Date.parse(like?.event_timestamp ?? "") + 1000);
    expect((await page(`from=${newest}`)).events.map(({ id }) => id)).toEqual([newest]);
    expect((await page(`from=${newest - 1}`)).events.map(({ id }) => id)).toEqual([newest - 1, newest]);
    expect(await walk(5)).toEqual(ids());
  });

  it("has the id, the time and the account that are asked for", async () => {
    const [first = 0] = await startWithEvents({ idStep: 10 });
    const other = tenant.events().at(-1);

    const past = tenant.addLate({ id: first + 1, event_timestamp: "2020-01-01T00:00:00Z" });
    const future = tenant.addLate({ event_timestamp: "2036-01-01T00:00:00Z" });
    const before = tenant.addLate({ id: first - 1, entity_id: other?.entity_id ?? 0 });

    expect([past.id, past.event_timestamp]).toEqual([first + 1, "2020-01-01T00:00:00Z"]);
    expect([before.entity_id, before.name]).toEqual([other?.entity_id, other?.name]);
    const inTheFuture = await page("event_timestamp_gte=2030-01-01T00:00:00Z");
    expect(inTheFuture.events.map(({ id }) => id)).toEqual([future.id]);
    expect(ids()[0]).toBe(first - 1);
    expect(await walk(4)).toEqual(ids().toSorted((a, b) => a - b));
  });

  it("keeps later events in their order", async () => {
    await startWithEvents({ idStep: 10 });
    tenant.addLate({ event_timestamp: "2036-01-01T00:00:00Z" });
    tenant.addLate();

    tenant.advance(FIVE_MINUTES);

    expect(ids()).toHaveLength(26);
    expect(await walk(7)).toEqual(ids().toSorted((a, b) => a - b));
  });

  it("counts as a decrease by the score that the account had before", async () => {
    await startWithEvents({ idStep: 10 });
    const score = tenant.events().at(-2)?.urgency_score ?? 0;

    const lower = tenant.addLate({ urgency_score: score - 1 });
    const higher = tenant.addLate({ urgency_score: score + 1 });

    expect(higher.id).toBe(lower.id - 1);
    const rising = (await page("include_score_decreases=false")).events.map(({ id }) => id);
    expect(rising).toContain(higher.id);
    expect(rising).not.toContain(lower.id);
  });

  it.each([0, 1, 0.5])("is refused with an id that is taken, the highest, or none: %d", async (distance) => {
    const newest = (await startWithEvents({ idStep: 10 })).at(-1) ?? 0;

    expect(() => tenant.addLate({ id: newest + distance })).toThrow(
      `id is ${newest + distance}: use a whole number that no event has, below the highest id.`,
    );
    expect(ids()).toHaveLength(12);
  });

  it("is refused where no id is free", async () => {
    const all = await startWithEvents();
    const neighbor = all.find((id) => all.includes(id + 1)) ?? 0;
    for (const id of all.filter((id) => id !== neighbor && id !== neighbor + 1)) {
      tenant.remove(id);
    }

    expect(ids()).toEqual([neighbor, neighbor + 1]);
    expect(() => tenant.addLate()).toThrow("No id between two events is free: start the tenant with idStep.");
  });
});

describe("an event", () => {
  it("disappears", async () => {
    const before = await startWithEvents();
    const [first = 0, , third = 0] = before;

    tenant.remove(third);

    expect(ids()).toEqual([...before.slice(0, 2), ...before.slice(3)]);
    expect(await walk(5)).toEqual(ids());
    expect(() => tenant.remove(third)).toThrow(`id is ${third}: no event has it.`);
    tenant.duplicate(first, {});
    tenant.remove(first);
    expect(ids()).not.toContain(first);
  });

  it("becomes another one with the same id", async () => {
    const before = await startWithEvents();
    const third = tenant.events()[2];

    const swapped = tenant.swap(third?.id ?? 0, { entity_id: 99, name: "AWS:1/role:other" });

    expect(swapped).toEqual({ ...third, entity_id: 99, name: "AWS:1/role:other" });
    expect(third?.entity_id).not.toBe(99);
    expect(tenant.events()[2]).toEqual(swapped);
    expect(ids()).toEqual(before);
    expect((await page(`from=${third?.id}&limit=1`)).events).toEqual([swapped]);
    expect(() => tenant.swap(1, {})).toThrow("id is 1: no event has it.");
  });

  it("gets a second one with the same id, on the same page", async () => {
    const before = await startWithEvents();
    const [first = 0, second = 0] = before;

    const another = tenant.duplicate(second, { urgency_score: 1, event_timestamp: "2026-03-01T12:00:59Z" });

    expect(
      tenant
        .events()
        .slice(1, 3)
        .map(({ id }) => id),
    ).toEqual([second, second]);
    expect(tenant.events()[2]).toEqual(another);
    expect((await page("from=0&limit=2")).events.map(({ id }) => id)).toEqual([first]);
    const pair = await page(`from=${second}&limit=1`);
    expect(pair).toMatchObject({ next_checkpoint: second + 1, remaining_count: 10 });
    expect(pair.events.map(({ urgency_score }) => urgency_score)).toEqual([
      tenant.events()[1]?.urgency_score,
      1,
    ]);
    for (const limit of [1, 2, 3, 13, 1000]) {
      expect(await walk(limit)).toEqual([first, second, second, ...before.slice(2)]);
    }
    expect(() => tenant.duplicate(1, {})).toThrow("id is 1: no event has it.");
  });
});

it("renames an account for its later events and for look-ups", async () => {
  await startWithEvents({ accounts: 1, eventsPerTick: 100 });
  // The minute after this one has been drawn already.
  tenant.advance(60_000);
  const [event] = tenant.events();
  const past = tenant.events().length;
  const old = tenant.events()[0]?.name;

  tenant.rename(event?.entity_id ?? 0, "AWS:111122223333/role:renamed");
  tenant.advance(2 * FIVE_MINUTES);

  expect(old).toBe("AWS:111122223333/role:build-agent");
  const names = tenant.events().map(({ name }) => name);
  expect(new Set(names.slice(0, past))).toEqual(new Set([old]));
  expect(new Set(names.slice(past))).toEqual(new Set(["AWS:111122223333/role:renamed"]));
  expect(names.length).toBeGreaterThan(past + 100);
  expect(await (await get(`/api/v3.4/accounts/${event?.entity_id}`)).json()).toMatchObject({
    name: "AWS:111122223333/role:renamed",
  });
  expect(tenant.addLate({ id: (event?.id ?? 0) - 1 }).name).toBe("AWS:111122223333/role:renamed");
  expect(() => tenant.rename(1, "x")).toThrow("accountId is 1: the tenant has no such account.");
});

describe("versions before v3.4", () => {
  const older = (version: string) => `${version}/events/account_scoring`;

  it.each(["v3.0", "v3.1", "v3.2", "v3.3"] as const)(
    "serve the older form of the events: %s",
    async (version) => {
      await startWithEvents({ apis: ["v3.4", version] });
      const [first] = tenant.events();

      const { events } = await page("limit=1", older(version));

      expect(events).toMatchObject([
        { id: first?.id, entity_type: "account", last_detection_id: first?.last_detection.id },
      ]);
      expect((await get(`/api/${version}/accounts/${first?.entity_id}`)).status).toBe(200);
      expect((await get("/api/v3/events/account_scoring")).status).toBe(404);
    },
  );

  it("are missing, and v3.4 is, where the tenant does not serve them", async () => {
    await startWithEvents({ apis: ["v3.3"] });
    const account = tenant.events()[0]?.entity_id;
    tenant.faults.add({ on: "events", kind: "500" });

    const missing = [
      "v3.4/events/entity_scoring?type=account",
      `v3.4/accounts/${account}`,
      older("v3.2"),
      "v3.3/events/entity_scoring",
    ];
    for (const path of missing) {
      expect((await get(`/api/${path}`)).status).toBe(404);
    }
    expect(tenant.faults.pending()).toHaveLength(1);
  });

  it("number events otherwise, on request", async () => {
    const numbers = await startWithEvents({ apis: ["v3.4", "v3.3"], olderIdOffset: 1_000_000 });
    const [first = 0, second = 0] = numbers;
    const newest = numbers.at(-1) ?? 0;

    expect(await walk(5, older("v3.3"))).toEqual(numbers.map((id) => id + 1_000_000));
    expect(await walk(5)).toEqual(numbers);
    const fromSecond = await page(`from=${second + 1_000_000}&limit=1`, older("v3.3"));
    expect(fromSecond.events.map(({ id }) => id)).toEqual([second + 1_000_000]);
    // A cursor of the other version leads to everything, or past the end.
    expect((await page(`from=${newest}&limit=1`, older("v3.3"))).events[0]?.id).toBe(first + 1_000_000);
    expect(await page(`from=${newest + 1_000_001}&limit=1`)).toEqual({
      events: [],
      next_checkpoint: newest + 1,
      remaining_count: 0,
    });
    expect((await get(`/api/${older("v3.3")}?from=x`)).status).toBe(400);
  });
});

describe("the control endpoint", () => {
  async function control(command: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${tenant.url}/_simulator/${command}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return await response.json();
  }

  it("changes events and accounts", async () => {
    const [first = 0, second = 0] = await startWithEvents({ idStep: 10 });
    const accountId = tenant.events()[0]?.entity_id ?? 0;

    expect(await control("add-late", { id: first + 1, urgency_score: 3 })).toEqual(tenant.events()[1]);
    expect(tenant.events()[1]).toMatchObject({ id: first + 1, urgency_score: 3 });
    expect(await control("swap", { id: second, fields: { urgency_score: 4 } })).toMatchObject({ id: second });
    expect(await control("duplicate", { id: second, fields: { urgency_score: 5 } })).toMatchObject({
      id: second,
    });
    expect(await control("remove", { id: first })).toEqual({ events: 13 });
    expect(await control("rename", { accountId, name: "AWS:1/role:b" })).toMatchObject({
      name: "AWS:1/role:b",
    });

    expect(
      tenant
        .events()
        .slice(0, 3)
        .map(({ id, urgency_score }) => [id, urgency_score]),
    ).toEqual([
      [first + 1, 3],
      [second, 4],
      [second, 5],
    ]);
  });

  it("explains what is wrong", async () => {
    await startWithEvents();

    expect(await control("remove", { id: 1 })).toEqual({ error: "id is 1: no event has it." });
    expect(await control("swap", { id: "1" })).toEqual({ error: expect.stringContaining("id") });
  });
});
