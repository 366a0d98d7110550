import { VectraRequestError } from "./http.js";

/** A token as the tenant issued it. */
export interface GivenToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
}

/** An access token, and whether the tenant has accepted it. */
export class AccessToken {
  readonly renewAt: number;
  readonly #value: string;
  #firstUse: Promise<void> | undefined;
  #refusal: VectraRequestError | undefined;
  #isAccepted = false;

  constructor({ value, renewAt }: GivenToken) {
    this.#value = value;
    this.renewAt = renewAt;
  }

  /** Whether the tenant has accepted it once. If the tenant refuses it later, it has expired early. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /**
   * Makes an attempt with the token. Until the first one is answered, others wait: a client that is refused is refused
   * once, not once per concurrent request.
   */
  async use<Result>(
    attempt: (authorization: string) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    if (this.#firstUse !== undefined) {
      await unlessAborted(this.#firstUse, signal);
      if (this.#refusal !== undefined) {
        throw this.#refusal;
      }
      return await attempt(`Bearer ${this.#value}`);
    }
    const first = attempt(`Bearer ${this.#value}`);
    this.#firstUse = first.then(
      () => {
        this.#isAccepted = true;
      },
      (error: unknown) => {
        this.#refusal = isUnauthorized(error) ? error : undefined;
        this.#isAccepted =
          error instanceof VectraRequestError && error.status !== undefined && !isUnauthorized(error);
      },
    );
    return await first;
  }
}

/** A token request in progress. */
interface Flight {
  readonly token: Promise<AccessToken>;
  /** Ends it. */
  readonly controller: AbortController;
  waiting: number;
}

/** The token of one API client: one request for all that wait for it. */
export class Tokens {
  readonly #request: (signal: AbortSignal) => Promise<GivenToken>;
  #current: AccessToken | undefined;
  #flight: Flight | undefined;

  /** @param request asks the tenant for a token. */
  constructor(request: (signal: AbortSignal) => Promise<GivenToken>) {
    this.#request = request;
  }

  /** The current token, or a new one if there is none or it is due for renewal. */
  async get(signal: AbortSignal): Promise<AccessToken> {
    signal.throwIfAborted();
    if (this.#current !== undefined && Date.now() < this.#current.renewAt) {
      return this.#current;
    }
    this.#flight ??= this.#start();
    return await waitFor(this.#flight, signal);
  }

  /** Forgets a token that was refused, unless another has taken its place. */
  drop(token: AccessToken): void {
    if (this.#current === token) {
      this.#current = undefined;
    }
  }

  #start(): Flight {
    const controller = new AbortController();
    const flight: Flight = { controller, waiting: 0, token: this.#renew(controller.signal) };
    const land = () => {
      this.#flight = this.#flight === flight ? undefined : this.#flight;
    };
    flight.token.then(land, land);
    // A caller that comes after the last one has left starts a new request.
    controller.signal.addEventListener("abort", land, { once: true });
    return flight;
  }

  async #renew(signal: AbortSignal): Promise<AccessToken> {
    const token = new AccessToken(await this.#request(signal));
    this.#current = token;
    return token;
  }
}

/** Waits for the request until the signal aborts. The request ends when no caller waits any longer. */
async function waitFor(flight: Flight, signal: AbortSignal): Promise<AccessToken> {
  const left = Promise.withResolvers<never>();
  const leave = () => {
    flight.waiting -= 1;
    if (flight.waiting === 0) {
      flight.controller.abort(signal.reason);
    }
    // The error that the request ended with, a refusal that it was waiting out, says more than the signal.
    setImmediate(() => left.reject(signal.reason));
  };
  flight.waiting += 1;
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([flight.token, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** Waits, unless the signal aborts first. */
export async function unlessAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
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

export function isUnauthorized(error: unknown): error is VectraRequestError {
  return error instanceof VectraRequestError && error.status === 401;
}
