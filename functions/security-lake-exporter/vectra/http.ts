import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import * as z from "zod/mini";
import { problemsOf } from "../validation.js";

/** How often and how long a request to the tenant is retried. Times in milliseconds. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  /** First pause between attempts; doubles with each, with jitter. */
  readonly firstPause: number;
  /** Longest pause between attempts. */
  readonly longestPause: number;
  /** Longest `Retry-After` that is waited for; a longer one ends the run, and the next run tries again. */
  readonly longestRetryAfter: number;
  /** Limit of one attempt, headers and body. 30 s is what Vectra's own client settled on. */
  readonly attemptTimeout: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  retries: 5,
  firstPause: 500,
  longestPause: 10_000,
  longestRetryAfter: 60_000,
  attemptTimeout: 30_000,
};

/** Of every limit the lower one. */
export function moreModest(one: RetryPolicy, other: RetryPolicy): RetryPolicy {
  return {
    retries: Math.min(one.retries, other.retries),
    firstPause: Math.min(one.firstPause, other.firstPause),
    longestPause: Math.min(one.longestPause, other.longestPause),
    longestRetryAfter: Math.min(one.longestRetryAfter, other.longestRetryAfter),
    attemptTimeout: Math.min(one.attemptTimeout, other.attemptTimeout),
  };
}

/** A request that the tenant, or the way to it, did not answer as expected. */
export class VectraRequestError extends Error {
  override readonly name = "VectraRequestError";
  /** HTTP status; undefined where the answer had none that matters (not JSON, wrong shape). */
  readonly status: number | undefined;
  /** Whether a later attempt may succeed without anybody changing anything. */
  readonly retryable: boolean;
  /** The tenant's `Retry-After` in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    details: { status?: number; retryable: boolean; retryAfter?: number | undefined },
  ) {
    super(message);
    this.status = details.status;
    this.retryable = details.retryable;
    this.retryAfter = details.retryAfter;
  }
}

export interface JsonRequest<Schema extends z.ZodMiniType> {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  readonly headers?: Record<string, string>;
  readonly body?: URLSearchParams;
  /** What the answer must look like. */
  readonly schema: Schema;
  readonly retry: RetryPolicy;
  /** Ends the request and every pause of it. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request and returns the validated JSON of its answer. Retries what can be retried: network
 * errors, time-outs, 408, 429, 5xx, and a body that is cut off or not JSON. Follows no redirect.
 *
 * @throws VectraRequestError, or the signal's reason. When the signal ends a pause, the refusal that the pause
 * followed says more than the signal does, and is thrown.
 */
export async function requestJson<Schema extends z.ZodMiniType>(
  request: JsonRequest<Schema>,
): Promise<z.output<Schema>> {
  const { retry, signal } = request;
  let pausingAfter: VectraRequestError | undefined;
  const send = () => {
    pausingAfter = undefined;
    return attempt(request);
  };
  try {
    return await pRetry(send, {
      retries: retry.retries,
      minTimeout: retry.firstPause,
      maxTimeout: retry.longestPause,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => !signal.aborted && !isFinal(error, retry),
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!(error instanceof VectraRequestError)) {
          return;
        }
        pausingAfter = error;
        if (error.retryAfter !== undefined && retriesLeft > 0 && !isFinal(error, retry)) {
          await delay(error.retryAfter, undefined, { signal });
        }
      },
    });
  } catch (error) {
    throw pausingAfter === undefined || pausingAfter === error ? error : endedWhileWaiting(pausingAfter);
  }
}

/** The refusal after which the signal ended the pause: its status decides which alarm goes off. */
function endedWhileWaiting({ message, status }: VectraRequestError): VectraRequestError {
  return new VectraRequestError(`${message} - the run's time ended while it waited to try again`, {
    ...(status === undefined ? {} : { status }),
    retryable: true,
  });
}

function isFinal(error: Error, retry: RetryPolicy): boolean {
  if (!(error instanceof VectraRequestError)) {
    return false;
  }
  return !error.retryable || (error.retryAfter ?? 0) > retry.longestRetryAfter;
}

async function attempt<Schema extends z.ZodMiniType>(
  request: JsonRequest<Schema>,
): Promise<z.output<Schema>> {
  const { url, method = "GET" } = request;
  const what = `${method} ${url.origin}${url.pathname}`;
  const { response, body } = await exchange(request, what);
  if (!response.ok) {
    throw refusal(what, response, body);
  }
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new VectraRequestError(`${what} answered ${response.status} with a body that is not JSON`, {
      retryable: true,
    });
  }
  const parsed = z.safeParse(request.schema, json);
  if (!parsed.success) {
    throw new VectraRequestError(
      `${what} answered with an unexpected shape: ${problemsOf("answer", parsed.error)}. Nothing of it was written.`,
      { retryable: false },
    );
  }
  return parsed.data;
}

/** Sends the request and reads the whole answer; what goes wrong on the way can be tried again. */
async function exchange(request: JsonRequest<z.ZodMiniType>, what: string) {
  const { url, method = "GET", retry, signal } = request;
  requireVerifiedTls(url);
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      // A redirect could carry the token to another host; it is reported instead of followed.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(retry.attemptTimeout)]),
    });
    return { response, body: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    const { message, cause } = error as Error;
    const detail = cause instanceof Error ? `${message} (${cause.message})` : message;
    throw new VectraRequestError(`${what} failed: ${detail}`, { retryable: true });
  }
}

/** Node lets a variable of the environment switch off the verification of every certificate; not for tokens. */
function requireVerifiedTls({ protocol, origin }: URL): void {
  if (protocol === "https:" && process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    throw new VectraRequestError(
      `${origin} was not asked: NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of its certificate. ` +
        "Unset the variable; name an authority of your own in NODE_EXTRA_CA_CERTS.",
      { retryable: false },
    );
  }
}

function refusal(what: string, response: Response, body: string): VectraRequestError {
  const { status } = response;
  if (status >= 300 && status < 400) {
    return new VectraRequestError(
      `${what} answered with a redirect (${status}), which is not followed: check the tenant's URL`,
      { status, retryable: false },
    );
  }
  return new VectraRequestError(`${what} answered ${status}${reasonIn(body)}`, {
    status,
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfter: retryAfterOf(response),
  });
}

/** `Retry-After` as seconds or as an HTTP date, in milliseconds from now. */
function retryAfterOf(response: Response): number | undefined {
  const header = response.headers.get("retry-after");
  if (header === null) {
    return undefined;
  }
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

const errorBody = z.object({
  detail: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ title: z.optional(z.string()) }))),
  message: z.optional(z.string()),
  error: z.optional(z.string()),
});

/** The tenant's errors come in several shapes, HTML among them; only a short text of a known one is shown. */
function reasonIn(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "";
  }
  const parsed = z.safeParse(errorBody, json);
  if (!parsed.success) {
    return "";
  }
  const { detail, errors, message, error } = parsed.data;
  const reason = detail ?? errors?.[0]?.title ?? message ?? error;
  return reason === undefined ? "" : `: ${reason.slice(0, 200)}`;
}
