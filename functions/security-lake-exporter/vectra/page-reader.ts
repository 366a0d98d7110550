import type { AnswerLimits } from "./answer.js";
import { AnswerTooLongError, VectraRequestError } from "./http.js";
import {
  type EventSource,
  type EventsPage,
  type PageRequest,
  requestPage,
  UnreadableError,
  wayPast,
} from "./pages.js";

/** How the pages of a window are asked for. */
export interface PageOptions extends Pick<PageRequest, "includeScoreDecreases"> {
  /** Events per page. */
  readonly pageSize: number;
}

/** What a window's pages have together after which it ends. 10,000 documented events are 6 MB with 220,000 values. */
const WINDOW_LIMITS = { bytes: 8_000_000, values: 250_000 } as const satisfies AnswerLimits;
/** Pages that must fit, one after the other, before larger ones are asked for again. */
const PAGES_BEFORE_GROWTH = 4;
/** Pages in a row that may move the cursor without having a new event, as where a tenant leaves out score decreases. */
const EMPTY_PAGES = 100;

/**
 * The pages of one window. A page that is too long is asked for again with half the limit, down to one event; after
 * some that fit, the limit grows again. What a window holds does not depend on the sizes of its pages.
 */
export class PageReader {
  readonly #source: EventSource;
  readonly #options: PageOptions;
  readonly #signal: AbortSignal;
  #pageSize: number;
  #fitting = 0;
  #bytes = 0;
  #values = 0;
  #empty = 0;

  constructor(source: EventSource, options: PageOptions, signal: AbortSignal) {
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
    this.#pageSize = options.pageSize;
  }

  /** Whether the pages so far are as much as is kept in memory. */
  get isFull(): boolean {
    return this.#bytes >= WINDOW_LIMITS.bytes || this.#values >= WINDOW_LIMITS.values;
  }

  /**
   * The next page.
   *
   * @param most events in it.
   * @param take takes its events, and returns how many of them are new.
   * @throws UnreadableError where one event alone cannot be read, or there have been too many empty pages;
   *   VectraRequestError where the cursor does not advance.
   */
  async next(from: number, most: number, take: (page: EventsPage) => number): Promise<EventsPage> {
    if (this.#empty >= EMPTY_PAGES) {
      throw new UnreadableError(
        `${this.#source.api.eventsPath} answered ${EMPTY_PAGES} times in a row without a new event, while its cursor ` +
          `advanced to ${from} and it says that more events remain. Nothing was written. ${wayPast(this.#source, from)}`,
        { retryable: false },
      );
    }
    const page = await this.#pageThatFits(from, most);
    this.#requireAdvance(from, page);
    this.#empty = take(page) === 0 && page.remaining_count > 0 ? this.#empty + 1 : 0;
    return page;
  }

  async #pageThatFits(from: number, most: number): Promise<EventsPage> {
    const { includeScoreDecreases } = this.#options;
    for (;;) {
      const limit = Math.min(this.#pageSize, most);
      try {
        const page = await requestPage(
          this.#source,
          { from, limit, includeScoreDecreases },
          this.#signal,
          ({ bytes, values }) => {
            this.#bytes += bytes;
            this.#values += values;
          },
        );
        this.#grow();
        return page;
      } catch (error) {
        if (!(error instanceof AnswerTooLongError)) {
          throw error;
        }
        this.#fitting = 0;
        this.#pageSize = Math.max(1, Math.floor(limit / 2));
      }
    }
  }

  #grow(): void {
    this.#fitting += 1;
    if (this.#fitting % PAGES_BEFORE_GROWTH === 0) {
      this.#pageSize = Math.min(this.#options.pageSize, this.#pageSize * 2);
    }
  }

  #requireAdvance(
    from: number,
    { events, next_checkpoint: next, remaining_count: remaining }: EventsPage,
  ): void {
    const stuck = next === from && (remaining > 0 || events.length > 0);
    if (next < from || stuck) {
      throw new VectraRequestError(
        `${this.#source.api.eventsPath} answered from=${from} with ${events.length} events, ` +
          `next_checkpoint=${next} and remaining_count=${remaining}: the cursor does not advance. ` +
          "Nothing of it was written.",
        { retryable: false },
      );
    }
  }
}
