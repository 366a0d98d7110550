import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkpoint } from "../../../functions/security-lake-exporter/state/checkpoint.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import type { TenantOptions } from "../../../simulator/tenant.js";
import type { ContainerOptions, RunOptions } from "../rig/exporter.js";
import { fallAsleep } from "../rig/sleeper.js";
import { DAY, FIVE_MINUTES, inSeconds, Story, timeOf } from "../rig/story.js";
import { LARGE, SMALL } from "../rig/subjects.js";
import type { Reach } from "../rig/watched-exporter.js";

/*
 * What changes between two runs, case by case. Counts are of each event, in the order of the log: how many times it is in the lake; -1
 * is once in quarantine instead.
 */

const ONCE_EACH = [1, 1, 1, 1, 1, 1];
const SECOND = 1000;

let story: Story;
beforeEach(async () => {
  story = await Story.begin();
});
afterEach(() => story.close());

async function beginAnew(options: Partial<TenantOptions>, settings = {}): Promise<void> {
  await story.close();
  story = await Story.begin(settings, options);
}

/** Six events happen. */
function quarterOfAnHour(): readonly EntityScoringEvent[] {
  return story.advance(3 * FIVE_MINUTES);
}

/** The run dies before it takes a step for the n-th time. */
function dyingBefore(step: string, nth = 1): Reach {
  let isDead = false;
  let times = 0;
  return ({ name, moment }) => {
    times += name === step && moment === "before" ? 1 : 0;
    isDead ||= times === nth;
    if (isDead) {
      throw new Error("This run is dead");
    }
  };
}

/** A run that dies, in windows of four and two events; then its lease ends. */
async function dies(
  step: string,
  nth = 1,
  run: (options: RunOptions & ContainerOptions) => Promise<unknown> = (options) => story.run(options),
): Promise<void> {
  await expect(run({ limits: SMALL, reach: dyingBefore(step, nth) })).rejects.toThrow("This run is dead");
  story.letTheLeasesEnd();
}

async function finish(): Promise<void> {
  story.letTheLeasesEnd();
  expect(await story.run({ limits: LARGE })).toMatchObject({ outcome: "exported", caughtUp: true });
  await story.expectNothingStuck();
}

/** What an event is swapped for, or becomes later: a time is its name. */
function later(event: EntityScoringEvent | undefined, seconds: number) {
  return { event_timestamp: inSeconds(timeOf(event as EntityScoringEvent) + seconds * SECOND) };
}

describe("a: the log changes after a window is fixed", () => {
  it.each([
    ["before anything is written", "lake.put", 1],
    ["after one of its two objects is written", "lake.put", 2],
    ["after all is written", "checkpoint.complete", 1],
  ])(
    "GIVEN an event that becomes visible late, %s, behind the highest id THEN the window is what was fixed",
    async (_, step, nth) => {
      const events = quarterOfAnHour();
      await dies(step, nth);
      const late = story.tenant.addLate({ id: (events[3]?.id ?? 0) - 1, ...later(events[3], 1) });

      await finish();

      expect(await story.counts([...events, late])).toEqual([...ONCE_EACH, 0]);
    },
  );

  it("GIVEN a late event behind the highest id of the log, beyond the fixed window, THEN it is in the next window", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put");
    const late = story.tenant.addLate(later(events[5], 1));

    await finish();

    expect(await story.counts([...events, late])).toEqual([...ONCE_EACH, 1]);
  });

  it("GIVEN an event that is swapped for another one THEN the one that was fixed is there, and the other is not", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    const other = story.tenant.swap(events[0]?.id ?? 0, later(events[0], 1));

    await finish();

    expect(await story.counts([...events, other])).toEqual([...ONCE_EACH, 0]);
  });

  it("GIVEN an event that is swapped before anything is fixed THEN the other one is there", async () => {
    const events = quarterOfAnHour();
    await dies("checkpoint.fix");
    const other = story.tenant.swap(events[0]?.id ?? 0, later(events[0], 1));

    await finish();

    expect(await story.counts([...events, other])).toEqual([0, 1, 1, 1, 1, 1, 1]);
  });
});

