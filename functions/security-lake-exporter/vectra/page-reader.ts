import type { AnswerSize } from "./answer.js";
import type { VectraSession } from "./client.js";
import { AnswerTooLongError, VectraRequestError } from "./http.js";
import {
  type EventSource,
  type EventsPage,
  type PageRequest,
  requestPage,
  UnreadableError,
  wayPast,
} from "./pages.js";

/** How the pages of a window are requested. */
export interface PageOptions extends Pick<PageRequest, "includeScoreDecreases"> {
  /** Events per page. */
  readonly pageSize: number;
}

/** Bytes of pages after which a window ends. 10,000 documented events have 6 MB. */
const WINDOW_BYTES = 8_000_000;
/** JSON values of an ordinary event: a documented one has 22. */
const ORDINARY_VALUES = 40;
/** Values beyond that after which a window ends: in memory, each may take a hundred times its bytes in JSON. */
const WINDOW_SURPLUS = 50_000;
/** Consecutive pages that must fit before larger ones are requested again. */
const PAGES_BEFORE_GROWTH = 4;
/** Consecutive pages that may advance the cursor without a new event, as when a tenant omits score decreases. */
const EMPTY_PAGES = 100;

/** What a run has learned of the pages of its tenant. */
interface Learned {
  /** Maximum number of events to request. */
  most: number;
  /** Pages that have fitted since the last one that did not. */
  fitting: number;
}

/** By session: the next window need not learn it again; the next run does. */
const LEARNED = new WeakMap<VectraSession, Learned>();

/**
 * The pages of one window. A page that is too long is requested again with half the limit, down to one event; after
 * several that fit, the limit grows again. The contents of a window do not depend on the sizes of its pages.
 */
export class PageReader {
  readonly #source: EventSource;
  readonly #options: PageOptions;
  readonly #signal: AbortSignal;
  readonly #learned: Learned;
  #bytes = 0;
  #surplus = 0;
  #empty = 0;

  constructor(source: EventSource, options: PageOptions, signal: AbortSignal) {
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
    this.#learned = LEARNED.get(source.vectra) ?? { most: Number.POSITIVE_INFINITY, fitting: 0 };
    LEARNED.set(source.vectra, this.#learned);
  }

  /** Whether the pages so far are as much as may be kept in memory. */
  get isFull(): boolean {
    return this.#bytes >= WINDOW_BYTES || this.#surplus >= WINDOW_SURPLUS;
  }

  /**
   * The next page.
   *
   * @param most maximum number of events in it.
   * @param take takes its events, and returns how many of them are new.
   * @throws UnreadableError where one event alone cannot be read, or there have been too many empty pages;
   *   VectraRequestError where the cursor does not advance.
   */
  async next(from: number, most: number, take: (page: EventsPage) => Promise<number>): Promise<EventsPage> {
    if (this.#empty >= EMPTY_PAGES) {
      throw new UnreadableError(
        `${this.#source.api.eventsPath} answered ${EMPTY_PAGES} times in a row without a new event, while its cursor ` +
          `advanced to ${from} and it reports that more events remain. Nothing was written. ${wayPast(this.#source, from)}`,
        { retryable: false },
      );
    }
    const page = await this.#pageThatFits(from, most);
    this.#requireAdvance(from, page);
    this.#empty = (await take(page)) === 0 && page.remaining_count > 0 ? this.#empty + 1 : 0;
    return page;
  }

  async #pageThatFits(from: number, most: number): Promise<EventsPage> {
    const { includeScoreDecreases, pageSize } = this.#options;
    for (;;) {
      const limit = Math.min(pageSize, this.#learned.most, most);
      try {
        let size: AnswerSize = { bytes: 0, values: 0 };
        const page = await requestPage(
          this.#source,
          { from, limit, includeScoreDecreases },
          this.#signal,
          (measured) => {
            size = measured;
          },
        );
        this.#bytes += size.bytes;
        this.#surplus += Math.max(0, size.values - page.events.length * ORDINARY_VALUES);
        this.#grow();
        return page;
      } catch (error) {
        if (!(error instanceof AnswerTooLongError)) {
          throw error;
        }
        this.#learned.fitting = 0;
        this.#learned.most = Math.floor(limit / 2);
      }
    }
  }

  #grow(): void {
    this.#learned.fitting += 1;
    if (this.#learned.fitting % PAGES_BEFORE_GROWTH === 0) {
      this.#learned.most *= 2;
    }
  }

  #requireAdvance(
    from: number,
    { events, next_checkpoint: next, remaining_count: remaining }: EventsPage,
  ): void {
    // A log that ends before the cursor has no new events: its newest ones have been removed.
    const hasMore = remaining > 0 || events.length > 0;
    if (next <= from && hasMore) {
      throw new VectraRequestError(
        `${this.#source.api.eventsPath} answered from=${from} with ${events.length} events, ` +
          `next_checkpoint=${next} and remaining_count=${remaining}: the cursor does not advance. ` +
          "Nothing was written.",
        { retryable: false },
      );
    }
  }
}
