import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant, type TenantOptions } from "../../simulator/tenant.js";

const OPTIONS: TenantOptions = {
  seed: 7,
  clientId: "client",
  clientSecret: "s3cret",
  startTime: new Date("2026-03-01T12:00:00Z"),
};
const FIVE_MINUTES = 300_000;

let tenant: Tenant;
beforeEach(async () => {
  tenant = await startTenant(OPTIONS);
});
afterEach(() => tenant.close());

async function token(): Promise<string> {
  const response = await fetch(`${tenant.url}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("client:s3cret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

function get(bearer: string, path: string): Promise<Response> {
  return fetch(`${tenant.url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
}

describe("the path without a minor version", () => {
  it("serves the same events with the older names of their fields, whatever is asked besides from and limit", async () => {
    tenant.advance(FIVE_MINUTES);
    const bearer = await token();
    const [first] = tenant.events();

    const response = await get(bearer, "/api/v3/events/account_scoring?from=0&limit=2&type=host");

    expect(response.status).toBe(200);
    const answer = (await response.json()) as { events: unknown[] };
    expect(answer).toMatchObject({
      next_checkpoint: (tenant.events()[1]?.id ?? 0) + 1,
      remaining_count: 10,
    });
    expect(answer.events).toHaveLength(2);
    const { type, importance, last_detection, ...same } = first ?? {};
    expect(answer.events[0]).toEqual({
      ...same,
      entity_type: type,
      entity_importance: importance,
      last_detection_id: last_detection?.id,
      last_detection_type: last_detection?.type,
      last_detection_url: last_detection?.url,
    });
  });

  it("serves accounts, and can fail as v3.4 can", async () => {
    tenant.advance(FIVE_MINUTES);
    const bearer = await token();
    const id = tenant.events()[0]?.entity_id ?? 0;

    const response = await get(bearer, `/api/v3/accounts/${id}`);
    expect(await response.json()).toEqual(tenant.account(id));

    tenant.faults.add({ on: "events", kind: "500" });
    expect((await get(bearer, "/api/v3/events/account_scoring")).status).toBe(500);
  });
});

it("has milliseconds where they are asked for, in the order of time", async () => {
  const precise = await startTenant({ ...OPTIONS, fractions: true });
  const times = precise.advance(3_600_000).map(({ event_timestamp }) => event_timestamp);
  await precise.close();

  expect(times).toHaveLength(144);
  expect(times).toEqual(times.toSorted());
  expect(times.every((time) => /^2026-03-01T12:\d\d:\d\d\.\d{3}Z$/.test(time))).toBe(true);
  expect(times.filter((time) => !time.endsWith(".000Z")).length).toBeGreaterThan(100);
});
