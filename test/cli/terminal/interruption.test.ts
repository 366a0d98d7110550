import { expect, it } from "vitest";
import { Interruption } from "../../../cli/terminal/interruption.js";

function interruption() {
  const said: string[] = [];
  const exits: number[] = [];
  const made = new Interruption(
    (text) => said.push(text),
    (code) => exits.push(code),
  );
  return { made, said, exits };
}

const SAFE =
  "Either is safe: the same command continues where this one stopped, and each event is exported once.";

it("GIVEN a command that only reads WHEN Ctrl-C comes THEN it ends at once with 130", () => {
  const { made, said, exits } = interruption();

  made.receive("SIGINT", 0);

  expect([said, exits]).toEqual([["\nStopped.\n"], [130]]);
});

it("GIVEN a step that changes something WHEN Ctrl-C comes twice THEN the first lets it finish, the second ends it", async () => {
  const { made, said, exits } = interruption();

  await made.step(async () => {
    made.receive("SIGINT", 0);
    expect([made.requested, exits]).toEqual([true, []]);
    expect(said).toEqual([
      `\nStopping after the current step; press Ctrl-C again to stop at once. ${SAFE}\n`,
    ]);
    made.receive("SIGINT", 1000);
  });

  expect(exits).toEqual([130]);
  expect(said[1]).toBe("\nStopped at once. Run the same command again to continue.\n");
});

it("GIVEN npm, which passes on the signal that the terminal sent already THEN both are one Ctrl-C", async () => {
  const { made, exits } = interruption();

  await made.step(async () => {
    made.receive("SIGINT", 0);
    made.receive("SIGINT", 20);
  });

  expect([made.exitCode, exits]).toEqual([130, []]);
});

it("GIVEN a step WHEN it is ended by SIGTERM THEN the code says so", async () => {
  const { made, exits } = interruption();

  await made.step(async () => made.receive("SIGTERM", 0));

  expect([made.exitCode, exits]).toEqual([143, []]);
});
