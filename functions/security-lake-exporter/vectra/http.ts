import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import * as z from "zod/mini";
import { given } from "../../../facts/given.js";
import { problemsOf } from "../validation.js";
import { abridged } from "./abridge.js";
import { type Answer, type AnswerLimits, type AnswerSize, discard, readAnswer, readError } from "./answer.js";
import { reasonIn, reasonOf, shownReason } from "./refusal.js";

/** How often and how long a request to the tenant is retried. Times in milliseconds. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  /** First pause between attempts; doubles with each, with jitter. */
  readonly firstPause: number;
  /** Longest pause between attempts. */
  readonly longestPause: number;
  /** Longest `Retry-After` that is honored; a longer one ends the run, and the next run tries again. */
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

/** The lower of each limit. */
export function moreModest(one: RetryPolicy, other: RetryPolicy): RetryPolicy {
  return {
    retries: Math.min(one.retries, other.retries),
    firstPause: Math.min(one.firstPause, other.firstPause),
    longestPause: Math.min(one.longestPause, other.longestPause),
    longestRetryAfter: Math.min(one.longestRetryAfter, other.longestRetryAfter),
    attemptTimeout: Math.min(one.attemptTimeout, other.attemptTimeout),
  };
}

/** A request that failed: at the tenant, or on the way to it. */
export class VectraRequestError extends Error {
  override readonly name: string = "VectraRequestError";
  /** HTTP status; undefined where it is irrelevant (not JSON, wrong shape) or there was none. */
  readonly status: number | undefined;
  /** Whether a later attempt may succeed without any change. */
  readonly retryable: boolean;
  /** The tenant's `Retry-After` in milliseconds. */
  readonly retryAfter: number | undefined;
  /** The tenant's own explanation, safe to show. */
  readonly reason: string | undefined;

  constructor(
    message: string,
    details: { status?: number; retryable: boolean; retryAfter?: number | undefined; reason?: string },
  ) {
    super(message);
    this.status = details.status;
    this.retryable = details.retryable;
    this.retryAfter = details.retryAfter;
    this.reason = details.reason;
  }
}

/** A response that is too long to be parsed. Repeating the request does not help; a smaller one may. */
export class AnswerTooLongError extends VectraRequestError {
  /** How it is too long, in words: `more than 4 MB`. */
  readonly excess: string;
  /** Its first characters. */
  readonly beginning: string;
  /** JSON of the response without values nested in its elements' fields; undefined where that is too long too. */
  readonly abridged: string | undefined;

  constructor(message: string, details: Pick<AnswerTooLongError, "excess" | "beginning" | "abridged">) {
    super(message, { retryable: false });
    this.excess = details.excess;
    this.beginning = details.beginning;
    this.abridged = details.abridged;
  }
}

/** Bytes at the beginning of a response that is too long in which to find what it is about. */
const BEGINNING = 10_000;

export interface JsonRequest<Schema extends z.ZodMiniType> {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  readonly body?: URLSearchParams;
  /**
   * Makes one attempt, with the value of the Authorization header. An error other than a VectraRequestError ends the
   * request.
   */
  readonly authorized: <Result>(attempt: (authorization: string) => Promise<Result>) => Promise<Result>;
  /** Expected shape of the response. */
  readonly schema: Schema;
  /** Maximum size of the response. */
  readonly limits: AnswerLimits;
  /** Called with the size of the response. */
  readonly onSize?: ((size: AnswerSize) => void) | undefined;
  /** Whether a response with too many values is abridged, so that it can be identified. @default false */
  readonly abridge?: boolean | undefined;
  /** Redacts sent values in a text that may quote them. */
  readonly mask: (text: string) => string;
  readonly retry: RetryPolicy;
  /** Whether no attempt may follow the error, even a retryable one. */
  readonly isFinal?: (error: Error) => boolean;
  /** Ends the request and all of its pauses. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request and returns the validated JSON of its response. Retries what can be retried: network
 * errors, time-outs, 408, 429, 5xx, and a body that is truncated or not JSON. Follows no redirect.
 *
 * @throws VectraRequestError, or the signal's reason. When the signal ends a pause, the refusal before the pause is thrown,
 * because it says more than the signal does.
 */
export async function requestJson<Schema extends z.ZodMiniType>(
  request: JsonRequest<Schema>,
): Promise<z.output<Schema>> {
  const { retry, signal } = request;
  let pausingAfter: VectraRequestError | undefined;
  const send = async () => {
    pausingAfter = undefined;
    return await request.authorized((authorization) => attempt(request, authorization));
  };
  try {
    return await pRetry(send, {
      retries: retry.retries,
      minTimeout: retry.firstPause,
      maxTimeout: retry.longestPause,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => !signal.aborted && !isFinal(error, request),
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!(error instanceof VectraRequestError)) {
          return;
        }
        pausingAfter = error;
        if (error.retryAfter !== undefined && retriesLeft > 0 && !isFinal(error, request)) {
          await delay(error.retryAfter, undefined, { signal });
        }
      },
    });
  } catch (error) {
    throw pausingAfter === undefined || pausingAfter === error ? error : endedWhileWaiting(pausingAfter);
  }
}

