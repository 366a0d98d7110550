import { visibleText } from "../../text/visible-text.js";
import type { Streams } from "./streams.js";

/**
 * The same streams for text of any origin: a tenant's names and errors, a file's excerpts. Everything that a command
 * writes passes here, and a terminal obeys nothing of it but the ends of lines. What the terminal itself needs, such as a
 * spinner's colours, is added behind.
 */
export function visibleStreams(streams: Streams): Streams {
  const { out, err, ask, progress } = streams;
  return {
    ...streams,
    out: (text) => out(visibleLines(text)),
    err: (text) => err(visibleLines(text)),
    ask: ask === undefined ? undefined : (question) => ask(visibleText(question)),
    progress:
      progress === undefined
        ? undefined
        : (text) => {
            const shown = progress(visibleText(text));
            return { update: (next) => shown.update(visibleText(next)), end: () => shown.end() };
          },
  };
}

/** Text of several lines, fit to be shown: only the ends of lines are not made visible. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visibleText).join("\n");
}