describe("b: another version, or other settings, finish a window", () => {
  it("GIVEN a version that rejects more THEN what was fixed is in the lake, and only later events are in quarantine", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    story.deploy({ rejects: () => true });

    await finish();

    expect(await story.counts(events)).toEqual([1, 1, 1, 1, -1, -1]);
  });

  it("GIVEN a version that rejects less THEN what was held stays in quarantine until it is redriven", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: () => true });
    await dies("checkpoint.complete");
    story.deploy({ rejects: () => false });

    await finish();

    expect(await story.counts(events)).toEqual([-1, -1, -1, -1, 1, 1]);
    expect(await story.redrive()).toMatchObject({ redriven: 4, remaining: [] });
    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN account look-ups that fail in the second run, where the assignment decides nothing, THEN each event is there once", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    story.tenant.faults.add({ on: "account", kind: "500", times: 100 });

    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN accounts that are renamed with partitionBy event THEN no event is in two partitions", async () => {
    story.deploy({ settings: { partitionBy: "event" } });
    const events = quarterOfAnHour();
    await dies("checkpoint.complete");
    for (const { id, entity_id } of events) {
      story.tenant.rename(entity_id, "AWS:777788889999/role:renamed");
      story.tenant.swap(id, { name: "AWS:777788889999/role:renamed" });
    }

    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it.each(["lake.put", "quarantine.apply", "checkpoint.completeRedrive"])(
    "GIVEN a partitionAccountId that changes while a redrive dies before %s THEN the event is there once",
    async (step) => {
      const events = quarterOfAnHour();
      story.deploy({ rejects: ({ id }) => id === events[0]?.id });
      await story.run();
      story.deploy({ rejects: () => false });
      await dies(step, 1, (options) => story.redrive(options));
      story.deploy({ settings: { partitionAccountId: "444444444444" } });

      await story.redrive();
      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
    },
  );
});

describe("c: an event disappears from the log", () => {
  it.each(["lake.put", "checkpoint.complete"])(
    "GIVEN a run that died before %s THEN the event is there, as it was fixed, and nothing is stuck",
    async (step) => {
      const events = quarterOfAnHour();
      await dies(step);
      story.tenant.remove(events[1]?.id ?? 0);

      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
    },
  );

  it("GIVEN all events disappear after the window is fixed THEN the window is there", async () => {
    const events = quarterOfAnHour();
    await dies("checkpoint.complete");
    for (const { id } of events.slice(0, 4)) {
      story.tenant.remove(id);
    }

    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN the newest event disappears after it was exported THEN runs say so until the next event, which is there once", async () => {
    const events = quarterOfAnHour();
    await story.run();
    story.tenant.remove(events[5]?.id ?? 0);

    // A log that begins anew looks the same: nothing is passed over in silence, because the lag grows.
    expect(await story.run()).toMatchObject({ eventsRead: 0, caughtUp: true, logIsBehind: true });
    const more = story.advance(FIVE_MINUTES);
    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, 1, 1]);
  });
});

