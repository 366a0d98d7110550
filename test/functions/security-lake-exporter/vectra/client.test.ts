import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  AuthenticationError,
  VectraClient,
} from "../../../../functions/security-lake-exporter/vectra/client.js";
import {
  DEFAULT_RETRY,
  VectraRequestError,
} from "../../../../functions/security-lake-exporter/vectra/http.js";
import { account } from "../../../../functions/security-lake-exporter/vectra/schema.js";
import type { FaultRequest } from "../../../../simulator/faults.js";
import { startTenant, type Tenant } from "../../../../simulator/tenant.js";

const SECRET = "swordfish-of-the-test";
const QUICK = { ...DEFAULT_RETRY, retries: 2, firstPause: 1, longestPause: 2 };
const never = new AbortController().signal;

let tenant: Tenant;
let clock = Date.now();
let secretsRead = 0;

beforeEach(async () => {
  clock = Date.now();
  secretsRead = 0;
  tenant = await startTenant({
    seed: 1,
    clientId: "client",
    clientSecret: SECRET,
    startTime: new Date("2026-01-01T00:00:00Z"),
    tokenClock: () => clock,
  });
  tenant.advance(300_000);
});
afterEach(() => tenant.close());

function client(clientSecret = SECRET, retry = QUICK): VectraClient {
  return new VectraClient(
    tenant.url,
    async () => {
      secretsRead += 1;
      return { clientId: "client", clientSecret };
    },
    { retry },
  );
}

const firstAccount = () => tenant.events()[0]?.entity_id ?? 0;
/** As a run of its own. */
const getAccount = (vectra: VectraClient, signal = never) =>
  vectra.startSession().get(`/api/v3.4/accounts/${firstAccount()}`, {}, account, signal);
const pathsAsked = () => tenant.requests().map(({ path, status }) => `${status} ${path.split("/").at(1)}`);

describe("a token", () => {
  it("is asked for once and used for every request", async () => {
    const vectra = client();

    await getAccount(vectra);
    await getAccount(vectra);

    expect(pathsAsked()).toEqual(["200 oauth2", "200 api", "200 api"]);
    expect(secretsRead).toBe(1);
  });

  it("is renewed once, with the secret read anew, when the tenant ends it early", async () => {
    const vectra = client();
    await getAccount(vectra);
    tenant.revokeTokens();

    await getAccount(vectra);

    expect(pathsAsked()).toEqual(["200 oauth2", "200 api", "401 api", "200 oauth2", "200 api"]);
    expect(secretsRead).toBe(2);
  });

  it("is not asked for again in a loop when the API client is refused, and the error says what to do", async () => {
    const failure = getAccount(client("wrong-secret"));

    await expect(failure).rejects.toThrow(AuthenticationError);
    await expect(failure).rejects.toThrow(
      /refused the API client \(401 on POST \/oauth2\/token\).*client_secret/,
    );
    expect(pathsAsked()).toEqual(["401 oauth2"]);
  });

  it("that is refused although it is fresh ends the request", async () => {
    tenant.faults.add({ on: "account", kind: "401", times: 2 });

    await expect(getAccount(client())).rejects.toThrow(/401 on GET .* with a fresh token/);
    expect(pathsAsked()).toEqual(["200 oauth2", "401 api"]);
  });

  it("is renewed 100 s before it ends", async () => {
    await tenant.close();
    tenant = await startTenant({
      seed: 1,
      clientId: "client",
      clientSecret: SECRET,
      startTime: new Date("2026-01-01T00:00:00Z"),
      // Renewal is due half-way when a token lives shorter than the margin: here after 50 ms.
      tokenLifetimeSeconds: 0.1,
      tokenClock: () => clock,
    });
    tenant.advance(300_000);
    const vectra = client();
    await getAccount(vectra);
    await new Promise((resolve) => setTimeout(resolve, 60));

    await getAccount(vectra);

    expect(pathsAsked()).toEqual(["200 oauth2", "200 api", "200 oauth2", "200 api"]);
  });
});

