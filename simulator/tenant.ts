import type { IncomingMessage, ServerResponse } from "node:http";
import { given } from "../facts/given.js";
import type { Account } from "./account.js";
import type { Answer } from "./answer.js";
import { type ApiResource, type ApiVersion, apiResource } from "./apis.js";
import { answerControl, CONTROL_PATH } from "./control.js";
import type { LogChanges } from "./event-log.js";
import { sendAnswer, sendFault } from "./fault-answer.js";
import { type Faults, noFaultsYet } from "./faults.js";
import { listenOnLoopback, readBody } from "./loopback.js";
import { createTokenEndpoint } from "./oauth.js";
import { createOrganization, requireInteger } from "./organization.js";
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
  /** What event ids advance by at least, so that there are free ones between for late events. @default 1 */
  readonly idStep?: number;
  /** Versions of the REST API that the tenant serves; others answer 404. @default ["v3.4", "v3"] */
  readonly apis?: readonly ApiVersion[];
  /** What versions before v3.4 add to event ids and cursors, so that one is not taken for the other. @default 0 */
  readonly olderIdOffset?: number;
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

/** What a request asks for, where the tenant serves it. */
type Asked = { readonly endpoint: "token" } | ApiResource;

/** A running simulated tenant. */
export interface Tenant extends LogChanges {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: Faults;
  /** Advances the simulated time; returns the events of that time, which the API serves from now on. */
  advance(milliseconds: number): EntityScoringEvent[];
  /** Simulated time. */
  now(): Date;
  /** Every event so far, as v3.4 serves it, by ascending id; times ascend, too, unless the log was changed. */
  events(): EntityScoringEvent[];
  /** An account as `GET /api/v3.4/accounts/{id}` answers it now. */
  account(id: number): Account | undefined;
  /** Renames an account, for its later events and look-ups. @throws RangeError for an unknown account */
  rename(accountId: number, name: string): void;
  requests(): readonly AnsweredRequest[];
  /** Replaces the client secret; the old one and every token are refused from now on. */
  rotateSecret(clientSecret: string): void;
  /** Refuses every token issued so far. */
  revokeTokens(): void;
  close(): Promise<void>;
}

/**
 * Starts a loopback server that behaves like a Vectra tenant towards an API client of REST API v3.4
 * (`/oauth2/token`, `/events/entity_scoring`, `/accounts/{id}`) or of the versions before it
 * (`/events/account_scoring`, `/accounts/{id}`), and fails on request.
 *
 * @throws RangeError for an option out of range, Error if the port is in use
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const startTime = options.startTime.getTime();
  if (!Number.isInteger(startTime / 1000)) {
    throw new RangeError(`startTime is ${startTime} ms: use a time in whole seconds.`);
  }
  const { apis = ["v3.4", "v3"], olderIdOffset = 0, idStep = 1 } = options;
  requireInteger("olderIdOffset", olderIdOffset, 0, 10 ** 12);
  const organization = createOrganization({
    seed: options.seed,
    startTime,
    accounts: options.accounts ?? 40,
    eventsPerTick: options.eventsPerTick ?? 12,
    portalUrl: options.portalUrl ?? "https://123123123123.uw2.portal.vectra.ai",
    fractions: options.fractions ?? false,
    idStep,
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

  async function answer(request: IncomingMessage, url: URL, asked?: Asked): Promise<Answer> {
    const authorization = request.headers.authorization;
    const body = (await readBody(request)).toString();
    if (asked?.endpoint === "token") {
      return tokens.issue(authorization, new URLSearchParams(body));
    }
    if (!tokens.accepts(authorization)) {
      return { status: 401, body: { detail: "Authentication credentials were invalid or have expired." } };
    }
    if (asked?.endpoint === "events") {
      const happenings = timeline.log.happenings();
      return asked.version === "v3.4"
        ? answerScoringQuery(happenings, url.searchParams)
        : answerOlderQuery(happenings, url.searchParams, olderIdOffset);
    }
    const account = asked === undefined ? undefined : timeline.account(asked.accountId);
    if (account !== undefined) {
      return { status: 200, body: account };
    }
    return { status: 404, body: { detail: "Not found." } };
  }

  function askedOf(method: string | undefined, path: string): Asked | undefined {
    if (method === "POST" && path === "/oauth2/token") {
      return { endpoint: "token" };
    }
    const resource = method === "GET" ? apiResource(path) : undefined;
    return resource !== undefined && apis.includes(resource.version) ? resource : undefined;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname.startsWith(CONTROL_PATH)) {
      sendAnswer(response, await answerControl(request, url.pathname, { faults, timeline }));
      return;
    }
    const asked = askedOf(request.method, url.pathname);
    const fault = asked === undefined ? undefined : faults.take(asked.endpoint);
    const right = await answer(request, url, asked);
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
    events: () => timeline.log.happenings().map(({ event }) => event),
    account: timeline.account,
    addLate: timeline.log.addLate,
    remove: timeline.log.remove,
    swap: timeline.log.swap,
    duplicate: timeline.log.duplicate,
    rename: timeline.rename,
    requests: () => requests,
    rotateSecret: tokens.rotateSecret,
    revokeTokens: tokens.revokeTokens,
    close: server.close,
  };
}
