import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AccountLookups } from "../../../../functions/security-lake-exporter/enrichment/account-lookups.js";
import { enrich } from "../../../../functions/security-lake-exporter/enrichment/enrichment.js";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import {
  AuthenticationError,
  VectraClient,
} from "../../../../functions/security-lake-exporter/vectra/client.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import { account } from "../../../../functions/security-lake-exporter/vectra/schema.js";
import { anEvent } from "../events.js";
import { type RecordedRequest, type RecordingServer, startRecordingServer } from "../recording-server.js";

const TOKEN = "POST /oauth2/token";
const REFUSAL = { status: 401, body: { error: "invalid_client" } };
const never = new AbortController().signal;

let server: RecordingServer;
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

type Answered = Awaited<ReturnType<Parameters<typeof startRecordingServer>[0]>>;

/** A tenant that gives the tokens t1, t2, ... and every account, but for what a test answers otherwise. */
async function startTenant(
  otherwise: (request: RecordedRequest) => Answered | undefined | Promise<Answered | undefined>,
) {
  let tokens = 0;
  server = await startRecordingServer(async (request) => {
    const other = await otherwise(request);
    if (other !== undefined) {
      return other;
    }
    if (request.what === TOKEN) {
      tokens += 1;
      return { body: { access_token: `t${tokens}`, expires_in: 1799 } };
    }
    return { body: { id: Number(request.what.split("/").at(-1)), threat: 10, certainty: 20 } };
  });
}

function client(retry = { ...DEFAULT_RETRY, firstPause: 1, longestPause: 2 }): VectraClient {
  return new VectraClient(server.url, async () => ({ clientId: "id", clientSecret: "secret" }), { retry });
}

const lookUp = (session: ReturnType<VectraClient["startSession"]>, id: number, signal = never) =>
  session.get(`/api/v3.4/accounts/${id}`, {}, account, signal);
const lookUpMany = (session: ReturnType<VectraClient["startSession"]>, count: number) =>
  Promise.allSettled(Array.from({ length: count }, (_, index) => lookUp(session, index + 1)));
/** Looks up 400 accounts as a run does, eight at a time. */
const enrich400 = (vectra = client()) =>
  enrich(
    { api: eventsApi("v3.4"), vectra: vectra.startSession() },
    Array.from({ length: 400 }, (_, index) => anEvent({ id: index + 1, entity_id: index + 1 })),
    {
      priorScores: new Map(),
      isWanted: () => true,
      assignmentRequired: false,
      budget: new AccountLookups().budget(60_000),
    },
    never,
  );
const tokenRequests = () => server.requests.filter(({ what }) => what === TOKEN).length;
const asked = () => server.requests.map(({ what, authorization }) => `${what} ${authorization.slice(0, 9)}`);

