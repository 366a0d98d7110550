import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { CANARY } from "./events.js";

/** A page of the log, before it is spoiled. */
export interface Page {
  readonly from: number;
  /** JSON texts. */
  readonly events: readonly string[];
  readonly next: number;
  readonly remaining: number;
  /** JSON text of the last event before the page. */
  readonly before: string | undefined;
}

/** What is sent instead of a page. */
export interface SentPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number;
}

/**
 * What an exporter must do with it: take its events; refuse it at once; or ask again and give up after some
 * attempts.
 */
type Treatment = "taken" | "refused" | "asked for again";

interface PageFault {
  readonly treatment: Treatment;
  /** What is sent; undefined where the page is one that cannot fail in that way. */
  readonly spoil: (page: Page, choice: number) => SentPage | undefined;
}

const NOT_WHOLE_NUMBERS = ['"12"', "null", "-1", "1.5", "1e400", "[]", "true", `"${CANARY}"`];
const BOMB = gzipSync(`{"events":[${" ".repeat(4_000_000)}`);
const MANY_VALUES = `{"events":[${"{},".repeat(100_000)}{}],"next_checkpoint":1,"remaining_count":0}`;
const HTML = `<!doctype html><html><body><h1>${CANARY}</h1></body></html>`;

const FAULTS = {
  "as it should be": taken((page) => ok(json(page))),
  "byte order mark": taken((page) => ok(`\ufeff${json(page)}`)),
  "unknown fields": taken((page) =>
    ok(json(page).replace("{", '{"__proto__":{"events":[]},"constructor":{"next_checkpoint":1},')),
  ),
  "blanks and another order": taken(({ events, next, remaining }) =>
    ok(
      ` \r\n{ "remaining_count" : ${remaining},\t"next_checkpoint":${next}, "events": [${events.join(" ,\n")}] }\n`,
    ),
  ),
  "no content type": taken((page) => ({ status: 200, headers: {}, body: json(page) })),
  "an event repeated": taken((page) => withEvents(page, [...page.events, ...page.events.slice(0, 1)])),
  "an event of the page before": taken((page) =>
    page.before === undefined ? undefined : withEvents(page, [page.before, ...page.events]),
  ),
  "out of order": taken((page) => withEvents(page, page.events.toReversed())),
  "remaining_count 0 too early": taken((page) =>
    page.remaining > 0 && page.events.length > 0 ? ok(json({ ...page, remaining: 0 })) : undefined,
  ),
  "remaining_count too high": taken((page) =>
    page.events.length > 0 ? ok(json({ ...page, remaining: page.remaining + 5 })) : undefined,
  ),
  "next_checkpoint in the middle of the page": taken((page, choice) =>
    page.events.length > 1 && page.remaining > 0
      ? ok(json({ ...page, next: page.from + 1 + (choice % (page.events.length - 1)) }))
      : undefined,
  ),

  "events no list": refused((page, choice) =>
    ok(
      json(page).replace(/"events":\[.*\]/s, `"events":${pick(["null", "{}", `"${CANARY}"`, "7"], choice)}`),
    ),
  ),
  "no events": refused((page) => ok(`{"next_checkpoint":${page.next},"remaining_count":${page.remaining}}`)),
  "next_checkpoint no number": refused((page, choice) =>
    ok(json({ ...page, next: pick(NOT_WHOLE_NUMBERS, choice) })),
  ),
  "no next_checkpoint": refused((page) => ok(json(page).replace(`"next_checkpoint":${page.next},`, ""))),
  "next_checkpoint stuck": refused((page) =>
    page.events.length > 0
      ? ok(json({ ...page, next: page.from }))
      : ok(json({ ...page, next: page.from, remaining: 3 })),
  ),
  // Without an event it says that the log ends there.
  "next_checkpoint backwards": refused((page, choice) =>
    page.from > 0 && page.events.length > 0 ? ok(json({ ...page, next: choice % page.from })) : undefined,
  ),
  "next_checkpoint beyond every event": refused((page, choice) =>
    ok(json({ ...page, next: pick(["999999999999", "1000000000000000", "9007199254740991"], choice) })),
  ),
  "remaining_count no number": refused((page, choice) =>
    ok(json({ ...page, remaining: pick(NOT_WHOLE_NUMBERS, choice) })),
  ),
  "no remaining_count": refused((page) => ok(`{"events":[],"next_checkpoint":${page.next}}`)),
  null: refused(() => ok("null")),
  "a list": refused((page) => ok(`[${page.events.join(",")}]`)),
  "a text": refused(() => ok(`"${CANARY}"`)),
  "200 with an error": refused(() => ok('{"status":"failure","message":"Something went wrong."}')),
  "400": refused(() => answer(400, '{"errors":[{"title":"Bad Request"}]}')),
  "403": refused(() => answer(403, HTML)),
  "404": refused(() => answer(404, '{"detail":"Not found."}')),
  redirect: refused(() => ({ status: 302, headers: { location: "https://example.org/" }, body: "" })),

  "cut JSON": askedAgain((page, choice) => ok(cut(json(page), choice))),
  "connection cut in the body": askedAgain((page, choice) => {
    const body = json(page);
    return { ...ok(body), cutAfter: choice % body.length };
  }),
  // With half the limit, down to one event.
  "more than is read of an answer": askedAgain(() => ({
    ...ok(BOMB),
    headers: { "content-encoding": "gzip" },
  })),
  "more values than are read": askedAgain(() => ok(MANY_VALUES)),
  HTML: askedAgain(() => ok(HTML)),
  "empty body": askedAgain(() => ok("")),
  "gzip that is none": askedAgain((page) => ({
    status: 200,
    headers: { "content-encoding": "gzip" },
    body: json(page),
  })),
  "not UTF-8": askedAgain((page) => ok(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json(page))]))),
  "two pages in one": askedAgain((page) => ok(json(page) + json(page))),
  "JavaScript instead of JSON": askedAgain((page) => ok(json(page).replace("[", "[NaN,undefined,"))),
  "500": askedAgain(() => answer(500, '{"errors":[{"title":"Internal Server Error"}]}')),
  "429": askedAgain(() => ({
    ...answer(429, '{"detail":"Request was throttled."}'),
    headers: { "retry-after": "0" },
  })),
  "401": askedAgain(() => answer(401, '{"detail":"Authentication credentials were invalid."}')),
} as const satisfies Readonly<Record<string, PageFault>>;

