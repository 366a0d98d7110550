import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback, readBody } from "../../../simulator/loopback.js";
import { type PageKind, type PageSpoiling, type SentPage, spoil, treatmentOf } from "./pages.js";

/** A page that was sent. */
interface ServedPage {
  readonly kind: PageKind;
  /** Cursor that was asked for. */
  readonly from: number;
}

/** Ways in which account look-ups are answered, in turn. */
const ACCOUNT_ANSWERS: readonly ((id: number) => SentPage)[] = [
  accountOf,
  accountOf,
  accountOf,
  () => json(404, '{"detail":"Not found."}'),
  (id) => json(200, `{"id":${id},"threat":"high","certainty":null}`),
  (id) => json(200, `{"id":${id},"assignment":{"assigned_to":{"username":"\\u0000\\ud800"}},"__proto__":{}}`),
  () => json(200, "null"),
];

/**
 * A tenant that sends a log of anything in pages of any kind. Its cursor is the place in the log, which is nothing
 * that an exporter could conclude from the events.
 */
export interface FuzzingTenant {
  readonly url: string;
  /** Gives the log, and how the next pages are to be spoiled; when those are used up, pages are as they should be. */
  play(log: readonly string[], spoilings: readonly PageSpoiling[]): void;
  /** From now on pages are as they should be. */
  becomeSane(): void;
  /** Pages that were sent since {@link play}. */
  served(): readonly ServedPage[];
  close(): Promise<void>;
}

export async function startFuzzingTenant(): Promise<FuzzingTenant> {
  let log: readonly string[] = [];
  let spoilings: PageSpoiling[] = [];
  let served: ServedPage[] = [];
  let accountsAsked = 0;

  function answer(url: URL): SentPage {
    if (url.pathname === "/oauth2/token") {
      return json(200, '{"access_token":"token","expires_in":1799}');
    }
    if (!url.pathname.includes("/events/")) {
      accountsAsked += 1;
      // Now and then the client is refused in the middle of a window, which the next run then reads again.
      if (accountsAsked % 100 < 12) {
        return json(401, '{"detail":"Authentication credentials were invalid."}');
      }
      const id = Number(url.pathname.split("/").at(-1));
      return (ACCOUNT_ANSWERS[accountsAsked % ACCOUNT_ANSWERS.length] ?? accountOf)(id);
    }
    const from = Number(url.searchParams.get("from"));
    const limit = Number(url.searchParams.get("limit"));
    const events = log.slice(from, from + limit);
    const end = from + events.length;
    const { kind, sent } = spoil(
      { from, events, next: end, remaining: Math.max(0, log.length - end), before: log[from - 1] },
      spoilings.shift() ?? { kind: "as it should be", choice: 0 },
    );
    // Whatever else is wrong with a page that is too long, nobody parses it.
    const isRead = treatmentOf(kind) === "asked for again" || !(isTooLong(sent) || hasLongList(sent, limit));
    served.push({ kind: isRead ? kind : "more than is read of an answer", from });
    return sent;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await readBody(request);
    const { status, headers, body, cutAfter } = answer(new URL(request.url ?? "/", "http://127.0.0.1"));
    if (cutAfter === undefined) {
      response.writeHead(status, headers).end(body);
      return;
    }
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, "content-length": bytes.length });
    response.write(bytes.subarray(0, cutAfter), () => response.destroy());
  }

  const server = await listenOnLoopback(serve);
  return {
    url: server.url,
    play: (events, faults) => {
      log = events;
      spoilings = [...faults];
      served = [];
    },
    becomeSane: () => {
      spoilings = [];
    },
    served: () => served,
    close: server.close,
  };
}

/** More than 4 MB or 100,000 values: several events with a huge text, or nested deeply, may come to that. */
function isTooLong({ body }: SentPage): boolean {
  return (
    typeof body === "string" &&
    body.length > 100_000 &&
    (Buffer.byteLength(body) > 4_000_000 || (body.match(/[[{,]/g)?.length ?? 0) >= 100_000)
  );
}

/**
 * More elements than twice the limit in the lists that are members of the answer itself. An event may be a list, and then
 * a page that is sent as a bare list of its events has such a member.
 */
function hasLongList({ body }: SentPage, limit: number): boolean {
  let answer: unknown;
  try {
    answer = JSON.parse(String(body));
  } catch {
    return false;
  }
  const members = typeof answer === "object" && answer !== null ? Object.values(answer) : [];
  const separators = members.map((member) => (Array.isArray(member) ? Math.max(0, member.length - 1) : 0));
  return separators.reduce((sum, count) => sum + count, 0) >= (limit === 1 ? 1000 : 2 * limit);
}

function accountOf(id: number): SentPage {
  return json(
    200,
    `{"id":${id},"threat":61,"certainty":72,"assignment":{"assigned_to":{"username":"analyst1"}}}`,
  );
}

function json(status: number, body: string): SentPage {
  return { status, headers: { "content-type": "application/json" }, body };
}