describe("one token request for all who wait", () => {
  it("eight callers at once ask for one token", async () => {
    await startTenant(() => undefined);

    const outcomes = await lookUpMany(client().startSession(), 8);

    expect(outcomes.map(({ status }) => status)).toEqual(Array(8).fill("fulfilled"));
    expect(tokenRequests()).toBe(1);
    expect(server.requests).toHaveLength(9);
  });

  it("eight look-ups that find the token over renew it once", async () => {
    await startTenant(() => undefined);
    const session = client().startSession();
    await lookUp(session, 1);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 1_699_000);

    const outcomes = await lookUpMany(session, 8);

    expect(outcomes.map(({ status }) => status)).toEqual(Array(8).fill("fulfilled"));
    expect(tokenRequests()).toBe(2);
    expect(server.requests.slice(-8).map(({ authorization }) => authorization)).toEqual(
      Array(8).fill("Bearer t2"),
    );
  });

  it("eight look-ups whose token the tenant ended early renew it once", async () => {
    let ended = false;
    await startTenant(({ authorization }) =>
      ended && authorization === "Bearer t1" ? { status: 401, body: {} } : undefined,
    );
    const session = client().startSession();
    await lookUp(session, 1);
    ended = true;

    const outcomes = await lookUpMany(session, 8);

    expect(outcomes.map(({ status }) => status)).toEqual(Array(8).fill("fulfilled"));
    expect(tokenRequests()).toBe(2);
  });

  it("a refused token that is no longer the current one takes no other with it", async () => {
    const late = Promise.withResolvers<void>();
    let ended = false;
    await startTenant(async ({ what, authorization }) => {
      if (!ended || authorization !== "Bearer t1") {
        return undefined;
      }
      if (what.endsWith("/2")) {
        await late.promise;
      }
      return { status: 401, body: {} };
    });
    const session = client().startSession();
    await lookUp(session, 1);
    ended = true;
    const slow = lookUp(session, 2);
    await lookUp(session, 3);
    late.resolve();

    await slow;

    expect(asked()).toEqual([
      `${TOKEN} Basic aWQ`,
      "GET /api/v3.4/accounts/1 Bearer t1",
      "GET /api/v3.4/accounts/2 Bearer t1",
      "GET /api/v3.4/accounts/3 Bearer t1",
      `${TOKEN} Basic aWQ`,
      "GET /api/v3.4/accounts/3 Bearer t2",
      "GET /api/v3.4/accounts/2 Bearer t2",
    ]);
  });

  it("a caller that stops waiting leaves the request to the others", async () => {
    await startTenant(async ({ what }) => {
      if (what === TOKEN) {
        await delay(100);
      }
      return undefined;
    });
    const session = client().startSession();

    const [left, stayed] = await Promise.allSettled([
      lookUp(session, 1, AbortSignal.timeout(20)),
      lookUp(session, 2),
    ]);

    expect(left).toMatchObject({ status: "rejected", reason: { name: "TimeoutError" } });
    expect(stayed).toMatchObject({ status: "fulfilled", value: { id: 2 } });
    expect(tokenRequests()).toBe(1);
  });

  it("once nobody waits any more the request ends, and the next one begins anew", async () => {
    let hangs = true;
    await startTenant(({ what }) => (what === TOKEN && hangs ? new Promise(() => undefined) : undefined));
    const session = client().startSession();

    await expect(lookUp(session, 1, AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
    hangs = false;

    await expect(lookUp(session, 1)).resolves.toMatchObject({ id: 1 });
    expect(tokenRequests()).toBe(2);
  });
});

describe("the first refusal is the last request of a run", () => {
  it("when the client is refused in the middle of 400 look-ups", async () => {
    let answered = 0;
    await startTenant(({ what }) => {
      answered += what === TOKEN ? 0 : 1;
      if (answered <= 100) {
        return undefined;
      }
      return what === TOKEN ? REFUSAL : { status: 401, body: {} };
    });

    await expect(enrich400()).rejects.toThrow(AuthenticationError);
    await delay(50);

    expect(server.requests.at(-1)?.what).toBe(TOKEN);
    expect(tokenRequests()).toBe(2);
    // Those that were under way when the tenant refused the token, and no other.
    expect(server.requests.length).toBeLessThanOrEqual(1 + 100 + 8 + 1);
  });

  it("when it gives tokens and then takes none of them", async () => {
    let answered = 0;
    await startTenant(({ what }) => {
      answered += what === TOKEN ? 0 : 1;
      return answered > 100 && what !== TOKEN ? { status: 401, body: {} } : undefined;
    });

    await expect(enrich400()).rejects.toThrow(/refused the API client \(401 on GET .* with a fresh token\)/);
    await delay(50);

    expect(asked().filter((request) => request.endsWith("Bearer t2"))).toHaveLength(1);
    expect(asked().at(-1)).toMatch(/Bearer t2$/);
    expect(tokenRequests()).toBe(2);
  });

  it("when the very first token is refused", async () => {
    await startTenant(({ what }) => (what === TOKEN ? undefined : { status: 401, body: {} }));

    const outcomes = await lookUpMany(client().startSession(), 8);

    expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.name)).toEqual(
      Array(8).fill("AuthenticationError"),
    );
    expect(server.requests).toHaveLength(2);
  });

  it("also for a look-up that waits to try again after a 503", async () => {
    let refuses = false;
    await startTenant(({ what }) => {
      if (what.endsWith("/7")) {
        return { status: 503, headers: { "retry-after": "30" }, body: {} };
      }
      return refuses ? (what === TOKEN ? REFUSAL : { status: 401, body: {} }) : undefined;
    });
    const session = client().startSession();
    await lookUp(session, 1);
    const waiting = lookUp(session, 7);
    waiting.catch(() => undefined);
    while (server.requests.at(-1)?.what !== "GET /api/v3.4/accounts/7") {
      await delay(1);
    }
    refuses = true;

    await expect(lookUp(session, 2)).rejects.toThrow(AuthenticationError);
    await expect(waiting).rejects.toThrow(AuthenticationError);
    await expect(lookUp(session, 3)).rejects.toThrow(AuthenticationError);

    expect(server.requests.at(-1)?.what).toBe(TOKEN);
    expect(server.requests.filter(({ what }) => what.endsWith("/7"))).toHaveLength(1);
  });

  it.each([
    [400, "invalid_client", "invalid_client"],
    [401, "invalid_client", "invalid_client"],
    [403, "access_denied", "access_denied"],
  ])("whether the token endpoint says it with %i or not", async (status, error, shown) => {
    await startTenant(({ what }) => (what === TOKEN ? { status, body: { error } } : undefined));

    const failure = enrich400();

    await expect(failure).rejects.toThrow(AuthenticationError);
    await expect(failure).rejects.toThrow(
      `refused the API client (${status} on POST /oauth2/token). Check client_id and client_secret`,
    );
    await expect(failure).rejects.toThrow(`The tenant says: ${shown}`);
    expect(server.requests).toHaveLength(1);
  });

  it("and a token endpoint that is not there is asked once too", async () => {
    await startTenant(({ what }) => (what === TOKEN ? { status: 404, body: {} } : undefined));

    const { events } = await enrich400();

    expect(events).toHaveLength(400);
    expect(server.requests).toHaveLength(1);
  });

  it("and the next run tries again, with one request as long as the client is refused", async () => {
    let refuses = true;
    await startTenant(({ what }) => (what === TOKEN && refuses ? REFUSAL : undefined));
    const vectra = client();

    for (const runs of [1, 2, 3]) {
      await expect(lookUp(vectra.startSession(), 1)).rejects.toThrow(AuthenticationError);
      expect(server.requests).toHaveLength(runs);
    }
    refuses = false;

    await expect(lookUp(vectra.startSession(), 1)).resolves.toMatchObject({ id: 1 });
  });
});
