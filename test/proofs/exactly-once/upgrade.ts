import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { type EarlierRelease, type Invocation, startEarlierRelease } from "../rig/earlier-release.js";
import { type Moment, Stage } from "../rig/stage.js";
import { backfillOfHistory, LARGE, liveExport, redrive, SMALL, type Subject } from "../rig/subjects.js";
import { durableState } from "./durable-state.js";

/** A crash after a call's answer is one before the next call. */
const MOMENTS: readonly Moment[] = ["before the call", "after its effect"];

/** Something that the earlier release does; what it leaves undone, this release does. */
interface Upgrade {
  readonly title: string;
  /** Begins a story of the earlier release, in which there is something to do. */
  begin(): Promise<void>;
  /** What the earlier release is invoked for. */
  invocation(): Invocation;
  /** What this release does later; then everything has been done. */
  finish(): Promise<void>;
}

/** The export of new events, of which one cannot be exported by the earlier release, but by this one. */
export function liveUpgrade(stage: Stage, earlier: EarlierRelease): Upgrade {
  const { exporter } = stage;
  let first = 0;
  return {
    title: "a live export",
    async begin() {
      await stage.newStory(earlier.begin);
      first = exporter.tenant.events().at(-6)?.id ?? 0;
      exporter.tamper(exporter.tenant.events().at(-3)?.id ?? 0, { active_detection_types: "none" });
    },
    invocation: () => ({}),
    async finish() {
      repeatEvents(stage, first);
      expect(await exporter.run({ limits: LARGE })).toMatchObject({ outcome: "exported", caughtUp: true });
      expect(await exporter.run({ limits: LARGE })).toMatchObject({ eventsRead: 0, caughtUp: true });
      stage.live();
      await exporter.fixAll();
      expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    },
  };
}

function backfillUpgrade(stage: Stage, earlier: EarlierRelease): Upgrade {
  const { exporter } = stage;
  let range: TimeRange = { from: "", to: "" };
  return {
    title: "a backfill",
    async begin() {
      range = await stage.newStoryWithHistory(earlier.begin);
    },
    invocation: () => ({ backfill: range }),
    async finish() {
      await exporter.run({ limits: LARGE });
      expect(await exporter.backfill(range, { limits: LARGE })).toMatchObject({ caughtUp: true });
      expect(await exporter.backfill(range, { limits: LARGE })).toMatchObject({
        outcome: "exported",
        eventsRead: 0,
        caughtUp: true,
      });
    },
  };
}

/** A redrive of two events that could not be exported when they arrived. */
function redriveUpgrade(stage: Stage, earlier: EarlierRelease): Upgrade {
  const { exporter } = stage;
  return {
    title: "a redrive",
    async begin() {
      await stage.newStory(earlier.begin);
      for (const { id } of exporter.tenant.events().slice(-6, -4)) {
        exporter.tamper(id, { entity_id: "eight" });
      }
      await earlier.begin();
      expect(await exporter.quarantine().all()).toHaveLength(2);
      await exporter.fixAll();
    },
    invocation: () => ({ redrive: true }),
    async finish() {
      await exporter.redrive();
      await exporter.run({ limits: LARGE });
      expect(await exporter.quarantine().all()).toEqual([]);
    },
  };
}

const UPGRADES: readonly ((stage: Stage, earlier: EarlierRelease) => Upgrade)[] = [
  liveUpgrade,
  backfillUpgrade,
  redriveUpgrade,
];
const SUBJECTS: readonly ((stage: Stage) => Subject)[] = [liveExport, backfillOfHistory, redrive];
const LONG = { timeout: 300_000 };

/**
 * The proof that the function may be upgraded and rolled back at any time, with the bundle of the release before the
 * write-ahead, which runs in processes of its own.
 *
 * @param every 1 for each call and step, n for every n-th.
 */
