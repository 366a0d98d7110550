import { afterAll, beforeAll, expect, it } from "vitest";
import { MOMENTS, Stage } from "../rig/stage.js";
import { backfillOfHistory, liveExport, redrive, SMALL, type Subject } from "../rig/subjects.js";
import type { Step } from "../rig/watched-exporter.js";

const SUBJECTS: readonly ((stage: Stage) => Subject)[] = [liveExport, backfillOfHistory, redrive];

/**
 * The proof that a run may die anywhere: before, after the effect of, and after the answer of each call that it
 * makes to Vectra and to AWS, and at each step between. The next run has other page and window sizes, and new events
 * have arrived by then; after it, every event is in the lake exactly once, and nothing is stuck.
 *
 * @param every 1 for a crash at each call and step, n at every n-th.
 * @param subjects what dies. @default - the live export, a backfill, a redrive
 * @param countAgain counts the events of all stories in the lake in another way.
 */
export function proveCrashMatrix({
  every,
  subjects = SUBJECTS,
  countAgain,
}: {
  every: number;
  subjects?: typeof SUBJECTS;
  countAgain?: (stage: Stage) => Promise<void>;
}): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.close());

  /** New events arrive, the lease of the dead run ends, and the next one finishes. */
  async function recover(subject: Subject, where: string): Promise<void> {
    stage.exporter.tenant.advance(300_000);
    stage.letTheLeasesEnd();
    await subject.finish();
    await stage.expectExactlyOnce(where);
  }

  for (const subjectOn of subjects) {
    it(`${subjectOn.name}: when a run dies at a call or between two`, { timeout: 300_000 }, async () => {
      const subject = subjectOn(stage);
      await subject.begin();
      const calls = await stage.callsOf(() => subject.run({ limits: SMALL }));
      await recover(subject, `${subject.title}: no crash`);
      let crashes = 0;
      for (const moment of MOMENTS) {
        for (let call = 0; call < calls; call += every) {
          await subject.begin();
          await stage.crashed(() => subject.run({ limits: SMALL }), call, moment);
          await recover(subject, `${subject.title}: a crash ${moment}, ${call + 1} of ${calls}`);
          crashes += 1;
        }
      }

      const steps = await stepsOf(subject);
      await recover(subject, `${subject.title}: no crash`);
      for (let dying = 0; dying < steps.length; dying += every) {
        await subject.begin();
        await diesAtStep(subject, dying);
        const { moment, name } = steps[dying] ?? {};
        await recover(
          subject,
          `${subject.title}: a crash ${moment} ${name}, ${dying + 1} of ${steps.length}`,
        );
        crashes += 1;
      }
      expect(calls).toBeGreaterThan(10);
      expect(steps.length).toBeGreaterThan(10);
      console.log(
        `Crash matrix of ${subject.title}: ${calls} calls x ${MOMENTS.length} moments and ${steps.length} steps ` +
          `between them, every ${every}: ${crashes} crashes, 0 lost, 0 doubled`,
      );
    });
  }

  if (countAgain !== undefined) {
    it("the lake holds each event once, as another reader counts", () => countAgain(stage));
  }
}

async function stepsOf(subject: Subject): Promise<readonly Step[]> {
  const steps: Step[] = [];
  await subject.begin();
  await subject.run({
    limits: SMALL,
    reach: (step) => {
      steps.push(step);
    },
  });
  return steps;
}

async function diesAtStep(subject: Subject, dying: number): Promise<void> {
  let reached = 0;
  const reach = () => {
    reached += 1;
    if (reached > dying) {
      throw new Error("This run is dead");
    }
  };
  await subject.run({ limits: SMALL, reach }).catch(() => undefined);
}
