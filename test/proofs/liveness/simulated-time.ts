import { syncBuiltinESMExports } from "node:module";
import { performance } from "node:perf_hooks";
import timersPromises from "node:timers/promises";
import { vi } from "vitest";

const real = {
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  abortTimeout: AbortSignal.timeout,
  delay: timersPromises.setTimeout,
};

/** What counts as work that is under way outside JavaScript: files, and bytes on their way into a socket. */
const UNDER_WAY = /Req|Wrap$/;
/** Of these, a socket or a server only says that it is open. */
const ONLY_OPEN = /^(TCPSocketWrap|TCPServerWrap|PipeWrap|TTYWrap|ProcessWrap)$/;
/** Turns of the event loop without anything to do, a millisecond of real time each, after which everybody waits for a timer. */
const QUIET_TURNS = 3;

/**
 * Time that stands still while anything is computed, sent or answered in this process, and jumps to the next timer when
 * everybody waits for one. So an hour of time-outs takes as long as the work in it, and each of them ends after exactly as
 * many milliseconds as the product says.
 *
 * Simulated are `Date`, `performance.now`, `setTimeout`, `setInterval`, the `setTimeout` of `node:timers/promises` and
 * `AbortSignal.timeout`. Both ends of a connection must be in this process: nobody else's work is seen.
 */
export class SimulatedTime {
  /** @param now milliseconds since the epoch at which it begins. */
  constructor(now: number) {
    vi.useFakeTimers({
      toFake: ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
      now,
    });
    AbortSignal.timeout = abortAfter;
    timersPromises.setTimeout = delay as typeof timersPromises.setTimeout;
    syncBuiltinESMExports();
  }

  /** The time is real again. */
  end(): void {
    vi.useRealTimers();
    AbortSignal.timeout = real.abortTimeout;
    timersPromises.setTimeout = real.delay;
    syncBuiltinESMExports();
  }

  /**
   * Lets time pass until the work has ended.
   *
   * @throws Error where everybody waits, and no timer will ever wake anybody.
   */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    await quiet();
    while (!isDone) {
      if (vi.getTimerCount() === 0) {
        throw new Error(`The work waits for ever, at ${new Date().toISOString()}`);
      }
      await vi.advanceTimersToNextTimerAsync();
      await quiet();
    }
    return await work;
  }

  /** Lets time pass until then, in milliseconds since the epoch. */
  async passUntil(then: number): Promise<void> {
    await this.until(timersPromises.setTimeout(then - Date.now()));
  }
}

/** Waits until nothing has happened in this process for {@link QUIET_TURNS}. */
async function quiet(): Promise<void> {
  let events = eventsSoFar();
  for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
    await new Promise<void>((resolve) => {
      real.setTimeout(resolve, 1);
    });
    // Sockets are asked between a timer and this.
    await new Promise<void>((resolve) => {
      real.setImmediate(resolve);
    });
    const now = eventsSoFar();
    if (now !== events || isSomethingUnderWay()) {
      events = now;
      turns = -1;
    }
  }
}

/** Events that the loop of this thread has taken from sockets and files; timers are none. */
function eventsSoFar(): number {
  return performance.nodeTiming.uvMetricsInfo.events;
}

function isSomethingUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => UNDER_WAY.test(name) && !ONLY_OPEN.test(name));
}

function abortAfter(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
    milliseconds,
  );
  return controller.signal;
}

async function delay<Value>(
  milliseconds?: number,
  value?: Value,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  signal?.throwIfAborted();
  const ended = Promise.withResolvers<Value | undefined>();
  const timer = setTimeout(() => ended.resolve(value), milliseconds);
  const abort = () => ended.reject(new DOMException("The operation was aborted", "AbortError"));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
