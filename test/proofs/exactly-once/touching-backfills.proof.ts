import { afterAll, beforeAll, expect, it } from "vitest";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { Stage } from "../rig/stage.js";
import { LARGE, SMALL } from "../rig/subjects.js";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start({ fractions: true });
});
afterAll(() => stage.close());

/**
 * A history of six events. The fourth is in the last second before the seam; the second is at the seam itself, and so in
 * the middle of what the tenant gives for the first range.
 *
 * @returns two ranges that touch at that seam.
 */
async function touchingRanges(): Promise<readonly [early: TimeRange, late: TimeRange]> {
  const { from, to } = await stage.newStoryWithHistory();
  const events = stage.exporter.tenant.events().slice(-6);
  const fourth = Date.parse(events[3]?.event_timestamp ?? "");
  const seam = new Date(Math.floor(fourth / 1000 + 1) * 1000).toISOString().replace(".000Z", "Z");
  Object.assign(events[1] ?? {}, { event_timestamp: seam });
  return [
    { from, to: seam },
    { from: seam, to },
  ];
}

const backfill = (range: TimeRange, limits = SMALL) => stage.exporter.backfill(range, { limits });

it("GIVEN two backfills that touch THEN an event before the seam is the first one's, and one at it the second's", {
  timeout: 120_000,
}, async () => {
  const [early, late] = await touchingRanges();

  expect(await backfill(early)).toMatchObject({ eventsRead: 3, eventsWritten: 3, caughtUp: true });
  expect(await backfill(late)).toMatchObject({ eventsRead: 3, eventsWritten: 3, caughtUp: true });

  await stage.expectExactlyOnce("without a crash", "any");
});

it("GIVEN the first dies after the effect of any of its calls THEN every event is there once", {
  timeout: 120_000,
}, async () => {
  const [early] = await touchingRanges();
  const calls = await stage.callsOf(() => backfill(early));
  expect(calls).toBeGreaterThan(5);

  for (let call = 0; call < calls; call += 1) {
    const where = `call ${call}`;
    const [early, late] = await touchingRanges();
    await stage.crashed(() => backfill(early), call, "after its effect");
    stage.letTheLeasesEnd();

    expect(await backfill(late, LARGE), where).toMatchObject({ eventsRead: 3, caughtUp: true });
    expect(await backfill(early, LARGE), where).toMatchObject({ caughtUp: true });

    await stage.expectExactlyOnce(where, "any");
  }
});