describe("d: the version of the API", () => {
  const V33 = { settings: { api: "v3.3" } } as const;
  const V34 = { settings: { api: "v3.4" } } as const;

  describe.each([
    ["whose versions have the same ids", 0],
    ["whose older versions have other ids", 7000],
    ["whose older versions have ids far behind", 10_000_000],
  ])("of a tenant %s", (_, olderIdOffset) => {
    beforeEach(() => beginAnew({ olderIdOffset }));

    it("GIVEN v3.3, v3.4, v3.3, v3.4 THEN each event is there once", async () => {
      const events: EntityScoringEvent[] = [];
      for (const version of [V33, V34, V33, V34]) {
        story.deploy(version);
        events.push(...quarterOfAnHour());
        expect(await story.run({ limits: SMALL })).toMatchObject({ eventsWritten: 6, caughtUp: true });
      }

      await finish();
      expect(await story.counts(events)).toEqual(Array<number>(24).fill(1));
    });

    it.each(["lake.put", "checkpoint.complete"])(
      "GIVEN an intent that is unfinished before %s at each change THEN each event is there once",
      async (step) => {
        const events: EntityScoringEvent[] = [];
        for (const version of [V34, V33, V34]) {
          story.deploy(version);
          events.push(...quarterOfAnHour());
          await dies(step, step === "lake.put" ? 2 : 1);
        }

        await finish();
        expect(await story.counts(events)).toEqual(Array<number>(18).fill(1));
      },
    );

    it("GIVEN an event dated a year ahead, and one in quarantine, THEN neither is given again", async () => {
      const events = quarterOfAnHour();
      const future = story.tenant.swap(events[2]?.id ?? 0, later(events[2], 365 * 86_400));
      story.deploy({ rejects: ({ id }) => id === events[4]?.id });
      await story.run({ limits: SMALL });
      story.deploy({ ...V33, rejects: () => false });
      const more = quarterOfAnHour();
      await story.run({ limits: SMALL });
      story.deploy(V34);

      await finish();

      expect(
        await story.counts([events[0], events[1], future, ...events.slice(3), ...more] as never),
      ).toEqual([1, 1, 1, 1, -1, 1, 1, 1, 1, 1, 1, 1]);
      // The event in the future counts for no time: neither of what was exported, nor of where the other version begins.
      expect((await story.checkpoint()).newestEventTime).toBe(timeOf(more[5] as EntityScoringEvent));
    });

    it("GIVEN an event that only the other version has, from an hour ago, THEN it is there once", async () => {
      const events = quarterOfAnHour();
      await story.run();
      story.wait(60 * 60_000);
      const late = story.tenant.addLate({ id: (events[1]?.id ?? 0) - 1, ...later(events[1], -1) });
      story.deploy(V33);

      await finish();
      story.deploy(V34);
      await finish();

      expect(await story.counts([...events, late])).toEqual([...ONCE_EACH, 1]);
    });

    it("GIVEN events of two days ago THEN they are left out by their time", async () => {
      const old = quarterOfAnHour();
      await story.run();
      story.advance(2 * DAY);
      await story.run();
      const again = story.tenant.addLate({ id: (old[1]?.id ?? 0) - 1, ...later(old[1], 1) });
      story.deploy(V33);

      await finish();

      expect(await story.counts([...old, again])).toEqual([...ONCE_EACH, 0]);
    });

    it("GIVEN start latest, and a change after the first run, THEN what happened before the export began is not there", async () => {
      story.deploy({ settings: { start: "latest" } });
      const before = quarterOfAnHour();
      await story.run();
      story.deploy(V33);
      const after = quarterOfAnHour();

      await finish();
      story.deploy(V34);
      await finish();

      expect(await story.counts([...before, ...after])).toEqual([0, 0, 0, 0, 0, 0, ...ONCE_EACH]);
    });

    it("GIVEN a gap that a move of the cursor left, and a backfill of it, THEN the change does not write its events again", async () => {
      await story.run();
      const from = inSeconds(story.tenant.now());
      const events = quarterOfAnHour();
      const range = { from, to: inSeconds(story.tenant.now()) };
      await story.moveTo((events[5]?.id ?? 0) + 1);
      await story.run();
      expect(await story.backfill(range)).toMatchObject({ eventsWritten: 6, caughtUp: true });
      story.deploy(V33);

      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
    });

    it("GIVEN a backfill of the last hours THEN the change does not write its events again", async () => {
      story.deploy({ settings: { start: "latest" } });
      const from = inSeconds(story.tenant.now());
      const before = quarterOfAnHour();
      const range = { from, to: inSeconds(story.tenant.now()) };
      await story.run();
      expect(await story.backfill(range)).toMatchObject({ eventsWritten: 6, caughtUp: true });
      story.deploy(V33);
      const after = quarterOfAnHour();

      await finish();

      expect(await story.counts([...before, ...after])).toEqual([...ONCE_EACH, ...ONCE_EACH]);
    });
  });

  it.each(["beginning", "latest"] as const)(
    "GIVEN start %s, and a first API that the tenant does not serve, THEN the one that it serves begins",
    async (start) => {
      await beginAnew({ apis: ["v3.3"] }, { start });
      const before = quarterOfAnHour();
      await expect(story.run()).rejects.toThrow(
        "it does not serve v3.4 yet: set api to the version that it serves, such as v3.3",
      );
      story.deploy(V33);
      await story.run();
      const after = quarterOfAnHour();

      await finish();

      const begun = start === "beginning" ? 1 : 0;
      expect(await story.counts([...before, ...after])).toEqual([
        ...Array<number>(6).fill(begun),
        ...ONCE_EACH,
      ]);
    },
  );

  it("GIVEN a run of each version at once before the export has begun THEN each event is there once", async () => {
    const events = quarterOfAnHour();
    const runs = [story.run({ limits: SMALL })];
    story.deploy(V33);
    runs.push(story.run({ limits: SMALL }));
    await Promise.allSettled(runs);

    await finish();
    story.deploy(V34);
    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN keys that have expired THEN the change is refused, and a choice of time continues", async () => {
    const events = quarterOfAnHour();
    await story.run();
    story.wait(100 * DAY);
    const before = story.objects();
    story.deploy(V33);

    await expect(story.run()).rejects.toThrow(
      "The export of acme continues with v3.3 of the events API, but which events it has written since 2026-01-31T00:09:13.000Z",
    );
    expect(story.objects()).toEqual(before);
    await story.chooseOverlap(timeOf(events[5] as EntityScoringEvent) + 1);
    const more = story.advance(FIVE_MINUTES);
    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, 1, 1]);
  });
});

