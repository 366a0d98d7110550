import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";
import { INTENT, LOG, MOVE, NO_BOUNDS } from "./checkpoints.js";

/** The window of the intent. */
const WINDOW = { from: 100, to: 200, sequence: 1 };

let exporter: ExporterUnderTest;
let stories = 0;

beforeAll(async () => {
  exporter = await startExporter({ accounts: 3, eventsPerTick: 2 });
});
beforeEach(() => {
  stories += 1;
  exporter.restartAtBeginning(`story-${stories}`);
});
afterAll(() => exporter.close());

const stateNow = async () => checkpointStateOf((await exporter.storedCheckpoint()) ?? {});

describe("a stored checkpoint", () => {
  it("may hold attributes of another version, which are ignored", () => {
    const attributes = { next_from: 100, released_by: "run", of_a_newer_version: { deep: true } };

    expect(checkpointStateOf(attributes)).toEqual(checkpointStateOf({ next_from: 100 }));
  });
});

describe("a lease", () => {
  it("is held by one run at a time, and taken when it has ended", async () => {
    expect(await exporter.checkpoint("first").acquire(1_000, 2_000)).toBeDefined();

    expect(await exporter.checkpoint("second").acquire(1_999, 3_000)).toBeUndefined();
    expect((await stateNow()).lease).toEqual({ owner: "first", until: 2_000 });
    expect(await exporter.checkpoint("second").acquire(2_001, 3_000)).toBeDefined();
    expect((await stateNow()).lease).toEqual({ owner: "second", until: 3_000 });
  });

  it("is taken again by its holder, whose answer was lost", async () => {
    await exporter.checkpoint("first").acquire(1_000, 2_000);

    expect(await exporter.checkpoint("first").acquire(1_000, 2_000)).toBeDefined();
  });

  it("that ends later than any run can last is no lease, and one that a run can hold is", async () => {
    const longest = 4_500_000;
    await exporter.checkpoint("a clock a year ahead").acquire(1_000, 31_536_000_000);
    expect(await exporter.checkpoint("second").acquire(1_000, 1_000 + longest)).toBeDefined();

    expect(await exporter.checkpoint("third").acquire(1_000, 2_000)).toBeUndefined();
    // Seen by a clock that is a millisecond behind, it ends too late.
    expect(await exporter.checkpoint("third").acquire(999, 2_000)).toBeDefined();
  });

  it("that is lost lets nothing be changed any more", async () => {
    const first = exporter.checkpoint("first");
    await first.acquire(1_000, 2_000);
    await first.begin(100, LOG);
    await exporter.checkpoint("second").acquire(2_001, 3_000);
    const before = await exporter.storedCheckpoint();

    const lost = `Run first no longer holds the lease of story-${stories}#v3.4`;
    await expect(first.fix(INTENT)).rejects.toThrow(lost);
    await expect(first.complete(WINDOW, NO_BOUNDS)).rejects.toThrow(lost);
    await expect(first.succeed(true)).rejects.toThrow(lost);
    await expect(first.release()).rejects.toThrow(lost);
    await expect(first.move(MOVE, await stateNow())).rejects.toThrow(lost);
    await expect(first.abandon(MOVE, await stateNow())).rejects.toThrow(lost);
    await expect(first.adopt("https://other.example", MOVE, await stateNow())).rejects.toThrow(lost);
    await expect(first.chooseOverlap(1_000, MOVE, await stateNow())).rejects.toThrow(lost);
    await expect(first.upgrade(LOG, await stateNow(), 1_000)).rejects.toThrow(lost);
    await expect(first.completeRedrive()).rejects.toThrow(lost);
    await expect(
      first.changeApi("v3.3", 0, { since: 0, until: 0, sequence: 0 }, await stateNow()),
    ).rejects.toThrow(lost);
    expect(await exporter.storedCheckpoint()).toEqual(before);
  });
});