describe("a request", () => {
  it.each<[string, FaultRequest]>([
    ["429 without Retry-After", { on: "account", kind: "429", times: 2 }],
    ["429 with Retry-After", { on: "account", kind: "429-retry-after", times: 2, retryAfterSeconds: 0 }],
    ["500", { on: "account", kind: "500", times: 2 }],
    ["a body that is cut off", { on: "account", kind: "truncated", times: 2 }],
    ["a connection that is cut", { on: "account", kind: "disconnect", times: 2 }],
    ["a page for people", { on: "account", kind: "html", times: 2 }],
    ["429 of the token endpoint", { on: "token", kind: "429-retry-after", times: 1, retryAfterSeconds: 0 }],
    ["500 of the token endpoint", { on: "token", kind: "500", times: 2 }],
  ])("is repeated after %s", async (_name, fault) => {
    tenant.faults.add(fault);

    await expect(getAccount(client())).resolves.toMatchObject({ threat: expect.any(Number) });
  });

  it("waits as long as Retry-After says", async () => {
    tenant.faults.add({ on: "account", kind: "429-retry-after", times: 1, retryAfterSeconds: 1 });
    const startedAt = performance.now();

    await getAccount(client());

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  });

  it("is given up at once when Retry-After is longer than a run can wait", async () => {
    tenant.faults.add({ on: "account", kind: "429-retry-after", times: 1, retryAfterSeconds: 3600 });

    await expect(getAccount(client())).rejects.toThrow(/answered 429/);
    expect(pathsAsked()).toEqual(["200 oauth2", "429 api"]);
  });

  it("is given up after the last retry", async () => {
    tenant.faults.add({ on: "account", kind: "500", times: 3 });

    await expect(getAccount(client())).rejects.toMatchObject({ status: 500, retryable: true });
  });

  it("times out, and is repeated then", async () => {
    tenant.faults.add({ on: "account", kind: "slow", times: 1, delayMilliseconds: 400 });

    await expect(getAccount(client(SECRET, { ...QUICK, attemptTimeout: 150 }))).resolves.toBeDefined();
  });

  it("ends with the run's own signal", async () => {
    tenant.faults.add({ on: "account", kind: "slow", times: 1, delayMilliseconds: 2_000 });

    await expect(getAccount(client(), AbortSignal.timeout(100))).rejects.toThrow(/timeout/i);
  });

  it.each<[string, FaultRequest, number]>([
    [
      "429 with Retry-After",
      { on: "account", kind: "429-retry-after", times: 1, retryAfterSeconds: 30 },
      429,
    ],
    ["429 without Retry-After", { on: "account", kind: "429", times: 1 }, 429],
    [
      "429 of the token endpoint",
      { on: "token", kind: "429-retry-after", times: 1, retryAfterSeconds: 30 },
      429,
    ],
    ["500", { on: "account", kind: "500", times: 1 }, 500],
  ])(
    "says what it was refused with when the run's time ends in the pause after %s",
    async (_, fault, status) => {
      tenant.faults.add(fault);
      const slow = { ...QUICK, firstPause: 30_000, longestPause: 30_000 };

      const failure = getAccount(client(SECRET, slow), AbortSignal.timeout(200));

      await expect(failure).rejects.toBeInstanceOf(VectraRequestError);
      await expect(failure).rejects.toMatchObject({ status, retryable: true });
      await expect(failure).rejects.toThrow(
        new RegExp(`answered ${status}.* - the run's time ended while it waited to retry$`),
      );
    },
  );

  it("ends with the run's own signal when that comes in the attempt after a pause", async () => {
    tenant.faults.add({ on: "account", kind: "429-retry-after", times: 1, retryAfterSeconds: 0 });
    tenant.faults.add({ on: "account", kind: "slow", times: 1, delayMilliseconds: 5_000 });

    await expect(getAccount(client(), AbortSignal.timeout(1_500))).rejects.toThrow(/timeout/i);
  });

  it("is not repeated when the answer has another shape", async () => {
    tenant.faults.add({ on: "account", kind: "wrong-json", times: 1 });

    await expect(getAccount(client())).rejects.toThrow(
      /accounts\/\d+ answered with an unexpected shape: answer\.id: Invalid input: expected number/,
    );
    expect(pathsAsked()).toEqual(["200 oauth2", "200 api"]);
  });

  it("says what a 404 was about", async () => {
    const failure = client().startSession().get("/api/v3.4/accounts/999999", {}, account, never);

    await expect(failure).rejects.toMatchObject({ status: 404, retryable: false });
    await expect(failure).rejects.toThrow(
      /GET http:\/\/127\.0\.0\.1:\d+\/api\/v3\.4\/accounts\/999999 answered 404: Not found\./,
    );
  });

  it("never shows the secret or the token in an error", async () => {
    tenant.faults.add({ on: "token", kind: "500", times: 3 });

    const error: unknown = await getAccount(client()).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(VectraRequestError);
    const shown = `${error}${(error as Error).stack}${JSON.stringify(error)}`;
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(Buffer.from(`client:${SECRET}`).toString("base64"));
  });
});

