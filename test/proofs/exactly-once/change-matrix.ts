import { expect, it } from "vitest";
import { backfillName } from "../../../facts/object-names.js";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import type { ContainerOptions, RunOptions } from "../rig/exporter.js";
import { FIVE_MINUTES, inSeconds, Story, timeOf } from "../rig/story.js";
import { LARGE, SMALL } from "../rig/subjects.js";
import { CHANGES, type Change, type SubjectName } from "./changes.js";

/*
 * What must be where after a change is decided here by what the tenant had given, never by what the exporter has stored:
 *
 * - An intent of the live export or a backfill has the next four events of the log that have not been decided, because runs have
 *   windows of four (the last one has fewer). How many intents a run fixed before it died is seen from outside: by the steps whose
 *   effect it reached. A decided event is in the lake exactly once as it was then, or in quarantine if the version of then rejected it,
 *   whatever becomes of it in the tenant's log.
 * - Everything else that the log has at the end, from the id of the last decided event on, is in the lake exactly once, as it is then:
 *   unless the settings of then leave it out, the version of then rejects it, or it has the id of another one. So an event that
 *   becomes visible late counts if its id is beyond the last decided one, and not if the cursor had passed it.
 * - A backfill's own are the events of its range before the id at which the live export began.
 * - A redrive's intent has every event in quarantine that its version can export.
 * - What was in the lake at the time of the change stays as it was, byte by byte, unless an operator has the window written again.
 */

const TWO_HOURS = 7_200_000;

interface Expected {
  readonly event: EntityScoringEvent;
  readonly where: "lake" | "quarantine" | "nowhere";
  /** Whether it may be in the old lake, too: its work was given up there. */
  readonly mayBeInOldLake?: boolean;
}

/** What happens to be running when something changes. */
abstract class Subject {
  readonly story: Story;
  readonly change: Change;
  /** Events that were exported before the run that dies. */
  exportedBefore = 0;

  constructor(story: Story, change: Change) {
    this.story = story;
    this.change = change;
  }

  abstract begin(): Promise<void>;
  abstract run(options: RunOptions & ContainerOptions): Promise<unknown>;
  /** Name of the backfill. */
  abstract readonly job: string | undefined;

  /** The events that so many intents hold, of the log as it is. */
  decided(log: readonly EntityScoringEvent[], fixes: number): readonly EntityScoringEvent[] {
    return fixes < 0 ? [] : log.slice(0, this.exportedBefore + 4 * fixes);
  }

  /** Events that wait elsewhere than in the log. */
  get waiting(): readonly EntityScoringEvent[] {
    return [];
  }

  /** Whether an event of the log, at the end, is to be exported, given the id of the last decided one. */
  isOpen({ id }: EntityScoringEvent, lastDecided: number): boolean {
    return id > lastDecided;
  }

  /** Six events, of which no version can read the fourth. */
  protected quarterOfAnHour(): void {
    const { story, change } = this;
    const fourth = story.advance(3 * FIVE_MINUTES)[3];
    if (change.losesQuarantine !== true && fourth !== undefined) {
      story.tenant.swap(fourth.id, { active_detection_types: "none" as never });
    }
    change.prepare?.(story);
  }
}

class LiveExport extends Subject {
  readonly job = undefined;

  async begin() {
    this.quarterOfAnHour();
  }

  async run(options: RunOptions & ContainerOptions) {
    return await this.story.run(options);
  }
}

/** A backfill of a history before the live export, which begins after it. */
class Backfill extends Subject {
  #range: TimeRange = { from: "", to: "" };
  #liveBegins = 0;

  async begin() {
    const { story } = this;
    story.deploy({ settings: { start: "latest" } });
    const from = inSeconds(story.tenant.now());
    this.quarterOfAnHour();
    this.#range = { from, to: inSeconds(story.tenant.now()) };
    this.#liveBegins = (story.tenant.events().at(-1)?.id ?? 0) + 1;
    await story.run();
  }

