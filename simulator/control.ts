import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Answer } from "./answer.js";
import type { EventFields } from "./event-log.js";
import type { FaultRequest, Faults } from "./faults.js";
import { readBody } from "./loopback.js";
import type { Timeline } from "./timeline.js";

/** Controls the simulator itself, with curl for example; no Vectra tenant has such a path. */
export const CONTROL_PATH = "/_simulator/";

const advanceSchema = z.strictObject({ minutes: z.number().positive() });
const fieldsSchema = z.record(z.string(), z.unknown());
const changeSchema = z.strictObject({ id: z.int(), fields: fieldsSchema });
const removeSchema = z.strictObject({ id: z.int() });
const renameSchema = z.strictObject({ accountId: z.int(), name: z.string() });

const COMMANDS =
  "Use POST faults, GET faults, DELETE faults, POST advance, POST add-late, POST remove, POST swap, POST duplicate or POST rename.";

/**
 * Answers a request below `/_simulator/`:
 * `POST faults` adds a fault, `GET faults` lists the pending ones, `DELETE faults` clears them,
 * `POST advance` advances the simulated time by `{"minutes": n}`; `POST add-late`, `POST remove`, `POST swap`,
 * `POST duplicate` and `POST rename` change the events and accounts.
 */
export async function answerControl(
  request: IncomingMessage,
  path: string,
  parts: { faults: Faults; timeline: Timeline },
): Promise<Answer> {
  const command = `${request.method} ${path.slice(CONTROL_PATH.length)}`;
  const body = (await readBody(request)).toString();
  const { log } = parts.timeline;
  try {
    switch (command) {
      case "POST faults":
        parts.faults.add(JSON.parse(body) as FaultRequest);
        return { status: 200, body: { pending: parts.faults.pending() } };
      case "GET faults":
        return { status: 200, body: { pending: parts.faults.pending() } };
      case "DELETE faults":
        parts.faults.clear();
        return { status: 200, body: { pending: [] } };
      case "POST advance": {
        const { minutes } = advanceSchema.parse(JSON.parse(body));
        const events = parts.timeline.advance(Math.round(minutes * 60_000));
        return { status: 200, body: { now: parts.timeline.now().toISOString(), events: events.length } };
      }
      case "POST add-late":
        return { status: 200, body: log.addLate(fieldsSchema.parse(JSON.parse(body)) as EventFields) };
      case "POST swap":
      case "POST duplicate": {
        const { id, fields } = changeSchema.parse(JSON.parse(body));
        const change = command === "POST swap" ? log.swap : log.duplicate;
        return { status: 200, body: change(id, fields as EventFields) };
      }
      case "POST remove":
        log.remove(removeSchema.parse(JSON.parse(body)).id);
        return { status: 200, body: { events: log.happenings().length } };
      case "POST rename": {
        const { accountId, name } = renameSchema.parse(JSON.parse(body));
        parts.timeline.rename(accountId, name);
        return { status: 200, body: parts.timeline.account(accountId) };
      }
      default:
        return { status: 404, body: { error: `Unknown control: ${command}. ${COMMANDS}` } };
    }
  } catch (error) {
    return { status: 400, body: { error: explain(error) } };
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    return `Invalid body: ${z.prettifyError(error)}`;
  }
  if (error instanceof SyntaxError) {
    return `The body is not JSON: ${error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