export function proveUpgrade({
  every,
  upgrades = UPGRADES,
  rollbacks = UPGRADES,
  downgrades = SUBJECTS,
}: {
  readonly every: number;
  readonly upgrades?: typeof UPGRADES;
  readonly rollbacks?: typeof UPGRADES;
  readonly downgrades?: typeof SUBJECTS;
}): void {
  let stage: Stage;
  let earlier: EarlierRelease;
  beforeAll(async () => {
    stage = await Stage.start();
    earlier = await startEarlierRelease(stage);
  });
  afterAll(async () => {
    await earlier.close();
    await stage.close();
  });

  for (const upgradeOn of upgrades) {
    it(`${upgradeOn.name}: the earlier release dies at a call, and this one finishes`, LONG, async () => {
      const upgrade = upgradeOn(stage, earlier);
      await upgrade.begin();
      const calls = await stage.callsOf(() => earlier.invoke(upgrade.invocation()));
      await recover(upgrade, "no crash");
      let crashes = 0;
      for (const moment of MOMENTS) {
        for (let call = every - 1; call < calls; call += every) {
          await upgrade.begin();
          await stage.crashed(() => earlier.invoke(upgrade.invocation()), call, moment);
          await recover(upgrade, `${upgrade.title}: a crash ${moment}, ${call + 1} of ${calls}`);
          crashes += 1;
        }
      }
      expect(calls).toBeGreaterThan(10);
      console.log(
        `Upgrade in the middle of ${upgrade.title}: ${calls} calls x ${MOMENTS.length} moments, every ${every}: ` +
          `${crashes} crashes of the earlier release, 0 lost, 0 doubled`,
      );
    });
  }

  for (const upgradeOn of rollbacks) {
    it(
      `${upgradeOn.name}: this release dies while it takes over, the earlier one runs again, and this one finishes`,
      LONG,
      async () => {
        const upgrade = upgradeOn(stage, earlier);
        const container = earlier.container();
        const interrupted = async () => {
          await upgrade.begin();
          // Where the window is fixed and its objects are written, or nearly so.
          await stage.crashed(() => container.invoke(upgrade.invocation()), 9, "after its effect");
          stage.letTheLeasesEnd();
        };
        await interrupted();
        const taking = subjectOf(stage, upgrade.invocation());
        const steps = await stepsOf(taking);
        await recover(upgrade, "no crash");
        let refused = 0;
        let rolledBack = 0;
        for (let dying = every - 1; dying < steps; dying += every) {
          await interrupted();
          await diesAtStep(subjectOf(stage, upgrade.invocation()), dying);
          stage.letTheLeasesEnd();
          const { error } = await container.invoke(upgrade.invocation());
          refused += error === undefined ? 0 : 1;
          rolledBack += error === undefined ? 1 : 0;
          await recover(upgrade, `${upgrade.title}: a rollback at step ${dying + 1} of ${steps}`);
        }
        container.end();
        expect(refused).toBeGreaterThan(0);
        expect(rolledBack).toBeGreaterThan(0);
        console.log(
          `Rollback in the middle of the upgrade of ${upgrade.title}: ${steps} steps, every ${every}: the earlier release finished ` +
            `${rolledBack} times and refused ${refused} times, 0 lost, 0 doubled`,
        );
      },
    );
  }

  for (const subjectOn of downgrades) {
    it(
      `${subjectOn.name}: this release dies at a step, and the earlier one fails and changes nothing`,
      LONG,
      async () => {
        const subject = subjectOn(stage);
        const container = earlier.container();
        await subject.begin();
        const steps = await stepsOf(subject);
        await expectRefusal(container, `${subject.title}: idle`);
        await recover(subject, "no crash");
        let refusals = 0;
        for (let dying = every - 1; dying < steps; dying += every) {
          await subject.begin();
          await diesAtStep(subject, dying);
          stage.letTheLeasesEnd();
          const where = `${subject.title}: a crash at step ${dying + 1} of ${steps}`;
          refusals += await expectRefusal(container, where);
          await recover(subject, where);
        }
        container.end();
        console.log(
          `Downgrade after ${subject.title}: ${steps} steps, every ${every}: ${refusals} invocations of the earlier release refused, ` +
            "0 changes, 0 lost, 0 doubled",
        );
      },
    );
  }

  /** Whatever it is invoked for, the earlier release fails, and nothing but leases is different afterwards. */
  async function expectRefusal(
    container: ReturnType<EarlierRelease["container"]>,
    where: string,
  ): Promise<number> {
    const history = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
    const invocations: readonly Invocation[] = [
      {},
      { redrive: true },
      { backfill: history },
      { backfill: { ...history, allowOverlap: true } },
    ];
    const before = await durableState(stage.exporter);
    for (const invocation of invocations) {
      const { error } = await container.invoke(invocation);
      expect(error, where).toMatch(/intent/);
      // The next one is not kept out by the lease of this one.
      stage.letTheLeasesEnd();
    }
    expect(await durableState(stage.exporter), where).toEqual(before);
    return invocations.length;
  }

  /** New events arrive, the lease of the dead run ends, and this release finishes. */
  async function recover(upgrade: Pick<Upgrade, "finish">, where: string): Promise<void> {
    stage.exporter.tenant.advance(300_000);
    stage.letTheLeasesEnd();
    await upgrade.finish();
    await stage.expectExactlyOnce(where);
    expect(await stage.exporter.storedCheckpoint(), where).toMatchObject({ state_version: 2, intent: null });
  }
}

/** This release, invoked for the same. */
function subjectOf({ exporter }: Stage, { backfill, redrive }: Invocation): Pick<Subject, "run"> {
  return {
    run: (options) =>
      backfill !== undefined
        ? exporter.backfill(backfill, options)
        : redrive === undefined
          ? exporter.run(options)
          : exporter.redrive(options),
  };
}

async function stepsOf(subject: Pick<Subject, "run">): Promise<number> {
  let steps = 0;
  await subject.run({
    limits: SMALL,
    reach: () => {
      steps += 1;
    },
  });
  return steps;
}

async function diesAtStep(subject: Pick<Subject, "run">, dying: number): Promise<void> {
  let reached = 0;
  const reach = () => {
    reached += 1;
    if (reached > dying) {
      throw new Error("This run is dead");
    }
  };
  await subject.run({ limits: SMALL, reach }).catch(() => undefined);
}

/**
 * From now on each page begins with events before it.
 *
 * @param first id of the first event of the export, before which none is repeated.
 * @param most number of events that are repeated.
 */
export function repeatEvents({ exporter: { tenant } }: Stage, first: number, most = 2): void {
  const { fetch: realFetch } = globalThis;
  vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
    const response = await realFetch(...request);
    const { pathname, searchParams } = new URL(String(request[0]));
    if (!pathname.includes("/events/") || !response.ok) {
      return response;
    }
    const page = (await response.json()) as { events: { readonly id: number }[] };
    const from = Number(searchParams.get("from"));
    const before = tenant.events().filter(({ id }) => id >= first && id < from);
    return Response.json({
      ...page,
      events: page.events.length === 0 ? [] : [...before.slice(-most), ...page.events],
    });
  });
}