describe("the cursor", () => {
  it("begins once, and remembers where", async () => {
    const run = exporter.checkpoint("run");
    await run.acquire(1_000, 2_000);
    await run.begin(100, LOG);
    // As the SDK sends it again when the answer was lost.
    await run.begin(100, LOG);

    await expect(run.begin(300, LOG)).rejects.toThrow("no longer holds the lease");
    expect(await stateNow()).toMatchObject({ nextFrom: 100, firstFrom: 100 });
  });

  it("moves behind a window that was fixed, also when that is sent twice", async () => {
    const run = exporter.checkpoint("run");
    await run.acquire(1_000, 2_000);
    await run.begin(100, LOG);
    await run.fix(INTENT);
    expect((await stateNow()).intent).toEqual(INTENT);

    await run.complete(WINDOW, NO_BOUNDS);
    await run.complete(WINDOW, NO_BOUNDS);

    expect(await stateNow()).toMatchObject({
      nextFrom: 200,
      firstFrom: 100,
      intent: undefined,
      unfinished: undefined,
      sequence: 1,
    });
    // Older releases refuse that.
    expect((await exporter.storedCheckpoint())?.["intent"]).toBeNull();
  });

  it("is not moved by a window that begins elsewhere", async () => {
    const run = exporter.checkpoint("run");
    await run.acquire(1_000, 2_000);
    await run.begin(300, LOG);

    await expect(run.fix(INTENT)).rejects.toThrow();
    await expect(run.complete(WINDOW, NO_BOUNDS)).rejects.toThrow();
    expect(await stateNow()).toMatchObject({ nextFrom: 300, intent: undefined });
  });
});

describe("a move by hand", () => {
  it("is noted for good, and gives up an unfinished window", async () => {
    const operator = exporter.checkpoint("operator");
    await operator.acquire(1_000, 2_000);
    await operator.begin(100, LOG);
    await operator.fix(INTENT);
    await operator.complete(WINDOW, NO_BOUNDS);
    await operator.fix({ ...INTENT, from: 200, to: 300 });

    await operator.move(MOVE, await stateNow());

    expect(await stateNow()).toMatchObject({
      nextFrom: 500,
      firstFrom: 100,
      intent: undefined,
      sequence: 2,
      // Forwards: nothing is exported again.
      forgetBefore: 0,
      moves: [{ ...MOVE, givenUpTo: 300 }],
      lease: { owner: "operator", until: 2_000 },
    });
  });

  it("is added to those before it, the oldest first", async () => {
    const operator = exporter.checkpoint("operator");
    await operator.acquire(1_000, 2_000);
    await operator.begin(200, LOG);
    await operator.move(MOVE, await stateNow());
    const back = { ...MOVE, at: "2026-02-01T13:00:00.000Z", from: 500, to: 0 };

    await operator.move(back, await stateNow());

    expect(await stateNow()).toMatchObject({
      nextFrom: 0,
      firstFrom: 200,
      moves: [MOVE, back],
      // The keys and scores of all windows before are of events that are exported again.
      sequence: 2,
      forgetBefore: 2,
    });
  });

  it("before the first run is where the export begins", async () => {
    const operator = exporter.checkpoint("operator");
    const state = await operator.acquire(1_000, 2_000);
    if (state === undefined) {
      throw new Error("Another run holds the lease");
    }
    const move = { ...MOVE, from: null };

    await operator.move(move, state);

    expect(await stateNow()).toMatchObject({ nextFrom: 500, firstFrom: 500, moves: [move] });
  });

  it("back exports the events again", async () => {
    await exporter.restart(`story-${stories}`);
    exporter.tenant.advance(300_000);
    await exporter.run();
    const first = await exporter.storedCheckpoint();
    const operator = exporter.checkpoint("operator");
    const state = await operator.acquire(Date.now(), Date.now() + 60_000);
    if (state === undefined) {
      throw new Error("Another run holds the lease");
    }
    const from = state.nextFrom ?? null;
    await operator.move({ ...MOVE, from, to: Number(first?.["first_from"]) }, state);
    await operator.release();

    expect(await exporter.run()).toMatchObject({ eventsRead: 2, eventsWritten: 2 });
  });
});