  async run(options: RunOptions & ContainerOptions) {
    return await this.story.backfill(this.#range, options);
  }

  get job(): string {
    return backfillName(this.#range);
  }

  override isOpen(event: EntityScoringEvent, lastDecided: number): boolean {
    const { from, to } = this.#range;
    const isInRange = timeOf(event) >= Date.parse(from) && timeOf(event) < Date.parse(to);
    return event.id >= this.#liveBegins || (event.id > lastDecided && isInRange);
  }
}

/** A redrive of two events, which a version before could not export. */
class Redrive extends Subject {
  readonly job = undefined;
  #held: readonly EntityScoringEvent[] = [];

  async begin() {
    const { story, change } = this;
    story.advance(3 * FIVE_MINUTES);
    change.prepare?.(story);
    this.#held = story.tenant.events().slice(0, 2);
    const ids = new Set(this.#held.map(({ id }) => id));
    story.deploy({ rejects: ({ id }) => ids.has(id) });
    await story.run();
    story.deploy({ rejects: change.before?.rejects ?? (() => false) });
  }

  async run(options: RunOptions & ContainerOptions) {
    return await this.story.redrive(options);
  }

  override decided(log: readonly EntityScoringEvent[], fixes: number): readonly EntityScoringEvent[] {
    const { rejects } = this.story.deployment;
    const redriven = fixes <= 0 ? [] : this.#held.filter((event) => !rejects(event));
    return [...redriven, ...log.slice(2, 6)];
  }

  override get waiting(): readonly EntityScoringEvent[] {
    return this.#held;
  }
}

const SUBJECTS = { live: LiveExport, backfill: Backfill, redrive: Redrive } as const;

/** Begins a story, up to a run that dies before its n-th step, from 0. */
async function begun(name: SubjectName, change: Change, step: number) {
  const { before = {}, tenant } = change;
  const story = await Story.begin(before.settings, tenant);
  story.deploy(before);
  const subject = new SUBJECTS[name](story, change);
  await subject.begin();
  subject.exportedBefore = (await change.justBefore?.(story, name)) ?? 0;
  story.fixes = 0;
  return { story, subject, died: await diesAt(step, subject) };
}

/** A run that dies before its n-th step, from 0. @returns whether it came so far. */
async function diesAt(step: number, subject: Subject): Promise<boolean> {
  let reached = 0;
  const reach = () => {
    reached += 1;
    if (reached > step) {
      throw new Error("This run is dead");
    }
  };
  await subject.run({ limits: SMALL, reach }).catch(() => undefined);
  return reached > step;
}

/** One story. @returns whether a run was refused. */
async function play(name: SubjectName, change: Change, step: number): Promise<boolean> {
  const { story, subject } = await begun(name, change, step);
  try {
    story.letTheLeasesEnd();
    const decided = await decidedIn(name, subject);
    const objects = story.objects();
    await change.apply(story);
    const isRefused = await finish(name, subject);

    const open = await openIn(subject, decided);
    await expectWhereabouts(name, story, [...decided, ...open]);
    if (change.rewrites !== true) {
      const after = story.objects();
      expect(new Map([...objects.keys()].map((key) => [key, after.get(key)]))).toEqual(objects);
    }
    return isRefused;
  } finally {
    await story.close();
  }
}

/** The steps of a run, and those before which its death leaves the table or the lake as no death before an earlier step does. */
interface Steps {
  readonly all: number;
  readonly different: readonly number[];
}

async function stepsOf(name: SubjectName, change: Change): Promise<Steps> {
  const seen = new Set<string>();
  const different: number[] = [];
  for (let step = 0; ; step += 1) {
    const { story, died } = await begun(name, change, step);
    const left = story.contents();
    await story.close();
    if (!seen.has(left)) {
      seen.add(left);
      different.push(step);
    }
    if (!died) {
      return { all: step, different };
    }
  }
}

/** What the intents so far hold. */
async function decidedIn(name: SubjectName, subject: Subject): Promise<readonly Expected[]> {
  const { story, change } = subject;
  const { rejects } = story.deployment;
  const log = await givenBy(story);
  const earlier = new Set(subject.decided(log, story.fixes - 1));
  const isGivenUp = change.leavesOldLake === true && story.isUnfinished;
  const isAnother = anotherOfOneId();
  return subject.decided(log, story.fixes).map((event) => {
    const isRejected = name !== "redrive" && rejects(event);
    return {
      event,
      where: isAnother(event) || isSpoiled(event) || isRejected ? "quarantine" : "lake",
      mayBeInOldLake: isGivenUp && !earlier.has(event),
    };
  });
}

/** What was not decided at the time of the change. */
async function openIn(subject: Subject, decided: readonly Expected[]): Promise<readonly Expected[]> {
  const { story, change, waiting } = subject;
  const { rejects } = story.deployment;
  const lastDecided = Math.max(0, ...decided.map(({ event }) => event.id));
  const log = (await givenBy(story)).filter((event) => subject.isOpen(event, lastDecided));
  const times = new Set(decided.map(({ event }) => timeOf(event)));
  const isAnother = anotherOfOneId();
  const expected: Expected[] = [];
  for (const event of [...waiting, ...log]) {
    if (!times.has(timeOf(event))) {
      times.add(timeOf(event));
      const isKept = isAnother(event) || isSpoiled(event) || rejects(event);
      const isWanted = change.wants?.(event) ?? true;
      expected.push({ event, where: isKept ? "quarantine" : isWanted ? "lake" : "nowhere" });
    }
  }
  return expected;
}

/** The tenant's log as it is now, without what it does not give with these settings. */
async function givenBy(story: Story): Promise<readonly EntityScoringEvent[]> {
  const events = story.tenant.events();
  if (story.settings.includeScoreDecreases) {
    return events;
  }
  const ids = await story.idsWithoutDecreases();
  return events.filter(({ id }) => ids.has(id));
}

/** Says of each event whether one before it has the same id and is not the same. */
function anotherOfOneId(): (event: EntityScoringEvent) => boolean {
  const times = new Map<number, number>();
  return (event) => {
    const first = times.get(event.id) ?? timeOf(event);
    times.set(event.id, first);
    return first !== timeOf(event);
  };
}

function isSpoiled({ active_detection_types: types }: EntityScoringEvent): boolean {
  return !Array.isArray(types);
}

/** New events arrive, and other runs finish. @returns whether the first was refused. */
async function finish(name: SubjectName, subject: Subject): Promise<boolean> {
  const { story, change, job } = subject;
  const { refusal } = change;
  story.advance(FIVE_MINUTES);
  const isRefused = refusal?.isRight(story, name) ?? false;
  if (refusal !== undefined && isRefused) {
    const before = story.objects();
    await expect(subject.run({ limits: LARGE })).rejects.toThrow(refusal.message);
    if (refusal.finishesFirst !== true) {
      expect(story.objects()).toEqual(before);
    }
    await refusal.remedy(story, job);
  }
  await subject.run({ limits: LARGE });
  // Nothing has to wait for other events any longer.
  story.wait(TWO_HOURS);
  await story.run({ limits: LARGE });
  if (name !== "live") {
    const nothing = name === "redrive" ? { objects: [] } : { eventsRead: 0, caughtUp: true };
    expect(await subject.run({ limits: LARGE })).toMatchObject(nothing);
  }
  await story.expectNothingStuck();
  return isRefused;
}

async function expectWhereabouts(
  name: SubjectName,
  story: Story,
  expected: readonly Expected[],
): Promise<void> {
  const found = new Map(await story.whereabouts());
  const differences: string[] = [];
  for (const { event, where, mayBeInOldLake = false } of expected) {
    const { lakes = [], quarantined = 0 } = found.get(timeOf(event)) ?? {};
    found.delete(timeOf(event));
    const inOther = lakes.filter((lake) => lake !== story.firstLocation);
    // A redrive that is given up after the old lake has got its objects has nothing left to write.
    const isCountedInOther = mayBeInOldLake && !(name === "redrive" && inOther.length === 0);
    const counted = isCountedInOther ? inOther : lakes;
    const isRight =
      counted.length === (where === "lake" ? 1 : 0) && quarantined === (where === "quarantine" ? 1 : 0);
    if (!isRight) {
      differences.push(
        `${event.id} of ${event.event_timestamp}: ${counted.length} times in the lake, ${quarantined} in quarantine; expected: ${where}`,
      );
    }
  }
  for (const [time, { lakes, quarantined }] of found) {
    differences.push(
      `unexpected, of ${inSeconds(time)}: ${lakes.length} times in the lake, ${quarantined} in quarantine`,
    );
  }
  expect(differences).toEqual([]);
}

/**
 * The proof that anything may change between a run that dies, anywhere, and the next one: each change, before each step of a live
 * export, a backfill and a redrive. A run that dies before a step has done what one that dies after the step before has done; and of
 * steps whose deaths leave the very same table and lake, as between two reads, one is enough.
 *
 * @param every 1 for each of those steps, n for every n-th.
 * @param names what dies.
 * @param changes @default - all
 */
export function proveChangeMatrix({
  every,
  names,
  changes = CHANGES,
}: {
  every: number;
  names: readonly SubjectName[];
  changes?: readonly Change[];
}): void {
  for (const name of names) {
    it(`${name}: when anything changes after a run died at any step`, { timeout: 600_000 }, async () => {
      const refusals = new Map<string, number>();
      const failures: string[] = [];
      const own = changes.filter(({ to }) => to?.includes(name) ?? true);
      const usual = await stepsOf(name, { title: "nothing", apply: () => undefined });
      let stories = 0;
      for (const change of own) {
        const { before, prepare, justBefore, losesQuarantine } = change;
        const isUsual = [before, prepare, justBefore, losesQuarantine].every((part) => part === undefined);
        const { different } = isUsual ? usual : await stepsOf(name, change);
        for (const step of different.filter((_, index) => index % every === 0)) {
          try {
            if (await play(name, change, step)) {
              const reason = change.refusal?.name ?? "";
              refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
            }
          } catch (error) {
            failures.push(
              `${change.title}, before step ${step + 1}: ${error instanceof Error ? error.message : error}`,
            );
          }
          stories += 1;
        }
      }
      expect(failures).toEqual([]);
      const refused = [...refusals].map(([reason, times]) => `${reason} (${times})`);
      console.log(
        `Change matrix of ${name}: ${own.length} changes x ${usual.all} steps, which leave ${usual.different.length} different states, ` +
          `every ${every}: ${stories} stories, 0 lost, 0 doubled, 0 stuck. Refused with a remedy: ${refused.join("; ")}`,
      );
    });
  }
}
