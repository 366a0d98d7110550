import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fallAsleep } from "../../../proofs/rig/sleeper.js";
import { Stage } from "../../../proofs/rig/stage.js";
import { LARGE } from "../../../proofs/rig/subjects.js";
import type { Step } from "../../../proofs/rig/watched-exporter.js";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
beforeEach(() => stage.newStory());
afterAll(() => stage.close());

const FIVE_MINUTES = 300_000;
const run = () => stage.exporter.run({ limits: LARGE });
const diesBefore =
  (name: string) =>
  (step: Step): void => {
    if (step.name === name && step.moment === "before") {
      throw new Error("This run is dead");
    }
  };

async function pieces(): Promise<number> {
  return (await stage.exporter.table().keys(`${stage.story}#pieces`, "")).length;
}

describe("pieces", () => {
  it("GIVEN a run that ends THEN none are left", async () => {
    expect(await run()).toMatchObject({ eventsWritten: 6 });

    expect(await pieces()).toBe(0);
  });

  it("GIVEN a run that dies before there is an intent THEN the next one deletes what it has stored", async () => {
    await expect(stage.exporter.run({ limits: LARGE, reach: diesBefore("checkpoint.fix") })).rejects.toThrow(
      "dead",
    );
    expect(await pieces()).toBe(1);
    stage.letTheLeasesEnd();

    expect(await run()).toMatchObject({ eventsWritten: 6 });

    expect(await pieces()).toBe(0);
    await stage.expectExactlyOnce();
  });

  it("GIVEN a backfill that died before there was an intent THEN a live run takes its lease under its own name, and deletes", async () => {
    const range = await stage.newStoryWithHistory();
    const { exporter } = stage;
    const dying = exporter.backfill(range, { limits: LARGE, reach: diesBefore("checkpoint.fix") });
    await expect(dying).rejects.toThrow("dead");
    stage.letTheLeasesEnd();
    exporter.onCall((operation) =>
      operation === "TransactWriteItems" ? { status: 400, code: "SimulatedCrash" } : "pass",
    );
    await expect(run()).rejects.toThrow("SimulatedCrash");
    stage.live();

    const [left] = await exporter.table().query(`${stage.story}#v3.4`, "checkpoint#backfill");
    expect(left?.attributes["released_by"]).toMatch(/^proof\/[0-9a-f-]{36}$/);
    expect(left?.attributes["lease_owner"]).toBeUndefined();
    expect(await run()).toMatchObject({ caughtUp: true });
    expect(await pieces()).toBe(0);
  });

  it("GIVEN a run that sleeps before it deletes what others have left THEN it deletes no pieces of an intent since", async () => {
    const sleeper = await fallAsleep(
      stage.exporter.run,
      { limits: LARGE },
      ({ name, moment }) => name === "pieces.deleteOrphans" && moment === "before",
    );
    stage.letTheLeasesEnd();
    const dying = stage.exporter.run({ limits: LARGE, reach: diesBefore("lake.put") });
    await expect(dying).rejects.toThrow("dead");

    await sleeper.wake();

    // Those of the intent, and what the sleeper itself has stored in vain.
    expect(await pieces()).toBe(2);
    stage.letTheLeasesEnd();
    expect(await run()).toMatchObject({ eventsWritten: 6 });
    expect(await pieces()).toBe(0);
    await stage.expectExactlyOnce();
  });
});

describe("an intent whose objects could not be written", () => {
  beforeEach(async () => {
    stage.exporter.onCall((operation) =>
      operation === "PutObject" ? { status: 403, code: "AccessDenied" } : "pass",
    );
    await expect(run()).rejects.toThrow("AccessDenied");
    stage.live();
  });

  it("GIVEN it is abandoned THEN the next run writes its events, although their keys have been stored", async () => {
    const operator = stage.exporter.checkpoint("operator");
    const state = await operator.acquire(Date.now(), Date.now() + 1_000);
    const note = { at: "2026-02-01T12:00:00.000Z", by: "operator", reason: "to try again" };
    await operator.abandon(note, state ?? expect.unreachable());
    await operator.release();

    expect(await run()).toMatchObject({ eventsWritten: 6 });

    await stage.expectExactlyOnce(undefined, "unknown");
  });

  it("GIVEN a profile of another class THEN the error names the profile, and the command to give it up", async () => {
    await expect(
      stage.exporter.run({ limits: LARGE, settings: { profile: "detection-finding-1.3" } }),
    ).rejects.toThrow(
      "was prepared for a profile of event class SECURITY_FINDING, and the exporter now writes to DETECTION_FINDING. Nothing was written. " +
        "Either configure a profile of event class SECURITY_FINDING again until the next run has finished it, or give it up, so that the next " +
        'run prepares the same events for the new place: vectra-cdr checkpoint abandon --reason "<why>".',
    );
  });

  it("GIVEN the cursor is moved into its window THEN the next run writes the events from there on", async () => {
    const operator = stage.exporter.checkpoint("operator");
    const state = await operator.acquire(Date.now(), Date.now() + 1_000);
    const to = stage.exporter.tenant.events().at(-2)?.id ?? 0;
    const move = { at: "2026-02-01T12:00:00.000Z", by: "operator", reason: "only the last two" };
    await operator.move({ ...move, from: state?.nextFrom ?? null, to }, state ?? expect.unreachable());
    await operator.release();

    expect(await run()).toMatchObject({ eventsWritten: 2 });
  });
});

it("GIVEN a backfill whose objects could not be written, and another profile, THEN the command to give it up names its range", async () => {
  const range = await stage.newStoryWithHistory();
  stage.exporter.onCall((operation) =>
    operation === "PutObject" ? { status: 403, code: "AccessDenied" } : "pass",
  );
  await expect(stage.exporter.backfill(range, { limits: LARGE })).rejects.toThrow("AccessDenied");
  stage.live();

  await expect(
    stage.exporter.backfill(range, { limits: LARGE, settings: { profile: "detection-finding-1.3" } }),
  ).rejects.toThrow(`vectra-cdr checkpoint abandon --reason "<why>" --from ${range.from} --to ${range.to}.`);
});

it("GIVEN a container that remembers the last events THEN it leaves out what the tenant repeats, as another one does", async () => {
  const { exporter } = stage;
  const container = exporter.container();
  exporter.tenant.faults.add({ on: "events", kind: "repeated", times: 20 });
  for (const by of [container.run, container.run, exporter.run, container.run]) {
    const before = exporter.aws.calls().length;
    await by({ limits: { pageSize: 2, windowEvents: 2 } });
    exporter.tenant.advance(FIVE_MINUTES);
    expect(exporter.aws.calls().length).toBeGreaterThan(before);
  }
  exporter.tenant.faults.clear();

  expect(await run()).toMatchObject({ eventsWritten: 2 });
  await stage.expectExactlyOnce();
});
