import type { IncomingMessage, ServerResponse } from "node:http";
import { given } from "../facts/given.js";
import type { Account } from "./account.js";
import type { Answer } from "./answer.js";
import { answerControl, CONTROL_PATH } from "./control.js";
import { sendAnswer, sendFault } from "./fault-answer.js";
import { type FaultEndpoint, type Faults, noFaultsYet } from "./faults.js";
import { listenOnLoopback, readBody } from "./loopback.js";
import { createTokenEndpoint } from "./oauth.js";
import { createOrganization } from "./organization.js";
import type { EntityScoringEvent } from "./scoring-event.js";
import { answerOlderQuery, answerScoringQuery } from "./scoring-query.js";
import { startTimeline } from "./timeline.js";

/** Options of a simulated tenant. */
export interface TenantOptions {
  /** Equal seeds give equal organizations and, minute by minute, equal events. */
  readonly seed: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Start of the simulated time, in whole seconds. */
  readonly startTime: Date;
  /** Roles and users in the organization. @default 40 */
  readonly accounts?: number;
  /** Scoring events per five minutes of simulated time. @default 12 */
  readonly eventsPerTick?: number;
  /** @default - any free port */
  readonly port?: number;
  /** Origin of the links in events. @default "https://123123123123.uw2.portal.vectra.ai" */
  readonly portalUrl?: string;
  /** Whether event times have milliseconds, as in other streams. @default false: whole seconds */
  readonly fractions?: boolean;
  /** @default 1799, the shortest known lifetime */
  readonly tokenLifetimeSeconds?: number;
  /** Epoch milliseconds, by which tokens expire. @default Date.now, as for a real client */
  readonly tokenClock?: () => number;
}

/** A request that the tenant has answered, without headers and bodies, which contain secrets. */
interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** null if the connection was closed */
  readonly status: number | null;
  /** The fault that was served, if any. */
  readonly fault?: string;
}

/** A running simulated tenant. */
export interface Tenant {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: Faults;
  /** Advances the simulated time; returns the events of that time, which the API serves from now on. */
  advance(milliseconds: number): EntityScoringEvent[];
  /** Simulated time. */
  now(): Date;
  /** Every event so far, by ascending id and time. */
  events(): EntityScoringEvent[];
  /** An account as `GET /api/v3.4/accounts/{id}` answers it now. */
  account(id: number): Account | undefined;
  requests(): readonly AnsweredRequest[];
  /** Replaces the client secret; the old one and every token are refused from now on. */
  rotateSecret(clientSecret: string): void;
  /** Refuses every token issued so far. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const EVENTS_PATH = "/api/v3.4/events/entity_scoring";
/** The path without a minor version, which has the older form of the events. */
const OLDER_EVENTS_PATH = "/api/v3/events/account_scoring";
const ACCOUNT_PATH = /^\/api\/v3(?:\.4)?\/accounts\/(\d{1,15})$/;

/**
 * Starts a loopback server that behaves like a Vectra tenant towards an API client of REST API v3.4
 * (`/oauth2/token`, `/events/entity_scoring`, `/accounts/{id}`) or of `/api/v3/` (`/events/account_scoring`,
 * `/accounts/{id}`), and fails on request.
 *
 * @throws RangeError for an option out of range, Error if the port is in use
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const startTime = options.startTime.getTime();
  if (!Number.isInteger(startTime / 1000)) {
    throw new RangeError(`startTime is ${startTime} ms: use a time in whole seconds.`);
  }
  const organization = createOrganization({
    seed: options.seed,
    startTime,
    accounts: options.accounts ?? 40,
    eventsPerTick: options.eventsPerTick ?? 12,
    portalUrl: options.portalUrl ?? "https://123123123123.uw2.portal.vectra.ai",
    fractions: options.fractions ?? false,
  });
  const timeline = startTimeline(organization, startTime);
  const tokens = createTokenEndpoint({
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 1799,
    clock: options.tokenClock ?? Date.now,
  });
  const faults = noFaultsYet();
  const requests: AnsweredRequest[] = [];

  async function answer(request: IncomingMessage, url: URL, endpoint?: FaultEndpoint): Promise<Answer> {
    const authorization = request.headers.authorization;
    const body = (await readBody(request)).toString();
    if (endpoint === "token") {
      return tokens.issue(authorization, new URLSearchParams(body));
    }
    if (!tokens.accepts(authorization)) {
      return { status: 401, body: { detail: "Authentication credentials were invalid or have expired." } };
    }
    if (endpoint === "events") {
      const answerQuery = url.pathname === EVENTS_PATH ? answerScoringQuery : answerOlderQuery;
      return answerQuery(timeline.happenings(), url.searchParams);
    }
    const account = timeline.account(Number(ACCOUNT_PATH.exec(url.pathname)?.[1]));
    if (account !== undefined) {
      return { status: 200, body: account };
    }
    // A tenant that serves only v3.4 answers the same to /events/account_scoring of v3.0 to v3.3.
    return { status: 404, body: { detail: "Not found." } };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname.startsWith(CONTROL_PATH)) {
      sendAnswer(response, await answerControl(request, url.pathname, { faults, timeline }));
      return;
    }
    const endpoint = endpointOf(request.method, url.pathname);
    const fault = endpoint === undefined ? undefined : faults.take(endpoint);
    const right = await answer(request, url, endpoint);
    const status =
      fault === undefined ? sendAnswer(response, right) : await sendFault(response, fault, right);
    requests.push({
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      status,
      ...given({ fault: fault?.kind }),
    });
  }

  const server = await listenOnLoopback(serve, options.port);
  return {
    url: server.url,
    faults,
    advance: timeline.advance,
    now: timeline.now,
    events: () => timeline.happenings().map(({ event }) => event),
    account: timeline.account,
    requests: () => requests,
    rotateSecret: tokens.rotateSecret,
    revokeTokens: tokens.revokeTokens,
    close: server.close,
  };
}

function endpointOf(method: string | undefined, path: string): FaultEndpoint | undefined {
  if (method === "POST" && path === "/oauth2/token") {
    return "token";
  }
  if (method === "GET" && (path === EVENTS_PATH || path === OLDER_EVENTS_PATH)) {
    return "events";
  }
  if (method === "GET" && ACCOUNT_PATH.test(path)) {
    return "account";
  }
  return undefined;
}
