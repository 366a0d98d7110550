import * as z from "zod/mini";
import { documentedEvent } from "./documented-event.js";
import { inNewerNames } from "./field-names.js";
import { type ScoringEvent, scoringEvent } from "./schema.js";

/** An event in the form of v3.4, or what is wrong with it. */
export type ReadEvent =
  | { readonly success: true; readonly data: ScoringEvent }
  | { readonly success: false; readonly error: z.core.$ZodError };

/** The JSON that each event was read from. The two share their values, so this takes hardly any memory. */
const SOURCES = new WeakMap<ScoringEvent, unknown>();

/** Reads an event of any version of the API: newer and older names, and absent values in any form. */
export function readEvent(json: unknown): ReadEvent {
  const inOneForm = inNewerNames(json);
  const documented = documentedEvent(inOneForm);
  const read: ReadEvent =
    documented === undefined ? z.safeParse(scoringEvent, inOneForm) : { success: true, data: documented };
  if (read.success) {
    SOURCES.set(read.data, json);
  }
  return read;
}

/** The event as the tenant sent it. */
export function asItCame(event: ScoringEvent): unknown {
  return SOURCES.get(event) ?? event;
}
