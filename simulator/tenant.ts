import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "./account.js";
import type { Answer } from "./answer.js";
import { answerControl, CONTROL_PATH } from "./control.js";
import { sendAnswer, sendFault } from "./fault-answer.js";
import { type FaultEndpoint, type Faults, noFaultsYet } from "./faults.js";
import { listenOnLoopback, readBody } from "./loopback.js";
import { openTokenOffice } from "./oauth.js";
import { createOrganization } from "./organization.js";
import type { EntityScoringEvent } from "./scoring-event.js";
import { answerOlderQuery, answerScoringQuery } from "./scoring-query.js";
import { startTimeline } from "./timeline.js";

/** How a simulated tenant is made. */
export interface TenantOptions {
  /** Equal seeds give equal organizations and, minute by minute, equal events. */
  readonly seed: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where simulated time begins: whole seconds. */
  readonly startTime: Date;
  /** Roles and users in the organization. @default 40 */
  readonly accounts?: number;
  /** Scoring events in each five minutes of simulated time. @default 12 */
  readonly eventsPerTick?: number;
  /** @default - any free port */
  readonly port?: number;
  /** Origin of the links in events. @default "https://123123123123.uw2.portal.vectra.ai" */
  readonly portalUrl?: string;
  /** Whether events have milliseconds, as those of other streams do. @default false: whole seconds */
  readonly fractions?: boolean;
  /** @default 1799, the shortest that has been seen */
  readonly tokenLifetimeSeconds?: number;
  /** Epoch milliseconds; token expiry is judged by it. @default Date.now, the clock of a real client too */
  readonly tokenClock?: () => number;
}

/** A request that the tenant has answered. Neither headers nor bodies: they hold the secrets. */
interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** null when the connection was cut */
  readonly status: number | null;
  /** The fault that was served, if any. */
  readonly fault?: string;
}

/** A running simulated tenant. */
export interface Tenant {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: Faults;
  /** Lets simulated time pass; returns the events of that time, which the API serves from now on. */
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
  /** Refuses every token handed out so far. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const EVENTS_PATH = "/api/v3.4/events/entity_scoring";
/** The path without a minor version, which has the older form of the events. */
const OLDER_EVENTS_PATH = "/api/v3/events/account_scoring";
const ACCOUNT_PATH = /^\/api\/v3(?:\.4)?\/accounts\/(\d{1,15})$/;

/**
 * Starts a loopback server that behaves as a Vectra tenant does towards an API client of REST API v3.4
 * (`/oauth2/token`, `/events/entity_scoring`, `/accounts/{id}`) or of `/api/v3/` (`/events/account_scoring`,
 * `/accounts/{id}`), and fails on request.
 *
 * @throws RangeError for an option out of range, Error for a port in use
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const startTime = options.startTime.getTime();
  if (!Number.isInteger(startTime / 1000)) {
    throw new RangeError(`startTime is ${startTime} ms: give a time in whole seconds.`);
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
  const tokens = openTokenOffice({
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
    if (endpoint === "token") return tokens.issue(authorization, new URLSearchParams(body));
    if (!tokens.accepts(authorization)) {
      return { status: 401, body: { detail: "Authentication credentials were invalid or have expired." } };
    }
    if (endpoint === "events") {
      const answerQuery = url.pathname === EVENTS_PATH ? answerScoringQuery : answerOlderQuery;
      return answerQuery(timeline.happenings(), url.searchParams);
    }
    const account = timeline.account(Number(ACCOUNT_PATH.exec(url.pathname)?.[1]));
    if (account !== undefined) return { status: 200, body: account };
    // Also what a tenant that serves v3.4 only says to v3.0-v3.3's /events/account_scoring.
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
      ...(fault === undefined ? {} : { fault: fault.kind }),
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
  if (method === "POST" && path === "/oauth2/token") return "token";
  if (method === "GET" && (path === EVENTS_PATH || path === OLDER_EVENTS_PATH)) return "events";
  if (method === "GET" && ACCOUNT_PATH.test(path)) return "account";
  return undefined;
}