describe("e: the tenant is at another address", () => {
  it("GIVEN another address THEN the run is refused, reads and writes nothing, and continues once it is adopted", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    const requests = story.tenant.requests().length;
    const before = story.objects();
    const moved = story.tenant.url.replace("127.0.0.1", "localhost");
    story.deploy({ settings: { url: moved } });

    await expect(story.run()).rejects.toThrow(
      `The export of acme is from ${story.tenant.url}, whose cursor says nothing about the events of ${moved}. Nothing was read.`,
    );
    expect(story.tenant.requests()).toHaveLength(requests);
    expect(story.objects()).toEqual(before);
    await story.adopt();
    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
    expect((await story.checkpoint()).moves).toMatchObject([{ by: "operator", reason: "a change" }]);
  });

  it("GIVEN another address THEN backfill and redrive are refused as well", async () => {
    const from = inSeconds(story.tenant.now());
    quarterOfAnHour();
    story.deploy({ settings: { start: "latest" } });
    await story.run();
    story.deploy({ settings: { url: story.tenant.url.replace("127.0.0.1", "localhost") } });

    await expect(story.backfill({ from, to: inSeconds(story.tenant.now()) })).rejects.toThrow(
      "Nothing was read.",
    );
    await expect(story.redrive()).rejects.toThrow("Nothing was read.");
  });
});

describe("f: a late event with a time inside a backfill", () => {
  async function history() {
    story.deploy({ settings: { start: "latest" } });
    const from = inSeconds(story.tenant.now());
    const events = quarterOfAnHour();
    const range = { from, to: inSeconds(story.tenant.now()) };
    await story.run();
    return { events, range };
  }

  it.each([
    ["before it begins", "checkpoint.begin"],
    ["in its first window", "lake.put"],
    ["after its first window", "checkpoint.complete"],
  ])(
    "GIVEN one among the live export's events, %s, THEN the live export writes it, and the backfill does not",
    async (_, step) => {
      const { events, range } = await history();
      await dies(step, 1, (options) => story.backfill(range, options));
      const more = story.advance(FIVE_MINUTES);
      const late = story.tenant.addLate({ id: (more[1]?.id ?? 0) - 1, ...later(events[2], 1) });

      expect(await story.backfill(range)).toMatchObject({ caughtUp: true });
      await finish();
      expect(await story.backfill(range)).toMatchObject({ eventsRead: 0, caughtUp: true });

      expect(await story.counts([...events, ...more, late])).toEqual([...ONCE_EACH, 1, 1, 1]);
    },
  );

  it("GIVEN one among the backfill's own events, which it has not read, THEN the backfill writes it", async () => {
    const { events, range } = await history();
    await dies("checkpoint.complete", 1, (options) => story.backfill(range, options));
    const late = story.tenant.addLate({ id: (events[5]?.id ?? 0) - 1, ...later(events[5], -1) });

    expect(await story.backfill(range)).toMatchObject({ caughtUp: true });
    await finish();

    expect(await story.counts([...events, late])).toEqual([...ONCE_EACH, 1]);
  });

  it("GIVEN one after the whole backfill THEN a repeated backfill and the live export write it once at most", async () => {
    const { events, range } = await history();
    await story.backfill(range);
    const more = story.advance(FIVE_MINUTES);
    const late = story.tenant.addLate({ id: (more[0]?.id ?? 0) - 1, ...later(events[2], 1) });

    await story.backfill(range);
    await finish();
    await story.backfill(range);

    // Its id is after the cursor at which the live export began.
    expect(await story.counts([...events, ...more, late])).toEqual([...ONCE_EACH, 1, 1, 1]);
  });
});

