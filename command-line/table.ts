import Table from "cli-table3";
import stringWidth from "string-width";
import { visibleText } from "../text/visible-text.js";

/** Columns between two cells. */
const GAP = 2;
/** Minimum width of a cell: below it, a row becomes wider than the terminal instead. */
const MIN_WIDTH = 8;

export interface TableOptions {
  /**
   * Columns of the terminal. A wider row is wrapped within its cells.
   *
   * @default - no limit
   */
  readonly width?: number | undefined;
  /** Indexes of right-aligned columns, from 0. @default - none */
  readonly rightAligned?: readonly number[] | undefined;
}

/**
 * Columns without lines and colours, easy to process with cut and diff.
 *
 * @param width see {@link TableOptions.width}
 */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): string {
  return aligned([head, ...rows].map(visible), { width });
}

/**
 * Names and their values, one name per line, indented.
 *
 * @param width columns of the terminal. @default - no limit
 */
export function fieldList(
  fields: readonly (readonly [name: string, ...values: string[]])[],
  width?: number,
): string {
  const available = width === undefined ? undefined : width - GAP;
  return indented(aligned(fields.map(visible), { width: available }));
}

/** A {@link plainTable}, indented, whose cells may have colours: only for the program's own text. */
export function colouredTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const width = options.width === undefined ? undefined : options.width - GAP;
  return indented(aligned([head, ...rows], { ...options, width }));
}

/** Each cell is one line, whatever its content. */
function visible(row: readonly string[]): readonly string[] {
  return row.map(visibleText);
}

function indented(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, " ".repeat(GAP));
}

/** No lines, only the gap between columns. */
const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(GAP),
};

function aligned(
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY, rightAligned = [] }: TableOptions,
): string {
  if (rows.length === 0) {
    return "";
  }
  const count = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({ length: count }, (_, column) => rows.map((row) => row[column] ?? ""));
  const widths = narrowed(columns, width - GAP * (count - 1));
  const table = new Table({
    chars: NO_LINES,
    // cli-table3's own colours ignore NO_COLOR.
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths: [...widths],
    colAligns: widths.map((_, column) => (rightAligned.includes(column) ? "right" : "left")),
  });
  table.push(
    ...rows.map((row) => widths.map((columnWidth, column) => wrapped(row[column] ?? "", columnWidth))),
  );
  return table
    .toString()
    .split("\n")
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** Narrows the widest columns first, but never below what must not be truncated. */
function narrowed(columns: readonly (readonly string[])[], available: number): readonly number[] {
  const widths = columns.map((cells) => Math.max(0, ...cells.map((cell) => stringWidth(cell))));
  const least = columns.map((cells) => Math.max(MIN_WIDTH, ...cells.map(unbreakableWidth)));
  const total = () => widths.reduce((sum, width) => sum + width, 0);
  while (total() > available) {
    const wide = widths.filter((width, column) => width > (least[column] ?? 0));
    if (wide.length === 0) {
      break;
    }
    const widest = widths.findIndex(
      (width, column) => width === Math.max(...wide) && width > (least[column] ?? 0),
    );
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A time or a number, such as a cursor: a part of it would read as another value. */
const UNBREAKABLE = /^[^\w]*(?:\d{4}-\d\d-\d\dT[\d:.]+Z?|[\d,.]+)[^\w]*$/;

/** Width of the longest word in a cell that must not be broken. */
function unbreakableWidth(cell: string): number {
  return Math.max(0, ...cell.split(" ").map((word) => (UNBREAKABLE.test(word) ? stringWidth(word) : 0)));
}

/** The cell's lines: broken between words, or within a word that is longer than a line. */
function wrapped(text: string, width: number): string {
  if (stringWidth(text) <= width) {
    return text;
  }
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && stringWidth(`${line} ${word}`) <= width) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== "") {
      lines.push(line);
    }
    const pieces = cut(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line].join("\n");
}

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Pieces of a word that each fit, in order. */
function cut(word: string, width: number): readonly string[] {
  const pieces = [""];
  for (const { segment } of CHARACTERS.segment(word)) {
    const last = pieces.length - 1;
    if (pieces[last] !== "" && stringWidth(`${pieces[last]}${segment}`) > width) {
      pieces.push(segment);
    } else {
      pieces[last] += segment;
    }
  }
  return pieces;
}
