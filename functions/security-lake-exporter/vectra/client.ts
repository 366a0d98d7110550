import pThrottle from "p-throttle";
import type * as z from "zod/mini";
import { DEFAULT_RETRY, moreModest, type RetryPolicy, requestJson, VectraRequestError } from "./http.js";
import { tokenAnswer } from "./schema.js";

/** API client of a tenant, as it is kept in Secrets Manager. */
export interface ApiCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The tenant refuses the API client. Repeating it may lock the client out, so nobody retries this. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
}

/** How a client behaves towards its tenant. */
export interface ClientOptions {
  /** @default {@link DEFAULT_RETRY} */
  readonly retry?: RetryPolicy;
  /** Requests in a minute at most, evenly spread; retries and tokens come on top. @default - as fast as answers come */
  readonly requestsPerMinute?: number | undefined;
}

/** A token is renewed this long before it ends, in milliseconds. */
const RENEWAL_MARGIN = 100_000;

/**
 * Authenticated access to one tenant. Keep the instance across invocations: it holds the token.
 *
 * The API client's secret is read only when a token is needed and is never kept, so a rotated secret is
 * picked up by itself.
 */
export class VectraClient {
  readonly #origin: string;
  readonly #readCredentials: () => Promise<ApiCredentials>;
  readonly #retry: RetryPolicy;
  readonly #turn: (() => Promise<void>) | undefined;
  #token: Token | undefined;

  constructor(
    origin: string,
    readCredentials: () => Promise<ApiCredentials>,
    { retry = DEFAULT_RETRY, requestsPerMinute }: ClientOptions = {},
  ) {
    this.#origin = origin;
    this.#readCredentials = readCredentials;
    this.#retry = retry;
    this.#turn =
      requestsPerMinute === undefined
        ? undefined
        : pThrottle({ limit: 1, interval: 60_000 / requestsPerMinute })(async () => undefined);
  }

  /**
   * `GET` of a path on the tenant's own host.
   *
   * @param retry for a request that is worth less than others: of it and the client's own, the more modest counts.
   * @throws AuthenticationError when a fresh token is refused too; VectraRequestError otherwise.
   */
  async get<Schema extends z.ZodMiniType>(
    path: string,
    query: Readonly<Record<string, string | number | boolean>>,
    schema: Schema,
    signal: AbortSignal,
    retry: RetryPolicy = this.#retry,
  ): Promise<z.output<Schema>> {
    const url = new URL(path, this.#origin);
    for (const [name, value] of Object.entries(query)) {
      url.searchParams.set(name, String(value));
    }
    const send = async () =>
      requestJson({
        url,
        headers: { authorization: `Bearer ${await this.#bearer(signal)}` },
        schema,
        retry: moreModest(retry, this.#retry),
        signal,
      });
    if (this.#turn !== undefined) {
      await unlessAborted(this.#turn(), signal);
    }
    try {
      return await send();
    } catch (error) {
      if (!isUnauthorized(error)) {
        throw error;
      }
    }
    // The tenant may end a token early: one fresh token, then no more.
    this.#token = undefined;
    try {
      return await send();
    } catch (error) {
      throw isUnauthorized(error) ? this.#refused(`GET ${path} with a fresh token`) : error;
    }
  }

  async #bearer(signal: AbortSignal): Promise<string> {
    if (this.#token === undefined || Date.now() >= this.#token.renewAt) {
      this.#token = await this.#requestToken(signal);
    }
    return this.#token.value;
  }

  async #requestToken(signal: AbortSignal): Promise<Token> {
    const { clientId, clientSecret } = await this.#readCredentials();
    const requestedAt = Date.now();
    try {
      const answer = await requestJson({
        url: new URL("/oauth2/token", this.#origin),
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
        schema: tokenAnswer,
        retry: this.#retry,
        signal,
      });
      const lifetime = answer.expires_in * 1000;
      return {
        value: answer.access_token,
        renewAt: requestedAt + Math.max(lifetime - RENEWAL_MARGIN, lifetime / 2),
      };
    } catch (error) {
      throw isUnauthorized(error) ? this.#refused("POST /oauth2/token") : error;
    }
  }

  #refused(what: string): AuthenticationError {
    return new AuthenticationError(
      `${this.#origin} refused the API client (401 on ${what}). ` +
        "Check client_id and client_secret in the tenant's secret, and in Vectra under Manage > API Clients " +
        "that the client exists and its role has View - Accounts.",
    );
  }
}

/** Waits, unless the signal is given first. */
async function unlessAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    await Promise.race([turn, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof VectraRequestError && error.status === 401;
}
