import { visibleText } from "../../text/visible-text.js";

/** The one JSON document that a command with `--json` writes; {@link escapedJson}, indented. */
export function jsonDocument(value: unknown): string {
  return `${escapedJson(JSON.stringify(value, undefined, 2))}\n`;
}

/**
 * JSON.stringify escapes only C0. The other characters that a terminal interprets become JSON escapes, so that the
 * document means the same and can be shown.
 */
function escapedJson(json: string): string {
  return json.split("\n").map(visibleText).join("\n");
}
