import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AccountLookups } from "../../../../functions/security-lake-exporter/enrichment/account-lookups.js";
import { enrich } from "../../../../functions/security-lake-exporter/enrichment/enrichment.js";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../../../functions/security-lake-exporter/vectra/client.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import type { EventSource } from "../../../../functions/security-lake-exporter/vectra/pages.js";
import { startTenant, type Tenant } from "../../../../simulator/tenant.js";
import { anEvent } from "../events.js";

const never = new AbortController().signal;
const all = () => ({
  priorScores: new Map<number, number>(),
  isWanted: () => true,
  assignmentRequired: false,
  budget: new AccountLookups().budget(60_000),
});

let tenant: Tenant;
let source: EventSource;

beforeEach(async () => {
  tenant = await startTenant({
    seed: 2,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-01-01T00:00:00Z"),
  });
  tenant.advance(3_600_000);
  const credentials = { clientId: "client", clientSecret: "secret" };
  const retry = { ...DEFAULT_RETRY, retries: 0 };
  source = {
    api: eventsApi("v3.4"),
    vectra: new VectraClient(tenant.url, async () => credentials, { retry }).startSession(),
  };
});
afterEach(() => tenant.close());

const anAccount = () => tenant.events()[0]?.entity_id ?? 0;

describe("direction of the score", () => {
  it("compares with the score before the window, then with the event before", async () => {
    const entity_id = anAccount();
    const scores = [40, 60, 60, 20].map((urgency_score, id) => anEvent({ id, entity_id, urgency_score }));

    const { events, lastScores } = await enrich(
      source,
      scores,
      { ...all(), priorScores: new Map([[entity_id, 50]]) },
      never,
    );

    expect(events.map(({ direction }) => direction)).toEqual([
      "decrease",
      "increase",
      "unchanged",
      "decrease",
    ]);
    expect([...lastScores]).toEqual([[entity_id, 20]]);
  });

  it("is unknown for the first event of an account, and without a score", async () => {
    const entity_id = anAccount();
    const events = [
      anEvent({ id: 1, entity_id, urgency_score: 30 }),
      anEvent({ id: 2, entity_id, urgency_score: null }),
      anEvent({ id: 3, entity_id, urgency_score: 31 }),
    ];

    const enriched = await enrich(source, events, all(), never);

    expect(enriched.events.map(({ direction }) => direction)).toEqual(["unknown", "unknown", "increase"]);
  });
});

describe("assignment", () => {
  it("comes from the account, which is looked up once for all of its events", async () => {
    const assigned = tenant.events().find(({ entity_id }) => tenant.account(entity_id)?.assignment !== null);
    const entity_id = assigned?.entity_id ?? 0;

    const { events } = await enrich(
      source,
      [anEvent({ id: 1, entity_id }), anEvent({ id: 2, entity_id })],
      all(),
      never,
    );

    const username = tenant.account(entity_id)?.assignment?.assigned_to.username;
    expect(username).toEqual(expect.any(String));
    expect(events.map(({ account }) => account?.assignment?.assigned_to?.username)).toEqual([
      username,
      username,
    ]);
    expect(tenant.requests().filter(({ path }) => path.includes("/accounts/"))).toHaveLength(1);
  });

  it.each([
    ["threat", { threat: "high" }, { threat: null }],
    ['certainty ""', { certainty: "" }, { certainty: null }],
    ["a missing certainty", { certainty: undefined }, { certainty: null }],
    ["assignment", { assignment: "analyst1" }, { assignment: null }],
    ["assigned_to", { assignment: { assigned_to: [] } }, { assignment: { assigned_to: null } }],
    [
      "username",
      { assignment: { assigned_to: { id: 20, username: 5 } } },
      { assignment: { assigned_to: { username: null } } },
    ],
  ])("costs one odd field of the account (%s) that field, not the look-up", async (_, odd, read) => {
    const id = anAccount();
    const sent = { id, threat: 61, certainty: 72, assignment: null };
    Object.assign(tenant.account(id) ?? {}, sent, odd);

    const { events, failedLookups } = await enrich(source, [anEvent({ entity_id: id })], all(), never);

    expect(events[0]?.account).toEqual({ ...sent, ...read });
    expect(failedLookups).toBe(0);
  });

  it.each([
    ["another account's id", 1],
    ["no id", undefined],
    ["an odd id", "eight"],
  ])("does not come from an answer with %s: that look-up has failed", async (_, id) => {
    const entity_id = anAccount();
    Object.assign(tenant.account(entity_id) ?? {}, { id });

    const { events, failedLookups } = await enrich(source, [anEvent({ entity_id })], all(), never);

    expect(events[0]?.account).toBeUndefined();
    expect(failedLookups).toBe(1);
  });

  it("is left out, and counted, when the look-up fails", async () => {
    tenant.faults.add({ on: "account", kind: "500", times: 1 });

    const { events, failedLookups } = await enrich(
      source,
      [anEvent({ entity_id: anAccount() })],
      all(),
      never,
    );

    expect(events[0]?.account).toBeUndefined();
    expect(failedLookups).toBe(1);
  });

  it("does not hide that the API client is refused", async () => {
    tenant.rotateSecret("another");

    await expect(enrich(source, [anEvent({ entity_id: anAccount() })], all(), never)).rejects.toThrow(
      /refused the API client/,
    );
  });

  it("does not hide that the run's time ended while the tenant made it wait", async () => {
    tenant.faults.add({ on: "account", kind: "429-retry-after", times: 1, retryAfterSeconds: 4 });
    const vectra = new VectraClient(tenant.url, async () => ({ clientId: "client", clientSecret: "secret" }));

    await expect(
      enrich(
        { ...source, vectra: vectra.startSession() },
        [anEvent({ entity_id: anAccount() })],
        all(),
        AbortSignal.timeout(200),
      ),
    ).rejects.toMatchObject({ name: "VectraRequestError", status: 429 });
  });
});
