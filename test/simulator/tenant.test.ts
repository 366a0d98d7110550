import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant, type TenantOptions } from "../../simulator/tenant.js";

const OPTIONS: TenantOptions = {
  seed: 7,
  clientId: "client",
  clientSecret: "s3cret",
  startTime: new Date("2026-03-01T12:00:00Z"),
};
const FIVE_MINUTES = 300_000;

interface Page {
  events: { id: number; entity_id: number; event_timestamp: string; urgency_score: number }[];
  next_checkpoint: number;
  remaining_count: number;
}

let tenant: Tenant;
const others: Tenant[] = [];

beforeEach(async () => {
  tenant = await startTenant(OPTIONS);
});
afterEach(async () => {
  await Promise.all([tenant, ...others.splice(0)].map((each) => each.close()));
});

async function another(options: Partial<TenantOptions>): Promise<Tenant> {
  const made = await startTenant({ ...OPTIONS, ...options });
  others.push(made);
  return made;
}

function requestToken(
  of: Tenant,
  { secret = "s3cret", grant = "client_credentials" } = {},
): Promise<Response> {
  return fetch(`${of.url}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`client:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: grant }),
  });
}

async function token(of: Tenant): Promise<string> {
  const { access_token } = (await (await requestToken(of)).json()) as { access_token: string };
  return access_token;
}

function get(of: Tenant, bearer: string, path: string): Promise<Response> {
  return fetch(`${of.url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
}

async function page(of: Tenant, query: string): Promise<Page> {
  const response = await get(of, await token(of), `/api/v3.4/events/entity_scoring?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

describe("the token endpoint", () => {
  it("gives a bearer token with its lifetime for the right client", async () => {
    const response = await requestToken(tenant);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
      token_type: "Bearer",
      expires_in: 1799,
    });
  });

  it("refuses a wrong secret with 401 and another grant with 400", async () => {
    expect((await requestToken(tenant, { secret: "wrong" })).status).toBe(401);
    expect((await requestToken(tenant, { grant: "password" })).status).toBe(400);
  });

  it("lets a token expire", async () => {
    let clock = 1_000_000;
    const short = await another({ tokenLifetimeSeconds: 60, tokenClock: () => clock });
    const bearer = await token(short);
    const events = "/api/v3.4/events/entity_scoring?type=account";

    clock += 59_999;
    expect((await get(short, bearer, events)).status).toBe(200);
    clock += 1;
    expect((await get(short, bearer, events)).status).toBe(401);
  });

  it("refuses the old secret and the old token after a rotation", async () => {
    const bearer = await token(tenant);

    tenant.rotateSecret("new");

    expect((await requestToken(tenant)).status).toBe(401);
    expect((await requestToken(tenant, { secret: "new" })).status).toBe(200);
    expect((await get(tenant, bearer, "/api/v3.4/accounts/8")).status).toBe(401);
  });
});

describe("the organization", () => {
  it("lives the same life again from the same seed, in whatever steps time passes", async () => {
    const again = await another({});
    const other = await another({ seed: 8 });

    tenant.advance(2 * FIVE_MINUTES);
    for (const step of [1000, 299_000, 137_000, 163_000]) {
      again.advance(step);
    }
    other.advance(2 * FIVE_MINUTES);

    expect(tenant.events()).toHaveLength(24);
    expect(again.events()).toEqual(tenant.events());
    expect(other.events()).not.toEqual(tenant.events());
  });

  it("has accounts that rise and fall, with every severity, and some assigned to analysts", async () => {
    tenant.advance(50 * FIVE_MINUTES);

    const events = tenant.events();
    const last = new Map<number, number>();
    let rises = 0;
    let falls = 0;
    for (const event of events) {
      const previous = last.get(event.entity_id) ?? 0;
      if (event.urgency_score > previous) {
        rises += 1;
      }
      if (event.urgency_score < previous) {
        falls += 1;
      }
      last.set(event.entity_id, event.urgency_score);
    }
    expect(rises + falls).toBe(600);
    expect(falls).toBeGreaterThan(100);
    expect(new Set(events.map((event) => event.severity))).toEqual(
      new Set(["Low", "Medium", "High", "Critical"]),
    );
    expect(events.every((event) => event.name.startsWith("AWS:"))).toBe(true);
    const assigned = [...last.keys()].filter((id) => tenant.account(id)?.assignment != null);
    expect(assigned.length).toBeGreaterThan(5);
    expect(assigned.length).toBeLessThan(last.size);
  });

  it("gives ids with gaps, times that never fall, and each account one event at a time", () => {
    tenant.advance(50 * FIVE_MINUTES);

    const events = tenant.events();
    const ids = events.map((event) => event.id);
    const times = events.map((event) => event.event_timestamp);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect((ids.at(-1) ?? 0) - (ids[0] ?? 0)).toBeGreaterThan(700);
    expect(times).toEqual([...times].sort());
    expect(new Set(events.map((event) => `${event.entity_id} ${event.event_timestamp}`)).size).toBe(600);
    expect(times[0]).toMatch(/^2026-03-01T12:0[0-4]:\d\dZ$/);
  });

  it("has a backlog of 10,000 events in no time", async () => {
    const busy = await another({ eventsPerTick: 5000 });

    expect(busy.advance(2 * FIVE_MINUTES)).toHaveLength(10_000);
    expect(await page(busy, "type=account&limit=1000")).toMatchObject({ remaining_count: 9000 });
  });

  it("refuses options that cannot be", async () => {
    await expect(another({ accounts: 0 })).rejects.toThrow(
      "accounts is 0: use a whole number from 1 to 100000.",
    );
    await expect(another({ accounts: 1, eventsPerTick: 151 })).rejects.toThrow(
      "eventsPerTick is 151: use a whole number from 1 to 150.",
    );
    await expect(another({ startTime: new Date(1) })).rejects.toThrow("startTime is 1 ms");
    expect(() => tenant.advance(-1)).toThrow("advance by -1: use whole milliseconds, 0 or more.");
  });
});

