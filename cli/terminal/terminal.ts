import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import yoctoSpinner from "yocto-spinner";
import { age } from "./age.js";
import type { Progress, Streams } from "./streams.js";

/** The standard streams of a process, each a terminal or not. */
interface StandardStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Milliseconds between two lines that say that something is still under way; ten seconds of silence look like a hang. */
const SIGN_OF_LIFE = 8_000;

/**
 * Streams of a command. Results go to stdout. What is for a person alone goes to stderr: questions and a spinner if that
 * is a terminal, otherwise a line every few seconds.
 */
export function terminalStreams({ stdin, stdout, stderr }: StandardStreams): Streams {
  // A reader that has seen enough, such as head, is no failure.
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
    progress: (text) => (watched ? spinner(text, stderr) : signsOfLife(text, stderr)),
    watched,
  };
}

/** Ctrl-C and Ctrl-D are an empty answer. */
async function ask(question: string, input: Readable, output: Writable): Promise<string> {
  const lines = createInterface({ input, output });
  const closed = once(lines, "close").then(() => undefined);
  const answer = await Promise.race([lines.question(question).catch(() => undefined), closed]);
  lines.close();
  if (answer === undefined) {
    // Whatever follows belongs into a line of its own.
    output.write("\n");
  }
  return answer ?? "";
}

function spinner(text: string, stream: Writable): Progress {
  // Its own handlers would end the process in the middle of a step.
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

/** Plain lines for a log; none where the work is done before the first is due. */
function signsOfLife(text: string, stream: Writable): Progress {
  const began = performance.now();
  let current = text;
  const timer = setInterval(() => {
    stream.write(`${current} (${age(performance.now() - began)})\n`);
  }, SIGN_OF_LIFE);
  return {
    update: (next) => {
      current = next;
    },
    end: () => clearInterval(timer),
  };
}
