const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
] as const;

/** A duration in the largest unit of which it has at least two: `119 s`, `2 min`. Never below `0 s`. */
export function age(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => milliseconds >= 2 * least) ?? ["s", 1000];
  return `${Math.max(0, Math.floor(milliseconds / length))} ${unit}`;
}
