import type { ScoringEvent } from "../vectra/schema.js";
import { rememberLast } from "./remember-last.js";

/** Length of `2025-01-31T20:10:08Z`; a fraction of a second or an offset makes a timestamp longer. */
const WHOLE_SECOND_UTC = 20;

const midnightOf = rememberLast((day: string) => Date.parse(day));

/**
 * When an event happened, in milliseconds since the epoch. For the format that the API sends, Date.parse takes several
 * times as long.
 */
export function timeOf({ event_timestamp: timestamp }: ScoringEvent): number {
  if (timestamp.length !== WHOLE_SECOND_UTC) {
    return Date.parse(timestamp);
  }
  const twoDigits = (at: number) => 10 * timestamp.charCodeAt(at) + timestamp.charCodeAt(at + 1) - 11 * ZERO;
  const minutes = 60 * twoDigits(11) + twoDigits(14);
  return midnightOf(timestamp.slice(0, 10)) + 1000 * (60 * minutes + twoDigits(17));
}

const ZERO = "0".charCodeAt(0);
