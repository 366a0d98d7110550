import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fallAsleep } from "../rig/sleeper.js";
import { Stage } from "../rig/stage.js";
import { FIVE_MINUTES, Story } from "../rig/story.js";
import { backfillOfHistory, liveExport, redrive, SMALL } from "../rig/subjects.js";

/** Cuts six events otherwise than the others do. */
const UNEVEN = { pageSize: 3, windowEvents: 3 };

/**
 * The proof that a run may be held up, or run out of time, anywhere.
 *
 * @param every 1 for each step of a run, n for every n-th.
 * @param countAgain counts the events of all stories in the lake in another way.
 */
export function proveInterruptions({
  every,
  countAgain,
}: {
  every: number;
  countAgain?: (stage: Stage) => Promise<void>;
}): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.close());

  for (const subjectOn of [liveExport, backfillOfHistory, redrive]) {
    it(`${subjectOn.name}: a run sleeps until others took its lease and finished, and wakes up`, {
      timeout: 120_000,
    }, async () => {
      const subject = subjectOn(stage);
      let slept = 0;
      for (let step = 0; ; step += every) {
        await subject.begin();
        const sleeper = await fallAsleep(subject.run, { limits: SMALL }, step);
        stage.exporter.tenant.advance(300_000);
        stage.letTheLeasesEnd();
        await subject.finish();
        await sleeper.wake();
        await stage.expectExactlyOnce(`${subject.title}: asleep at step ${step + 1}`);
        // Scores that the sleeper had set back would show in the directions of later events.
        stage.exporter.tenant.advance(300_000);
        await subject.finish();
        await stage.expectExactlyOnce(`${subject.title}: asleep at step ${step + 1}, and later`);
        if (!sleeper.asleep) {
          break;
        }
        slept += 1;
      }
      expect(slept).toBeGreaterThan(10 / every);
      console.log(`Sleeping runs of ${subject.title}: ${slept} steps, 0 lost, 0 doubled`);
    });
  }

  for (const becomes of ["redriven", "discarded"] as const) {
    it(`a run sleeps until others finished its window and its event in quarantine was ${becomes}, and wakes up`, {
      timeout: 120_000,
    }, async () => {
      let slept = 0;
      for (let step = 0; ; step += every) {
        const isAsleep = await sleepsWhileHeldEventIs(becomes, step);
        if (!isAsleep) {
          break;
        }
        slept += 1;
      }
      expect(slept).toBeGreaterThan(10 / every);
      console.log(
        `Sleeping runs whose held event is ${becomes}: ${slept} steps, 0 lost, 0 doubled, 0 back in quarantine`,
      );
    });
  }

  it("a run wakes up while the run that took its lease is running, which then continues", {
    timeout: 300_000,
  }, async () => {
    const { exporter } = stage;
    const subject = liveExport(stage);
    let slept = 0;
    // The first sleeper is about to fix, to write or to complete its first window, in turn.
    for (const first of ["checkpoint.fix", "lake.put", "checkpoint.complete"]) {
      for (let step = 0; ; step += every) {
        await subject.begin();
        const one = await fallAsleep(
          subject.run,
          { limits: SMALL },
          ({ name, moment }) => name === first && moment === "before",
        );
        stage.letTheLeasesEnd();
        const other = await fallAsleep(subject.run, { limits: UNEVEN }, step);
        await one.wake();
        exporter.tenant.advance(300_000);
        await other.wake();
        stage.letTheLeasesEnd();
        await subject.finish();
        await stage.expectExactlyOnce(`${first} slept over, and the other run at step ${step + 1}`);
        if (!other.asleep) {
          break;
        }
        slept += 1;
      }
    }
    console.log(`Two sleeping runs, one after the other: ${slept} pairs, 0 lost, 0 doubled`);
  });

  it("a run's time is over at any step: it stops, or is stopped by its deadline", {
    timeout: 120_000,
  }, async () => {
    const { exporter } = stage;
    const subject = liveExport(stage);
    let stops = 0;
    for (const left of [29_000, 4_000]) {
      for (let step = 0; ; step += every) {
        await subject.begin();
        const reached = await runOutOfTime(step, left);
        exporter.tenant.advance(300_000);
        // Nothing is stuck: the run gave its lease back, and the next one need not wait.
        await subject.finish();
        await stage.expectExactlyOnce(`${left} ms left at step ${step + 1}`);
        if (!reached) {
          break;
        }
        stops += 1;
      }
    }
    console.log(`Runs out of time: ${stops} steps, 0 lost, 0 doubled`);
  });

  if (countAgain !== undefined) {
    it("the lake holds each event once, as another reader counts", () => countAgain(stage));
  }

  /** A run that at a step has so many milliseconds left; at the deadline its requests are given up. */
  async function runOutOfTime(step: number, left: number): Promise<boolean> {
    const deadline = new AbortController();
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) =>
      milliseconds > 60_000 ? deadline.signal : timeout(milliseconds),
    );
    let remaining = 240_000;
    let reached = 0;
    const reach = () => {
      reached += 1;
      if (reached - 1 !== step) {
        return;
      }
      remaining = left;
      if (left < 5_000) {
        deadline.abort(new DOMException("The time is over", "TimeoutError"));
      }
    };
    await liveExport(stage)
      .run({ limits: SMALL, remaining: () => remaining, reach })
      .catch(() => undefined);
    vi.restoreAllMocks();
    return reached > step;
  }
}

/** A run sleeps at a step; others finish, with the same version; the fourth event leaves the quarantine; the run wakes up. */
async function sleepsWhileHeldEventIs(becomes: "redriven" | "discarded", step: number): Promise<boolean> {
  const story = await Story.begin();
  try {
    const events = story.advance(3 * FIVE_MINUTES);
    story.deploy({ rejects: ({ id }) => id === events[3]?.id });
    const sleeper = await fallAsleep((options) => story.run(options), { limits: SMALL }, step);
    story.letTheLeasesEnd();
    await story.run({ limits: SMALL });
    story.deploy({ rejects: () => false });
    if (becomes === "redriven") {
      expect(await story.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    } else {
      await story.discardAll();
    }
    await sleeper.wake();
    story.letTheLeasesEnd();
    const more = story.advance(FIVE_MINUTES);
    await story.run({ limits: SMALL });

    expect(await story.redrive()).toMatchObject({ redriven: 0, remaining: [] });
    await story.expectNothingStuck();
    const held = becomes === "redriven" ? 1 : 0;
    expect(await story.counts([...events, ...more]), `step ${step + 1}`).toEqual([1, 1, 1, held, 1, 1, 1, 1]);
    return sleeper.asleep;
  } finally {
    await story.close();
  }
}
