import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import yoctoSpinner from "yocto-spinner";
import type { Progress, Streams } from "./streams.js";

/** The standard streams of a process, each a terminal or not. */
interface StandardStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Streams of a command. Results go to stdout; what is for a person alone goes to stderr, if that is a terminal. */
export function terminalStreams({ stdin, stdout, stderr }: StandardStreams): Streams {
  // A reader that has seen enough, such as head, is no failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
    process.exit();
  });
  const isWatched = stderr.isTTY === true;
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    ask: isWatched && stdin.isTTY === true ? (question) => ask(question, stdin, stderr) : undefined,
    progress: isWatched ? (text) => progress(text, stderr) : undefined,
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

function progress(text: string, stream: Writable): Progress {
  const spinner = yoctoSpinner({ text, stream: stream as NodeJS.WriteStream }).start();
  return {
    update: (next) => {
      spinner.text = next;
    },
    end: () => spinner.stop(),
  };
}