describe("a limit of requests per minute", () => {
  const paced = (requestsPerMinute: number) =>
    new VectraClient(tenant.url, async () => ({ clientId: "client", clientSecret: SECRET }), {
      retry: QUICK,
      requestsPerMinute,
    });

  it("spreads the requests evenly", async () => {
    // 50 ms apart; the first one at once.
    const vectra = paced(1200);
    const startedAt = performance.now();

    await Promise.all([1, 2, 3, 4, 5].map(() => getAccount(vectra)));

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
    expect(pathsAsked().filter((path) => path === "200 api")).toHaveLength(5);
  });

  it("lets a run end that waits for its turn", async () => {
    const vectra = paced(1);
    await getAccount(vectra);

    await expect(getAccount(vectra, AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
    await expect(getAccount(vectra, AbortSignal.abort(new Error("over")))).rejects.toThrow("over");

    expect(pathsAsked()).toEqual(["200 oauth2", "200 api"]);
  });

  it("leaves nothing behind on the run's signal", async () => {
    const vectra = paced(60_000);
    const { signal } = new AbortController();

    await getAccount(vectra, signal);
    await getAccount(vectra, signal);

    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("the verification of the tenant's certificate", () => {
  const overTls = new VectraClient(
    "https://127.0.0.1:9",
    async () => ({ clientId: "client", clientSecret: SECRET }),
    { retry: QUICK },
  );
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  it("cannot be switched off: nothing is sent, not even the client's secret", async () => {
    const sent = vi.fn();
    vi.stubGlobal("fetch", sent);
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");

    await expect(getAccount(overTls)).rejects.toThrow(
      "No request was sent to https://127.0.0.1:9: NODE_TLS_REJECT_UNAUTHORIZED=0 switches off certificate verification.",
    );
    expect(sent).not.toHaveBeenCalled();
  });

  it("is left to Node otherwise", async () => {
    const sent = vi.fn(async () => Response.json({}, { status: 500 }));
    vi.stubGlobal("fetch", sent);
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", undefined);

    await expect(getAccount(overTls)).rejects.toThrow("POST https://127.0.0.1:9/oauth2/token answered 500");
    expect(sent).toHaveBeenCalledTimes(3);
  });
});

describe("a redirect", () => {
  it("to another host is reported, and neither followed nor given the token", async () => {
    const visits: string[] = [];
    const server = createServer((request, response) => {
      visits.push(`${request.headers.host} ${request.url}`);
      if (request.url === "/oauth2/token") {
        response.writeHead(200).end(JSON.stringify({ access_token: "t", expires_in: 1799 }));
      } else {
        response.writeHead(302, { location: `${tenant.url}/elsewhere` }).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const vectra = new VectraClient(origin, async () => ({ clientId: "c", clientSecret: "s" }), {
      retry: QUICK,
    });

    await expect(vectra.startSession().get("/api/v3.4/accounts/1", {}, account, never)).rejects.toThrow(
      /answered with a redirect \(302\), which is not followed: check the tenant's URL/,
    );
    expect(visits).toHaveLength(2);
    expect(tenant.requests()).toEqual([]);
    server.close();
  });
});
