import { expect, it } from "vitest";
import { randomSeed } from "../rig/seed.js";
import { killTest } from "./kill-test.js";

it("each event is exported exactly once by a command line that is killed forty times", {
  timeout: 400_000,
}, async () => {
  const { summary, differences, kills, journal } = await killTest(40, randomSeed("KILL_SEED"));

  console.log(summary);
  expect(differences, journal.join("\n")).toEqual([]);
  // Kills of processes that had done nothing yet, or everything, prove little.
  const at = (wanted: string) =>
    kills.filter(({ kind, moment }) => kind === wanted || moment === wanted).length;
  expect(kills).toHaveLength(40);
  expect(at("inside its run") + at("while writing")).toBeGreaterThanOrEqual(12);
  expect(at("while writing")).toBeGreaterThanOrEqual(2);
  expect(Math.min(at("live"), at("backfill"), at("redrive"))).toBeGreaterThanOrEqual(2);
});
