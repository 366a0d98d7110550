import pThrottle from "p-throttle";
import type * as z from "zod/mini";
import type { AnswerLimits, AnswerSize } from "./answer.js";
import {
  AnswerTooLongError,
  DEFAULT_RETRY,
  moreModest,
  type RetryPolicy,
  requestJson,
  VectraRequestError,
} from "./http.js";
import { tokenAnswer } from "./schema.js";
import { SentSecrets } from "./sent-secrets.js";
import { type GivenToken, isUnauthorized, Tokens, unlessAborted } from "./token.js";

/** API client of a tenant, as it is stored in Secrets Manager. */
export interface ApiCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The tenant refuses the API client. This is never retried: repeated failures may lock the client out. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";
}

/** How a client behaves towards its tenant. */
export interface ClientOptions {
  /** @default {@link DEFAULT_RETRY} */
  readonly retry?: RetryPolicy;
  /** Maximum requests per minute, evenly spaced; retries and token requests are extra. @default - no limit */
  readonly requestsPerMinute?: number | undefined;
}

/** How a request is made, and how its response is read. */
export interface ReadingOptions {
  /** For a less important request: of each limit in it and in the client's own policy, the lower one applies. */
  readonly retry?: RetryPolicy | undefined;
  /** @default {@link ANSWER_LIMITS} */
  readonly limits?: AnswerLimits;
  /** Whether a response with too many values is abridged. @default false */
  readonly abridge?: boolean;
  /** Called with the size of the response. */
  readonly onSize?: ((size: AnswerSize) => void) | undefined;
}

/** Milliseconds before its expiry at which a token is renewed. */
const RENEWAL_MARGIN = 100_000;

/** Limits of a response other than a page: an account has a few kilobytes, and eight are read at once. */
const ANSWER_LIMITS: AnswerLimits = { bytes: 1_000_000, values: 25_000 };
const TOKEN_LIMITS: AnswerLimits = { bytes: 64_000, values: 1_000 };

/**
 * One tenant, for all runs: keep the instance across invocations, because it holds the token and the request rate. Each
 * run has a session of its own.
 *
 * The API client's secret is read only when a token is needed, so a rotated secret is picked up automatically. Sent values
 * are remembered for one purpose: to redact them where a text from the tenant quotes them.
 */
export class VectraClient {
  readonly #origin: string;
  readonly #readCredentials: () => Promise<ApiCredentials>;
  readonly #retry: RetryPolicy;
  readonly #turn: (() => Promise<void>) | undefined;
  readonly #tokens = new Tokens((signal) => this.#requestToken(signal));
  readonly #sent = new SentSecrets();

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

  /** Access for one run. */
  startSession(): VectraSession {
    return new VectraSession({
      origin: this.#origin,
      retry: this.#retry,
      turn: this.#turn,
      tokens: this.#tokens,
      mask: (text) => this.#sent.mask(text),
    });
  }

