import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, it, vi } from "vitest";
import { terminalStreams } from "../../../cli/terminal/terminal.js";

/** Standard streams; of a terminal, or of a script. */
function standardStreams(isTTY: boolean) {
  const still = () => true;
  const stream = () =>
    Object.assign(new PassThrough(), { isTTY, cursorTo: still, moveCursor: still, clearLine: still });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  const written = (from: PassThrough) => stripVTControlCharacters(String(from.read() ?? ""));
  return { stdin, stdout, stderr, written };
}

it("GIVEN a script WHEN a command writes THEN there is nobody to ask or to watch, and lines have no limit", () => {
  const { written, ...streams } = standardStreams(false);

  const { out, err, ask, watched, width } = terminalStreams(streams);
  out("result");
  err("error");

  expect([written(streams.stdout), written(streams.stderr), ask, watched, width]).toEqual([
    "result",
    "error",
    undefined,
    false,
    undefined,
  ]);
});

it.each([
  ["yes\n", "yes"],
  ["\n", ""],
])(
  "GIVEN a terminal WHEN %j is typed THEN that is the answer, and stdout has nothing of it",
  async (typed, answer) => {
    const { written, ...streams } = standardStreams(true);

    const answered = terminalStreams(streams).ask?.("Sure? ");
    streams.stdin.write(typed);

    expect(await answered).toBe(answer);
    expect(written(streams.stderr)).toContain("Sure? ");
    expect(written(streams.stdout)).toBe("");
  },
);

it("GIVEN a terminal WHEN the input ends THEN the answer is empty", async () => {
  const { stdin, stdout, stderr } = standardStreams(true);

  const answered = terminalStreams({ stdin, stdout, stderr }).ask?.("Sure? ");
  stdin.end();

  expect(await answered).toBe("");
});

it("GIVEN a terminal WHEN something is under way THEN stderr says what, until it is over", () => {
  const { written, ...streams } = standardStreams(true);

  const shown = terminalStreams(streams).progress?.("exporting");
  shown?.update("exporting, 10 of 20");
  shown?.end();

  expect(written(streams.stderr)).toContain("exporting");
  expect(written(streams.stdout)).toBe("");
});

it("GIVEN a script WHEN something takes long THEN stderr has a plain line at least every ten seconds, stdout nothing", () => {
  vi.useFakeTimers();
  const { written, ...streams } = standardStreams(false);

  const shown = terminalStreams(streams).progress?.("acme: exporting");
  vi.advanceTimersByTime(9_999);
  const first = streams.stderr.read()?.toString();
  shown?.update("acme: exporting, 10,000");
  vi.advanceTimersByTime(10_000);
  const second = streams.stderr.read()?.toString();
  shown?.end();
  vi.advanceTimersByTime(60_000);

  expect([first, second]).toEqual(["acme: exporting (8 s)\n", "acme: exporting, 10,000 (16 s)\n"]);
  expect([written(streams.stderr), written(streams.stdout)]).toEqual(["", ""]);
  vi.useRealTimers();
});

it("GIVEN a script WHEN something is done at once THEN nothing is said of it", () => {
  vi.useFakeTimers();
  const { written, ...streams } = standardStreams(false);

  terminalStreams(streams).progress?.("acme: exporting").end();
  vi.advanceTimersByTime(60_000);

  expect(written(streams.stderr)).toBe("");
  vi.useRealTimers();
});

it("GIVEN a terminal of 100 columns WHEN a command asks how wide it is THEN it is", () => {
  const { stdin, stdout, stderr } = standardStreams(true);

  expect(terminalStreams({ stdin, stdout: Object.assign(stdout, { columns: 100 }), stderr }).width).toBe(100);
});

it("GIVEN a pipe WHEN its reader has seen enough THEN the process ends without an error; other errors are errors", () => {
  const { stdin, stdout, stderr } = standardStreams(false);
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  terminalStreams({ stdin, stdout, stderr });

  stdout.emit("error", Object.assign(new Error("broken pipe"), { code: "EPIPE" }));

  expect(exit).toHaveBeenCalledWith();
  exit.mockRestore();
  expect(() => stdout.emit("error", new Error("the disk is full"))).toThrow("the disk is full");
});
