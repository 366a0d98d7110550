/** The middle value; for an even number of values, the mean of the middle two. @throws RangeError for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (lower === undefined || upper === undefined) {
    throw new RangeError("median: no values");
  }
  return (lower + upper) / 2;
}
