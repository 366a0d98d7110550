import { MAX_WORK_BYTES } from "./work.js";

/** Of the maximum size, what a window is estimated to fill: events differ. */
const FILLING = 0.9;
/** By what the number of events grows at most from window to window. */
const GROWTH = 1.25;

/**
 * How many events a run takes at once. Where their work is too much, fewer are taken from then on: about as many as fill the
 * maximum size.
 */
export class WindowSize {
  readonly #limit: number;
  #events: number;
  /** Number of events of this window when it was last read, which were too many. */
  #tooMany = Number.POSITIVE_INFINITY;
  /** Number of events that the tenant has given although fewer were wanted. */
  #indivisible = 0;

  /** @param limit maximum number of events. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#events = limit;
  }

  /** Maximum number of events in the next window. */
  get events(): number {
    return this.#events;
  }

  /**
   * A window's work is too much.
   *
   * @param events that it has.
   * @param bytes of its work.
   * @returns whether to read it again, with fewer events; false where the tenant gives no fewer, as one that ignores the
   * limit of a page: the window is then taken as it is.
   */
  shrink(events: number, bytes: number): boolean {
    if (events >= this.#tooMany) {
      this.#indivisible = Math.max(this.#indivisible, events);
    }
    if (events <= this.#indivisible) {
      return false;
    }
    this.#tooMany = events;
    this.#events = Math.max(1, Math.min(Math.floor(events / 2), filling(events, bytes)));
    return true;
  }

  /** A window is taken: the next one may be larger, if that fits. */
  taken(events: number, bytes: number): void {
    this.#tooMany = Number.POSITIVE_INFINITY;
    const larger = Math.min(this.#limit, filling(events, bytes), Math.ceil(this.#events * GROWTH));
    this.#events = Math.max(this.#events, larger);
  }
}

/** Number of such events whose work is nearly as large as it may be. */
function filling(events: number, bytes: number): number {
  return Math.floor((events * MAX_WORK_BYTES * FILLING) / bytes);
}
