import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { calling } from "../../../functions/security-lake-exporter/aws-requests.js";
import { OutOfTimeError } from "../../../functions/security-lake-exporter/run/run-time.js";
import { withinTimeLimit } from "../../../functions/security-lake-exporter/time-limit.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("returns what the run returns, and waits no longer", async () => {
  expect(await withinTimeLimit(Promise.resolve("done"), 240_000)).toBe("done");
  expect(vi.getTimerCount()).toBe(0);
});

it("throws what the run throws", async () => {
  await expect(withinTimeLimit(Promise.reject(new Error("failed")), 240_000)).rejects.toThrow("failed");
});

it("abandons a run 4 s before the time limit, and names what it waits for", async () => {
  const never = new Promise<string>(() => undefined);
  const ended = withinTimeLimit(
    calling("Writing s3://lake/a.parquet", () => never),
    240_000,
  ).catch((error: unknown) => error);

  await vi.advanceTimersByTimeAsync(235_999);
  expect(await Promise.race([ended, "running"])).toBe("running");
  await vi.advanceTimersByTimeAsync(1);

  expect(await ended).toEqual(
    new OutOfTimeError(
      "The run was abandoned 4 s before the function's time limit. It waited for: Writing s3://lake/a.parquet. " +
        "Nothing is lost: the next run continues after the last complete window.",
    ),
  );
});

it("abandons one at once that has no time left", async () => {
  const ended = withinTimeLimit(new Promise<void>(() => undefined), 3_000).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);

  expect(await ended).toBeInstanceOf(OutOfTimeError);
});
