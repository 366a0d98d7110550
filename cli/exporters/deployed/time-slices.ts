import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { UsageError } from "../../usage-error.js";

/** Maximum number of slices: their list is the input of one execution, limited to 256 KB. */
const MAX_SLICES = 1000;

/**
 * Splits a range into slices of about the same length. Each begins where the one before ends, `to` exclusive, so every
 * event is in exactly one of them.
 *
 * @param range whole seconds, UTC.
 * @param count 1 to 1000.
 * @throws UsageError for another count, or a range with fewer seconds than slices.
 */
export function splitRange({ from, to }: TimeRange, count: number): readonly TimeRange[] {
  const first = Date.parse(from) / 1000;
  const seconds = Date.parse(to) / 1000 - first;
  if (!Number.isInteger(count) || count < 1 || count > MAX_SLICES) {
    throw new UsageError(`${count} slices are not possible: choose a whole number from 1 to ${MAX_SLICES}.`);
  }
  if (count > seconds) {
    throw new UsageError(
      `${count} slices are more than the ${seconds} seconds from ${from} to ${to}: choose fewer.`,
    );
  }
  const boundary = (index: number) => timeOf(first + Math.floor((index * seconds) / count));
  return Array.from({ length: count }, (_, index) => ({ from: boundary(index), to: boundary(index + 1) }));
}

function timeOf(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