export type PageKind = keyof typeof FAULTS;
/** Names of the ways in which a page can be spoiled, each of which a fuzz must have used. */
export const PAGE_KINDS = Object.keys(FAULTS) as PageKind[];

/** How a page is to be spoiled. */
export interface PageSpoiling {
  readonly kind: PageKind;
  readonly choice: number;
}

export const pageSpoiling: fc.Arbitrary<PageSpoiling> = fc.record({
  kind: fc.constantFrom(...PAGE_KINDS),
  choice: fc.nat({ max: 1_000_000 }),
});

export function treatmentOf(kind: PageKind): Treatment {
  return FAULTS[kind].treatment;
}

/** What is sent instead of a page, and in what way it is spoiled. */
export function spoil(page: Page, { kind, choice }: PageSpoiling): { kind: PageKind; sent: SentPage } {
  const sent = FAULTS[kind].spoil(page, choice);
  return sent === undefined ? { kind: "as it should be", sent: ok(json(page)) } : { kind, sent };
}

function taken(spoil: PageFault["spoil"]): PageFault {
  return { treatment: "taken", spoil };
}

function refused(spoil: PageFault["spoil"]): PageFault {
  return { treatment: "refused", spoil };
}

function askedAgain(spoil: PageFault["spoil"]): PageFault {
  return { treatment: "asked for again", spoil };
}

function json({
  events,
  next,
  remaining,
}: Omit<Page, "next" | "remaining"> & { next: unknown; remaining: unknown }) {
  return `{"events":[${events.join(",")}],"next_checkpoint":${next},"remaining_count":${remaining}}`;
}

function withEvents(page: Page, events: readonly string[]): SentPage | undefined {
  return page.events.length === 0 ? undefined : ok(json({ ...page, events }));
}

function ok(body: string | Buffer): SentPage {
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function answer(status: number, body: string): SentPage {
  return { ...ok(body), status };
}

/** A beginning of JSON, which is never JSON itself. */
function cut(body: string, choice: number): string {
  return body.slice(0, 1 + (choice % (body.length - 1)));
}

function pick<T>(items: readonly T[], choice: number): T {
  const item = items[choice % items.length];
  if (item === undefined) {
    throw new RangeError("There is nothing to pick from");
  }
  return item;
}
