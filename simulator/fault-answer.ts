import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, MAINTENANCE_PAGE } from "./answer.js";
import type { Fault } from "./faults.js";
import type { EntityScoringEvent } from "./scoring-event.js";
import { type ScoringPage, wholeIds } from "./scoring-query.js";

/** Sends the correct response; returns its status. */
export function sendAnswer(response: ServerResponse, answer: Answer): number {
  return sendJson(response, answer.status, answer.body);
}

/**
 * Sends the response of a failing tenant in place of `answer`, in the shapes that this API's errors are
 * known to have. Returns the status, null if the connection is closed.
 */
export async function sendFault(
  response: ServerResponse,
  fault: Fault,
  answer: Answer,
): Promise<number | null> {
  switch (fault.kind) {
    case "429":
      return sendJson(response, 429, { detail: "Request was throttled." });
    case "429-retry-after":
      return sendJson(
        response,
        429,
        { detail: `Request was throttled. Expected available in ${fault.retryAfterSeconds} seconds.` },
        { "retry-after": String(fault.retryAfterSeconds) },
      );
    case "401":
      return sendJson(response, 401, { status: "failure", message: "Authentication failed." });
    case "500":
      return sendJson(response, 500, { errors: [{ title: "Internal Server Error" }] });
    case "503":
      return sendJson(response, 503, { detail: "Service temporarily unavailable." });
    case "hang":
      await once(response, "close");
      return null;
    case "slow":
      await delay(fault.delayMilliseconds, undefined, { ref: false });
      return sendAnswer(response, answer);
    case "truncated":
      return cutInTheMiddle(response, answer);
    case "disconnect":
      response.destroy();
      return null;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end(MAINTENANCE_PAGE);
      return 200;
    case "wrong-json":
      return sendJson(response, 200, { status: "success", results: [], count: 0 });
    case "out-of-order":
      return sendPage(response, answer, (page) => ({ ...page, events: page.events.toReversed() }));
    case "repeated":
      return sendPage(response, answer, (page) => ({
        ...page,
        events: [...page.events, ...page.events.slice(0, 1)],
      }));
    case "malformed-event":
      return sendPage(response, answer, (page) => ({
        ...page,
        events: page.events.map((event, index) => (index === 0 ? withoutTime(event) : event)),
      }));
    case "short-pages":
      return sendPage(response, answer, halfOf);
    case "checkpoint-stuck":
      return sendPage(response, answer, (page) => withCheckpoint(page, 0));
    case "checkpoint-backwards":
      return sendPage(response, answer, (page) => withCheckpoint(page, -10));
  }
}

/** A page that may have events of another shape. */
type MalformedPage = Omit<ScoringPage, "events"> & {
  readonly events: readonly Partial<EntityScoringEvent>[];
};

/** A page with fewer events than asked for, although more remain; a page with one event stays as it is. */
function halfOf(page: ScoringPage): ScoringPage {
  const events = page.events.slice(0, wholeIds(page.events, Math.ceil(page.events.length / 2)));
  const last = events.at(-1);
  return {
    events,
    next_checkpoint: last === undefined ? page.next_checkpoint : last.id + 1,
    remaining_count: page.remaining_count + page.events.length - events.length,
  };
}

/** A page that makes a client that trusts `next_checkpoint` read the same events for ever. */
function withCheckpoint(page: ScoringPage, distance: number): ScoringPage {
  const first = page.events[0]?.id ?? page.next_checkpoint;
  return {
    ...page,
    next_checkpoint: Math.max(0, first + distance),
    remaining_count: Math.max(1, page.remaining_count),
  };
}

function withoutTime({ event_timestamp: _, ...event }: EntityScoringEvent): Partial<EntityScoringEvent> {
  return event;
}

function sendPage(
  response: ServerResponse,
  answer: Answer,
  change: (page: ScoringPage) => MalformedPage,
): number {
  // The response to an unauthorized or malformed request has no page.
  if (answer.status !== 200) {
    return sendAnswer(response, answer);
  }
  return sendJson(response, 200, change(answer.body as ScoringPage));
}

async function cutInTheMiddle(response: ServerResponse, answer: Answer): Promise<null> {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, { "content-type": "application/json", "content-length": body.length });
  await new Promise<void>((resolve) => {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve());
  });
  response.destroy();
  return null;
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): number {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  return status;
}
