/** Columns for the eye: no colours and no lines, so that it can be cut and compared. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return aligned([head, ...rows]);
}

/** Names and what they are, one a line, indented. */
export function fieldList(fields: readonly (readonly [name: string, value: string])[]): string {
  return aligned(fields).replaceAll(/^(?=.)/gm, "  ");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