describe("g: the table is restored, or lost", () => {
  it.each([
    ["one of the newest window's objects is written", "lake.put", 2],
    ["all of them are", "checkpoint.complete", 1],
    ["the next window is fixed and not written", "lake.put", 3],
  ])(
    "GIVEN a backup from before the first window, while %s, THEN that window is written again, exactly",
    async (_, step, nth) => {
      await story.run();
      const putBack = story.table.backUp();
      const events = quarterOfAnHour();
      await dies(step, nth);
      putBack();

      await story.restore();
      const more = story.advance(FIVE_MINUTES);
      await finish();

      expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, 1, 1]);
    },
  );

  it("GIVEN a backup that holds an intent, whose window was completed since, THEN each event is there once", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put");
    const putBack = story.table.backUp();
    await story.run({ limits: SMALL });
    const more = quarterOfAnHour();
    await story.run({ limits: SMALL });
    putBack();

    await story.restore();
    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, ...ONCE_EACH]);
  });

  it("GIVEN a state that is lost THEN the export continues behind what is in the lake", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 3);
    story.table.clear();

    await story.restore();
    const more = story.advance(FIVE_MINUTES);
    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, 1, 1]);
  });

  it("GIVEN an event that was redriven since the backup THEN it does not come back into quarantine", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[0]?.id });
    await story.run({ limits: SMALL });
    const putBack = story.table.backUp();
    story.deploy({ rejects: () => false });
    expect(await story.redrive()).toMatchObject({ redriven: 1 });
    putBack();

    await story.restore();
    await finish();
    await story.redrive();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it.each(["missing", "changed"] as const)(
    "GIVEN pieces that are %s THEN the run is refused and writes nothing, and continues once the work is abandoned",
    async (how) => {
      const events = quarterOfAnHour();
      await dies("lake.put", 2);
      story.table.damagePieces(how);
      const before = story.objects();

      await expect(story.run()).rejects.toThrow(
        'Nothing was written, and part of it may be in the lake already. To give it up: vectra-cdr checkpoint abandon --reason "<why>".',
      );
      expect(story.objects()).toEqual(before);
      await story.abandon();
      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
    },
  );
});

describe("a window that is written again, exactly", () => {
  it.each(["lake.put", "scores.store", "recent.store", "checkpoint.complete"])(
    "GIVEN a run that died before %s, and abandoned work, THEN the same objects are there, byte by byte",
    async (step) => {
      const events = quarterOfAnHour();
      await dies(step, step === "lake.put" ? 2 : 1);
      const before = story.objects();
      await story.abandon();

      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
      const after = story.objects();
      expect(new Map([...before.keys()].map((key) => [key, after.get(key)]))).toEqual(before);
    },
  );
});

describe("work that is not decided, or is somebody else's", () => {
  it.each(["pieces.store", "checkpoint.fix"])(
    "GIVEN a run that died before %s THEN the next one prepares anew, and leaves nothing behind",
    async (step) => {
      const events = quarterOfAnHour();
      await dies(step);

      await finish();

      expect(await story.counts(events)).toEqual(ONCE_EACH);
    },
  );

  it("GIVEN a backfill's unfinished work, and a live run, THEN the backfill still finds its work", async () => {
    story.deploy({ settings: { start: "latest" } });
    const from = inSeconds(story.tenant.now());
    const events = quarterOfAnHour();
    const range = { from, to: inSeconds(story.tenant.now()) };
    await story.run();
    await dies("lake.put", 2, (options) => story.backfill(range, options));
    await story.run();

    expect(await story.backfill(range)).toMatchObject({ caughtUp: true });

    expect(await story.counts(events)).toEqual(ONCE_EACH);
    await story.expectNothingStuck();
  });

  it("GIVEN a run that sleeps before it deletes what others left behind THEN it deletes nothing of a later intent", async () => {
    const events = quarterOfAnHour();
    const sleeper = await fallAsleep(
      (options) => story.run(options),
      { limits: LARGE },
      ({ name, moment }) => name === "pieces.deleteOrphans" && moment === "before",
    );
    story.letTheLeasesEnd();
    const more = quarterOfAnHour();
    await dies("lake.put");

    await sleeper.wake();
    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, ...ONCE_EACH]);
  });

  it("GIVEN a run that sleeps before it holds an event, which is redriven meanwhile, THEN the event does not come back", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[0]?.id });
    const sleeper = await fallAsleep(
      (options) => story.run(options),
      { limits: LARGE },
      ({ name, moment }) => name === "quarantine.apply" && moment === "before",
    );
    story.letTheLeasesEnd();
    await story.run();
    story.deploy({ rejects: () => false });
    expect(await story.redrive()).toMatchObject({ redriven: 1 });

    expect(await sleeper.wake()).toBe("failed");
    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });
});