  async #requestToken(signal: AbortSignal): Promise<GivenToken> {
    const { clientId, clientSecret } = await this.#readCredentials();
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    this.#sent.add("client_id", clientId);
    this.#sent.add("client_secret", clientSecret);
    this.#sent.add("Basic value", basic);
    const requestedAt = Date.now();
    try {
      const answer = await requestJson({
        url: new URL("/oauth2/token", this.#origin),
        method: "POST",
        authorized: (attempt) => attempt(`Basic ${basic}`),
        body: new URLSearchParams({ grant_type: "client_credentials" }),
        schema: tokenAnswer,
        limits: TOKEN_LIMITS,
        mask: (text) => this.#sent.mask(text),
        retry: this.#retry,
        signal,
      });
      this.#sent.add("token", answer.access_token);
      const lifetime = answer.expires_in * 1000;
      return {
        value: answer.access_token,
        renewAt: requestedAt + Math.max(lifetime - RENEWAL_MARGIN, lifetime / 2),
      };
    } catch (error) {
      if (error instanceof AnswerTooLongError) {
        // There is no smaller request for a token.
        throw new VectraRequestError(error.message, { retryable: false });
      }
      throw refusesClient(error) ? refused(this.#origin, "POST /oauth2/token", error) : error;
    }
  }
}

interface SessionParts {
  readonly origin: string;
  readonly retry: RetryPolicy;
  readonly turn: (() => Promise<void>) | undefined;
  readonly tokens: Tokens;
  readonly mask: (text: string) => string;
}

/**
 * A run's access to its tenant. Once the tenant has refused the API client, or a token is unavailable, every pending and
 * every later request of the session fails with the same error, and none is sent.
 */
export class VectraSession {
  readonly #parts: SessionParts;
  readonly #ended = new AbortController();
  #failure: Error | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /**
   * `GET` of a path on the tenant's own host.
   *
   * @throws AuthenticationError when the tenant refuses the client, or a fresh token; VectraRequestError otherwise.
   */
  async get<Schema extends z.ZodMiniType>(
    path: string,
    query: Readonly<Record<string, string | number | boolean>>,
    schema: Schema,
    signal: AbortSignal,
    { retry, limits = ANSWER_LIMITS, abridge, onSize }: ReadingOptions = {},
  ): Promise<z.output<Schema>> {
    const { origin, turn, mask } = this.#parts;
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query)) {
      url.searchParams.set(name, String(value));
    }
    const untilEnd = AbortSignal.any([signal, this.#ended.signal]);
    try {
      if (turn !== undefined) {
        await unlessAborted(turn(), untilEnd);
      }
      return await requestJson({
        url,
        authorized: (attempt) => this.#authorized(`GET ${path}`, attempt, untilEnd),
        schema,
        limits,
        abridge,
        onSize,
        mask,
        retry: moreModest(retry ?? this.#parts.retry, this.#parts.retry),
        isFinal: (error) => error === this.#failure,
        signal: untilEnd,
      });
    } catch (error) {
      throw this.#ended.signal.aborted && !signal.aborted ? this.#ended.signal.reason : error;
    }
  }

  /** Makes an attempt, and a second one with a fresh token if a previously accepted token is refused. */
  async #authorized<Result>(
    what: string,
    attempt: (authorization: string) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const { origin, tokens } = this.#parts;
    for (let isFresh = false; ; isFresh = true) {
      const token = await this.#token(signal);
      const wasAccepted = token.isAccepted;
      try {
        return await token.use(attempt, signal);
      } catch (error) {
        if (!isUnauthorized(error)) {
          throw error;
        }
        tokens.drop(token);
        if (isFresh || !wasAccepted) {
          throw this.#end(refused(origin, `${what} with a fresh token`, error));
        }
      }
    }
  }

  async #token(signal: AbortSignal) {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      return await this.#parts.tokens.get(signal);
    } catch (error) {
      throw signal.aborted ? error : this.#end(error as Error);
    }
  }

  /** Ends the session; the first failure is the one that counts. */
  #end(error: Error): Error {
    this.#failure ??= error;
    if (this.#failure instanceof AuthenticationError) {
      this.#ended.abort(this.#failure);
    }
    return this.#failure;
  }
}

/** RFC 6749 lets a token endpoint refuse a client with 400 too (`invalid_client`); a disabled client may get 403. */
function refusesClient(error: unknown): error is VectraRequestError {
  return error instanceof VectraRequestError && [400, 401, 403].includes(error.status ?? 0);
}

function refused(origin: string, what: string, { status, reason }: VectraRequestError): AuthenticationError {
  return new AuthenticationError(
    `${origin} refused the API client (${status} on ${what}). ` +
      "Check client_id and client_secret in the tenant's secret. In Vectra, under Manage > API Clients, check that " +
      "the client exists and its role has View - Accounts." +
      (reason === undefined ? "" : ` The tenant says: ${reason}`),
  );
}
