import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Answer } from "./answer.js";
import type { FaultRequest, Faults } from "./faults.js";
import { readBody } from "./loopback.js";
import type { Timeline } from "./timeline.js";

/** Controls the simulator itself, with curl for example; no Vectra tenant has such a path. */
export const CONTROL_PATH = "/_simulator/";

const advanceSchema = z.strictObject({ minutes: z.number().positive() });

/**
 * Answers a request below `/_simulator/`:
 * `POST faults` adds a fault, `GET faults` lists the pending ones, `DELETE faults` clears them,
 * `POST advance` advances the simulated time by `{"minutes": n}`.
 */
export async function answerControl(
  request: IncomingMessage,
  path: string,
  parts: { faults: Faults; timeline: Timeline },
): Promise<Answer> {
  const command = `${request.method} ${path.slice(CONTROL_PATH.length)}`;
  const body = (await readBody(request)).toString();
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
      default:
        return {
          status: 404,
          body: {
            error: `Unknown control: ${command}. Use POST faults, GET faults, DELETE faults or POST advance.`,
          },
        };
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
