import { visibleText } from "../../text/visible-text.js";
import type { Streams } from "./streams.js";

/**
 * The same streams for text of any origin, such as a tenant's names and errors or a file's excerpts. Everything that a
 * command writes passes through here, and a terminal interprets nothing in it except line ends. Control sequences that the
 * terminal itself needs, such as a spinner's colours, are added afterwards.
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

/** Makes text of several lines safe to show: everything but line ends becomes visible. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visibleText).join("\n");
}