describe("entity scoring", () => {
  it("is walked by feeding next_checkpoint to from until nothing remains", async () => {
    tenant.advance(2 * FIVE_MINUTES);

    const first = await page(tenant, "type=account&from=0&limit=10");
    const second = await page(tenant, `type=account&from=${first.next_checkpoint}&limit=10`);
    const third = await page(tenant, `type=account&from=${second.next_checkpoint}&limit=10`);

    expect([first, second, third].map((each) => each.remaining_count)).toEqual([14, 4, 0]);
    expect([...first.events, ...second.events, ...third.events]).toEqual(tenant.events());
    expect(first.next_checkpoint).toBe((first.events.at(-1)?.id ?? 0) + 1);
    expect(third.next_checkpoint).toBe((tenant.events().at(-1)?.id ?? 0) + 1);
  });

  it("includes the event whose id is from", async () => {
    tenant.advance(FIVE_MINUTES);
    const third = tenant.events()[2];

    expect((await page(tenant, `type=account&from=${third?.id}&limit=1`)).events).toEqual([third]);
  });

  it("answers a very large from with no events and the newest checkpoint", async () => {
    tenant.advance(FIVE_MINUTES);
    const newest = tenant.events().at(-1)?.id ?? 0;

    expect(await page(tenant, "type=account&from=999999999999")).toEqual({
      events: [],
      next_checkpoint: newest + 1,
      remaining_count: 0,
    });
  });

  it("leaves out score decreases, and what is outside of the time asked for", async () => {
    tenant.advance(20 * FIVE_MINUTES);

    const rising = await page(tenant, "type=account&include_score_decreases=false");
    const window = await page(
      tenant,
      "type=account&event_timestamp_gte=2026-03-01T12:10:00Z&event_timestamp_lte=2026-03-01T12:19:59Z",
    );

    const last = new Map<number, number>();
    const expected = tenant.events().filter((event) => {
      const rose = event.urgency_score > (last.get(event.entity_id) ?? 0);
      last.set(event.entity_id, event.urgency_score);
      return rose;
    });
    expect(rising.events).toEqual(expected);
    expect(expected.length).toBeLessThan(240);
    expect(window.events).toHaveLength(24);
    expect(window.events).toEqual(tenant.events().slice(24, 48));
  });

  it.each([
    ["from=0", 'type is required: "account".'],
    ["type=host", 'type is required: "account".'],
    ["type=account&limit=1001", "limit must be a whole number from 1 to 1000."],
    ["type=account&from=-1", "from must be a whole number, 0 or more."],
    ["type=account&include_score_decreases=1", "include_score_decreases must be true or false."],
    ["type=account&event_timestamp_gte=x", "event_timestamp_gte and event_timestamp_lte must be ISO 8601."],
  ])("refuses %s", async (query, title) => {
    const response = await get(tenant, await token(tenant), `/api/v3.4/events/entity_scoring?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ errors: [{ title }] });
  });

  it("asks for a token", async () => {
    expect((await fetch(`${tenant.url}/api/v3.4/events/entity_scoring?type=account`)).status).toBe(401);
  });
});

describe("other endpoints", () => {
  it("shows an account as it is now, like its latest event", async () => {
    tenant.advance(FIVE_MINUTES);
    const latest = tenant.events().at(-1);

    const response = await get(tenant, await token(tenant), `/api/v3.4/accounts/${latest?.entity_id}`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: latest?.entity_id,
      name: latest?.name,
      severity: latest?.severity,
      threat: expect.any(Number),
      certainty: expect.any(Number),
      account_type: ["aws"],
    });
  });

  it.each(["/api/v3.4/accounts/1", "/api/v3.3/events/account_scoring?from=0&limit=10", "/api/v3.4/hosts"])(
    "answers %s with 404 in JSON",
    async (path) => {
      const response = await get(tenant, await token(tenant), path);

      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: "Not found." });
    },
  );

  it("logs requests without anything secret", async () => {
    await page(tenant, "type=account&from=5");

    expect(tenant.requests()).toEqual([
      { method: "POST", path: "/oauth2/token", query: {}, status: 200 },
      {
        method: "GET",
        path: "/api/v3.4/events/entity_scoring",
        query: { type: "account", from: "5" },
        status: 200,
      },
    ]);
  });
});
