import stringWidth from "string-width";
import { visibleText } from "../../text/visible-text.js";

/** Columns between two cells. */
const GAP = 2;
/** What fits into fewer columns cannot be read: a row is wider than the terminal rather. */
const NARROWEST = 8;

/**
 * Columns for the eye: no colours and no lines, so that it can be cut and compared.
 *
 * @param width columns of the terminal: a row that is wider goes on below, within its cells. @default - no limit
 */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): string {
  return aligned([head, ...rows], width);
}

/**
 * Names and what belongs to each, one a line, indented.
 *
 * @param width columns of the terminal. @default - no limit
 */
export function fieldList(
  fields: readonly (readonly [name: string, ...values: string[]])[],
  width?: number,
): string {
  return aligned(fields, width === undefined ? undefined : width - GAP).replaceAll(
    /^(?=.)/gm,
    " ".repeat(GAP),
  );
}

function aligned(given: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  // A cell is one line, whatever is in it.
  const rows = given.map((row) => row.map(visibleText));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const natural = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const widths = narrowed(natural, width - GAP * (columns - 1));
  return rows
    .flatMap((row) => linesOf(row, widths))
    .map((line) => `${line}\n`)
    .join("");
}

/** The widest columns give way first. */
function narrowed(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, 0);
  while (total() > available) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) {
      break;
    }
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function linesOf(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = row.map((cell, column) => wrapped(cell, widths[column] ?? 0));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => padded(lines[line] ?? "", widths[column] ?? 0))
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

/** A wide character takes two columns. */
function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** Breaks between words, and within a word that is longer than a line. */
function wrapped(text: string, width: number): readonly string[] {
  if (stringWidth(text) <= width) {
    return [text];
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
  return [...lines, line];
}

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Pieces of a word that each fit, in its order. */
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
