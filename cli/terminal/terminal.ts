import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import yoctoSpinner from "yocto-spinner";
import { age } from "./age.js";
import type { Progress, Streams } from "./streams.js";

/** The standard streams of a process, each of which may be a terminal. */
interface StandardStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Milliseconds between two progress lines; ten seconds of silence look like a hang. */
const PROGRESS_INTERVAL_MS = 8_000;

/**
 * Streams of a command. Results go to stdout. Output that is only for a person goes to stderr: prompts and a spinner if
 * it is a terminal, otherwise a line every few seconds.
 */
export function terminalStreams({ stdin, stdout, stderr }: StandardStreams): Streams {
  // A reader that stops early, such as head, is not a failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
    process.exit();
  });
  const watched = stderr.isTTY === true;
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    width: stdout.isTTY === true ? stdout.columns : undefined,
    ask: watched && stdin.isTTY === true ? (question) => ask(question, stdin, stderr) : undefined,
    progress: (text) => (watched ? spinner(text, stderr) : progressLines(text, stderr)),
    watched,
  };
}

/** Ctrl-C and Ctrl-D count as an empty answer. */
async function ask(question: string, input: Readable, output: Writable): Promise<string> {
  const lines = createInterface({ input, output });
  const closed = once(lines, "close").then(() => undefined);
  const answer = await Promise.race([lines.question(question).catch(() => undefined), closed]);
  lines.close();
  if (answer === undefined) {
    // The next output starts on a new line.
    output.write("\n");
  }
  return answer ?? "";
}

function spinner(text: string, stream: Writable): Progress {
  // The spinner's own signal handlers would end the process in the middle of a step.
  const shown = yoctoSpinner({
    text,
    stream: stream as NodeJS.WriteStream,
    handleSignals: false,
  }).start();
  return {
    update: (next) => {
      shown.text = next;
    },
    end: () => shown.stop(),
  };
}

/** Plain lines for a log; none if the work finishes before the first one is due. */
function progressLines(text: string, stream: Writable): Progress {
  const began = performance.now();
  let current = text;
  const timer = setInterval(() => {
    stream.write(`${current} (${age(performance.now() - began)})\n`);
  }, PROGRESS_INTERVAL_MS);
  return {
    update: (next) => {
      current = next;
    },
    end: () => clearInterval(timer),
  };
}