describe("the state of a newer release", () => {
  it("GIVEN it THEN the run is refused, and takes no lease", async () => {
    quarterOfAnHour();
    await story.run({ limits: { ...SMALL, maxEvents: 4 } });
    await story.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { state_version: 3 } });
    const before = story.contents();

    for (const run of [story.run(), story.redrive()]) {
      await expect(run).rejects.toThrow("The checkpoint was written by a newer release");
    }
    // A warm container knows already where the state is.
    const warm = new Checkpoint({ table: story.table, pk: "acme#v3.4" }, "proof/warm");
    await expect(warm.acquire(Date.now(), Date.now() + 60_000)).rejects.toThrow("a newer release");
    expect(story.contents()).toBe(before);
  });
});

describe("h: an event is exported after all", () => {
  it("GIVEN the cursor is moved back to a held event, which is exported, THEN it leaves the quarantine, and a redrive finds nothing", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[4]?.id });
    await story.run({ limits: SMALL });
    expect(await story.counts(events)).toEqual([1, 1, 1, 1, -1, 1]);
    story.deploy({ rejects: () => false });
    // The last window, whose objects are replaced.
    await story.moveTo((events[3]?.id ?? 0) + 1);
    await story.run();

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [] });

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN it is discarded in between THEN it is exported once, and not in quarantine", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[4]?.id });
    await story.run({ limits: SMALL });
    await story.discardAll();
    story.deploy({ rejects: () => false });
    await story.moveTo((events[3]?.id ?? 0) + 1);
    await story.run();

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [] });

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN a redrive that dies after the cursor was moved back THEN the event is there once", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[4]?.id });
    await story.run({ limits: SMALL });
    story.deploy({ rejects: () => false });
    await dies("quarantine.apply", 1, (options) => story.redrive(options));

    await finish();

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [] });
    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN a held event of a window that was abandoned, and a redrive before it is read again, THEN the event is there once", async () => {
    const events = quarterOfAnHour();
    story.deploy({ rejects: ({ id }) => id === events[0]?.id });
    await dies("checkpoint.complete");
    story.deploy({ rejects: () => false });
    await story.abandon();

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [{ key: String(events[0]?.id) }] });
    await finish();

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [] });
    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN filters that leave a held event out THEN a redrive releases and counts it", async () => {
    const events = quarterOfAnHour();
    const held = events.find(({ is_prioritized }) => !is_prioritized);
    story.deploy({ rejects: ({ id }) => id === held?.id });
    await story.run();
    story.deploy({ rejects: () => false, settings: { filters: { accounts: "all", prioritizedOnly: true } } });

    expect(await story.redrive()).toMatchObject({ redriven: 0, filtered: 1, remaining: [] });
    expect(await story.counts([held as EntityScoringEvent])).toEqual([0]);
  });
});

