import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { untilAnswered } from "../../../../cli/exporters/deployed/until-answered.js";

const POLLING = { intervalSeconds: 5, deadlineSeconds: 60 };
const START = Date.parse("2026-03-20T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Seconds since the start at which it is asked; it answers the attempt of that number, and no other. */
function asking(answers: Readonly<Record<number, string>>) {
  const asked: number[] = [];
  const ask = async () => {
    asked.push((Date.now() - START) / 1000);
    return answers[asked.length];
  };
  return { asked, ask };
}

describe("GIVEN something in AWS that takes time", () => {
  it("WHEN it answers at once THEN it is asked once", async () => {
    const { asked, ask } = asking({ 1: "done" });

    expect(await untilAnswered(ask, POLLING, "too late")).toBe("done");
    expect(asked).toEqual([0]);
  });

  it("WHEN it answers later THEN it is asked at even intervals until then", async () => {
    const { asked, ask } = asking({ 4: "done" });
    const answer = untilAnswered(ask, POLLING, "too late");
    await vi.advanceTimersByTimeAsync(20_000);

    expect(await answer).toBe("done");
    expect(asked).toEqual([0, 5, 10, 15]);
  });

  it("WHEN it never answers THEN the wait ends at the deadline, with what to do", async () => {
    const { asked, ask } = asking({});
    const answer = untilAnswered(ask, POLLING, "The query is still running: check the workgroup.");
    const refused = expect(answer).rejects.toThrow("The query is still running: check the workgroup.");
    await vi.advanceTimersByTimeAsync(600_000);

    await refused;
    expect(asked.at(-1)).toBe(60);
  });

  it("WHEN an attempt fails THEN its error ends the wait", async () => {
    const ask = async () => {
      throw new Error("AccessDenied");
    };

    await expect(untilAnswered(ask, POLLING, "too late")).rejects.toThrow("AccessDenied");
  });
});