/** The refusal before the pause that the signal ended: its status decides which alarm goes off. */
function endedWhileWaiting({ message, status }: VectraRequestError): VectraRequestError {
  return new VectraRequestError(`${message} - the run's time ended while it waited to retry`, {
    ...given({ status }),
    retryable: true,
  });
}

function isFinal(
  error: Error,
  { retry, isFinal: endsAll }: Pick<JsonRequest<z.ZodMiniType>, "retry" | "isFinal">,
): boolean {
  if (!(error instanceof VectraRequestError)) {
    return true;
  }
  return !error.retryable || (error.retryAfter ?? 0) > retry.longestRetryAfter || endsAll?.(error) === true;
}

async function attempt<Schema extends z.ZodMiniType>(
  request: JsonRequest<Schema>,
  authorization: string,
): Promise<z.output<Schema>> {
  const { url, method = "GET", mask } = request;
  const what = `${method} ${url.origin}${url.pathname}`;
  const { status, answer } = await exchange(request, authorization, what);
  if (!("text" in answer)) {
    const { excess, bytes, isComplete } = answer;
    throw new AnswerTooLongError(`${what} answered with ${excess}, more than the exporter reads`, {
      excess,
      beginning: bytes.toString("utf8", 0, BEGINNING),
      abridged: isComplete && request.abridge === true ? abridged(bytes, request.limits) : undefined,
    });
  }
  request.onSize?.(answer.size);
  let json: unknown;
  try {
    json = JSON.parse(answer.text);
  } catch {
    throw new VectraRequestError(`${what} answered ${status} with a body that is not JSON`, {
      retryable: true,
    });
  }
  const parsed = z.safeParse(request.schema, json);
  if (!parsed.success) {
    throw new VectraRequestError(
      `${what} answered with an unexpected shape: ${problemsOf("answer", parsed.error)}. Nothing was written.` +
        tenantSays(" The tenant says: ", reasonOf(json), mask),
      { retryable: false },
    );
  }
  return parsed.data;
}

/** Sends the request and reads the response; a network failure can be retried. */
async function exchange(
  request: JsonRequest<z.ZodMiniType>,
  authorization: string,
  what: string,
): Promise<{ readonly status: number; readonly answer: Answer }> {
  const { url, method = "GET", retry, signal, limits, mask } = request;
  requireVerifiedTls(url);
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", authorization },
      ...given({ body: request.body }),
      // A redirect could carry the token to another host; it is reported instead of followed.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(retry.attemptTimeout)]),
    });
    if (!response.ok) {
      throw await refusal(what, response, mask);
    }
    return { status: response.status, answer: await readAnswer(response, limits) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VectraRequestError) {
      throw error;
    }
    const { message, cause } = error as Error;
    const detail = cause instanceof Error ? `${message} (${cause.message})` : message;
    throw new VectraRequestError(`${what} failed: ${shownReason(detail, mask)}`, { retryable: true });
  }
}

/** Node allows an environment variable to switch off all certificate verification; tokens are not sent then. */
function requireVerifiedTls({ protocol, origin }: URL): void {
  if (protocol === "https:" && process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    throw new VectraRequestError(
      `No request was sent to ${origin}: NODE_TLS_REJECT_UNAUTHORIZED=0 switches off certificate verification. ` +
        "Unset the variable. To trust a certificate authority of your own, use NODE_EXTRA_CA_CERTS.",
      { retryable: false },
    );
  }
}

async function refusal(
  what: string,
  response: Response,
  mask: (text: string) => string,
): Promise<VectraRequestError> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await discard(response);
    return new VectraRequestError(
      `${what} answered with a redirect (${status}), which is not followed: check the tenant's URL`,
      { status, retryable: false },
    );
  }
  const reason = tenantSays("", reasonIn(await readError(response)), mask);
  return new VectraRequestError(
    reason === "" ? `${what} answered ${status}` : `${what} answered ${status}: ${reason}`,
    {
      status,
      retryable: status === 408 || status === 429 || status >= 500,
      retryAfter: retryAfterOf(response),
      ...given({ reason: reason === "" ? undefined : reason }),
    },
  );
}

function tenantSays(before: string, reason: string | undefined, mask: (text: string) => string): string {
  return reason === undefined ? "" : `${before}${shownReason(reason, mask)}`;
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
