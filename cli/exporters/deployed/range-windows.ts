import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { UsageError } from "../../usage-error.js";

/** Most windows of a range: their list is the input of one execution, which takes 256 KB. */
const MAX_WINDOWS = 1000;

/**
 * Splits a range into windows of about the same length. Each begins where the one before ends, `to` exclusive, so no
 * event is in two of them or in none.
 *
 * @param range whole seconds, UTC.
 * @param count 1 to 1000.
 * @throws UsageError for another count, or a range with fewer seconds than windows.
 */
export function splitRange({ from, to }: TimeRange, count: number): readonly TimeRange[] {
  const first = Date.parse(from) / 1000;
  const seconds = Date.parse(to) / 1000 - first;
  if (!Number.isInteger(count) || count < 1 || count > MAX_WINDOWS) {
    throw new UsageError(
      `${count} windows are not possible: choose a whole number from 1 to ${MAX_WINDOWS}.`,
    );
  }
  if (count > seconds) {
    throw new UsageError(
      `${count} windows are more than the ${seconds} seconds from ${from} to ${to}: choose fewer.`,
    );
  }
  const boundary = (index: number) => timeOf(first + Math.floor((index * seconds) / count));
  return Array.from({ length: count }, (_, index) => ({ from: boundary(index), to: boundary(index + 1) }));
}

function timeOf(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
