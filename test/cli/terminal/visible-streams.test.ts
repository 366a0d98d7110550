import { expect, it } from "vitest";
import { jsonDocument } from "../../../cli/terminal/json.js";
import { visibleStreams } from "../../../cli/terminal/visible-streams.js";

/** Clears the screen, by C0 and by C1; a line separator, and text that is read backwards. */
const HOSTILE = "a\u001b[2J\u009b2J\u2028\u202eb\u2066";
const VISIBLE = "a\\u001b[2J\\u009b2J\\u2028\\u202eb\\u2066";

it("GIVEN text of any origin WHEN it goes out THEN control characters are visible; lines end as they did", async () => {
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
  };
  const streams = visibleStreams({
    out: write,
    err: write,
    ask: async (question) => {
      write(question);
      return "yes";
    },
    progress: (text) => {
      write(text);
      return { update: write, end: () => undefined };
    },
  });

  streams.out(`${HOSTILE}\n\nend\n`);
  streams.err(`error: ${HOSTILE}\n`);
  await streams.ask?.(`${HOSTILE}?\n`);
  streams.progress?.(HOSTILE).update(HOSTILE);

  expect(written).toEqual([
    `${VISIBLE}\n\nend\n`,
    `error: ${VISIBLE}\n`,
    `${VISIBLE}?\\u000a`,
    VISIBLE,
    VISIBLE,
  ]);
});

it("GIVEN a value with such characters WHEN it is written as JSON THEN the text has none, and is read as the same", () => {
  const text = jsonDocument({ name: HOSTILE });

  expect(text).toBe(`{\n  "name": "${VISIBLE}"\n}\n`);
  expect(JSON.parse(text)).toEqual({ name: HOSTILE });
});