describe("i: two events of one id", () => {
  it("GIVEN other content on the same page THEN the second is in quarantine, with the reason", async () => {
    const events = quarterOfAnHour();
    const second = story.tenant.duplicate(events[1]?.id ?? 0, later(events[1], 1));

    expect(await story.run()).toMatchObject({ eventsRead: 7, eventsWritten: 6, eventsQuarantined: 1 });

    expect(await story.counts([...events, second])).toEqual([...ONCE_EACH, -1]);
    expect(await (await story.quarantine()).all()).toMatchObject([
      { reason: `event.id: is ${second.id}, which another event had before, with other content` },
    ]);
    await finish();
  });

  it("GIVEN a page that repeats an event of an earlier window with other content THEN that is in quarantine", async () => {
    const events = quarterOfAnHour();
    await story.run();
    const repeated = story.tenant.duplicate(events[5]?.id ?? 0, later(events[5], 1));
    await story.moveTo(0);
    await story.run();

    // All of them are written again, over the same objects, because the cursor was moved back on purpose.
    expect(await story.counts([...events, repeated])).toEqual([...ONCE_EACH, -1]);
  });

  it("GIVEN the very same event twice THEN it is there once", async () => {
    const events = quarterOfAnHour();
    story.tenant.duplicate(events[1]?.id ?? 0, {});

    expect(await story.run()).toMatchObject({ eventsRead: 6, eventsWritten: 6, eventsQuarantined: 0 });

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });
});

describe("j: the place of unfinished work", () => {
  const OTHER_LAKE =
    /prepared for s3:\/\/lake\/region=eu-west-1\/, and the exporter now writes to s3:\/\/moved\/region=eu-west-1\/\. Nothing was written\./;
  const IN_OLD = ["s3://lake/region=eu-west-1/"];
  const IN_NEW = ["s3://moved/region=eu-west-1/"];

  async function movesWithUnfinishedWork(step = "lake.put", nth = 2) {
    const events = quarterOfAnHour();
    const { lake } = story.deployment;
    await dies(step, nth);
    story.deploy({ lake: story.addLake("moved") });
    const before = story.objects();
    await expect(story.run()).rejects.toThrow(OTHER_LAKE);
    expect(story.objects()).toEqual(before);
    return { events, lake };
  }

  it("GIVEN another lake THEN the run is refused; the old one, configured again, gets what was fixed", async () => {
    const { events, lake } = await movesWithUnfinishedWork();
    const moved = story.deployment.lake;
    story.deploy({ lake });
    await story.run({ limits: { ...SMALL, maxEvents: 4 } });
    story.deploy({ lake: moved });

    await finish();

    const where = await story.whereabouts();
    expect(events.map((event) => where.get(timeOf(event))?.lakes)).toEqual([
      IN_OLD,
      IN_OLD,
      IN_OLD,
      IN_OLD,
      IN_NEW,
      IN_NEW,
    ]);
  });

  it.each([
    ["half written", "lake.put", 2],
    ["written, and its keys are stored", "checkpoint.complete", 1],
  ])(
    "GIVEN another lake, and work that is %s is abandoned, THEN the new one gets the whole window",
    async (_, step, nth) => {
      const { events } = await movesWithUnfinishedWork(step, nth);
      await story.abandon();

      await finish();

      const where = await story.whereabouts();
      const inNew = events.map(
        (event) => where.get(timeOf(event))?.lakes.filter((lake) => lake === IN_NEW[0]).length,
      );
      expect(inNew).toEqual(ONCE_EACH);
    },
  );

  it("GIVEN another lake when nothing is unfinished THEN it gets the next events", async () => {
    const events = quarterOfAnHour();
    await story.run();
    story.deploy({ lake: story.addLake("moved") });
    const more = story.advance(FIVE_MINUTES);

    await finish();

    expect(await story.counts([...events, ...more])).toEqual([...ONCE_EACH, 1, 1]);
  });

  it("GIVEN another event class THEN the run is refused until the old one is configured again", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    const before = story.objects();
    story.deploy({ settings: { profile: "detection-finding-1.3" } });

    await expect(story.run()).rejects.toThrow(
      "was prepared for a profile of event class SECURITY_FINDING, and the exporter now writes to DETECTION_FINDING. Nothing was written.",
    );
    expect(story.objects()).toEqual(before);
    story.deploy({ settings: { profile: "vectra" } });
    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
  });

  it("GIVEN another profile of the same class, or another partition account, THEN what was fixed stays as it is", async () => {
    const events = quarterOfAnHour();
    await dies("lake.put", 2);
    story.deploy({
      settings: { profile: "security-finding-1.1", partitionAccountId: "444444444444", rawData: true },
    });

    await finish();

    expect(await story.counts(events)).toEqual(ONCE_EACH);
    expect([...story.objects().keys()].map((key) => /accountId=\d+/.exec(key)?.[0])).toEqual([
      "accountId=333333333333",
      "accountId=333333333333",
      "accountId=444444444444",
    ]);
  });
});
