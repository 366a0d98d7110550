/**
 * A sequence that keeps equal neighbours as one item and their number. Nearly every leaf is one run of levels, and
 * many are one run of values, so that most of the work on them happens once and not once a record.
 */
export class Runs<T> {
  /** First item of each run. */
  readonly items: T[] = [];
  /** Length of each run. */
  readonly counts: number[] = [];
  /** Items in all runs. */
  length = 0;

  add(item: T): void {
    const last = this.items.length - 1;
    if (last >= 0 && this.items[last] === item) {
      this.counts[last] = (this.counts[last] ?? 0) + 1;
    } else {
      this.items.push(item);
      this.counts.push(1);
    }
    this.length += 1;
  }

  /** The sequence, item by item. */
  expanded(): T[] {
    const sequence: T[] = [];
    this.items.forEach((item, run) => {
      for (let left = this.counts[run] ?? 0; left > 0; left -= 1) {
        sequence.push(item);
      }
    });
    return sequence;
  }
}

/** Fills an array with the numbers of runs, each as often as it counts. */
export function fillRuns<Numbers extends Uint8Array | Uint32Array>(
  array: Numbers,
  numbers: readonly number[],
  counts: readonly number[],
): Numbers {
  let end = 0;
  numbers.forEach((number, run) => {
    // A loop, because most runs are short where there are many, and each call of fill() costs more than they do.
    for (const next = end + (counts[run] ?? 0); end < next; end += 1) {
      array[end] = number;
    }
  });
  return array;
}
