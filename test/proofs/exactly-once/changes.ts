import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import type { TenantOptions } from "../../../simulator/tenant.js";
import { DAY, type Deployment, FIVE_MINUTES, inSeconds, type Story, timeOf } from "../rig/story.js";

/** A run is refused where that is right, until an operator has done what the error names. */
interface Refusal {
  readonly name: string;
  /** Part of its message. */
  readonly message: string;
  /** Whether it is right in this story; asked after the change. */
  readonly isRight: (story: Story, subject: SubjectName) => boolean;
  /** Whether work that is fixed is finished before. */
  readonly finishesFirst?: boolean;
  /** What the message advises. */
  remedy(story: Story, job: string | undefined): Promise<void> | void;
}

export type SubjectName = "live" | "backfill" | "redrive";

/** Something that changes between two runs. */
export interface Change {
  readonly title: string;
  /** What it can happen to. @default - everything */
  readonly to?: readonly SubjectName[];
  /** What was deployed before, if not the usual. */
  readonly before?: Partial<Deployment>;
  readonly tenant?: Partial<TenantOptions>;
  /** When the events have happened. */
  prepare?(story: Story): void;
  /** Immediately before the run that dies. @returns how many events have been exported by then. */
  justBefore?(story: Story, subject: SubjectName): Promise<number>;
  /** After the run that died. */
  apply(story: Story): Promise<void> | void;
  readonly refusal?: Refusal;
  /** Which events the filters want from then on. @default - all */
  wants?(event: EntityScoringEvent): boolean;
  /** Whether objects may be written again with other content: the window is read again, on purpose. */
  readonly rewrites?: boolean;
  /** Whether unfinished work is given up in the old lake. */
  readonly leavesOldLake?: boolean;
  /** Whether no event may be in quarantine, because the quarantine is lost. */
  readonly losesQuarantine?: boolean;
}

const settings = (changed: Deployment["settings"]) => (story: Story) => story.deploy({ settings: changed });

/** Time of an event that no other has: a few seconds from another one. */
function near(event: EntityScoringEvent | undefined, seconds: number) {
  return { event_timestamp: inSeconds(timeOf(event as EntityScoringEvent) + seconds * 1000) };
}

/** The story's n-th event, or the n-th from the end. */
function nth(story: Story, index: number): EntityScoringEvent {
  const event = story.tenant.events().at(index);
  if (event === undefined) {
    throw new Error(`There is no event ${index}`);
  }
  return event;
}

const backups = new WeakMap<Story, () => void>();

/** Every setting of a tenant that says what is written, or where. */
const SETTINGS: readonly Change[] = [
  {
    title: "score decreases are left out",
    apply: settings({ includeScoreDecreases: false }),
  },
  {
    title: "score decreases are taken",
    before: { settings: { includeScoreDecreases: false } },
    apply: settings({ includeScoreDecreases: true }),
  },
  { title: "profile of the same class", apply: settings({ profile: "security-finding-1.1" }) },
  {
    title: "profile of another class",
    apply: settings({ profile: "detection-finding-1.3" }),
    refusal: {
      name: "another event class, until the old one is configured again",
      message: "was prepared for a profile of event class SECURITY_FINDING",
      isRight: ({ isUnfinished }) => isUnfinished,
      remedy: settings({ profile: "vectra" }),
    },
  },
  {
    title: "rawData",
    before: { settings: { profile: "security-finding-1.1" } },
    apply: settings({ rawData: true }),
  },
  {
    title: "only prioritized events",
    apply: settings({ filters: { accounts: "all", prioritizedOnly: true } }),
    wants: (event) => event.is_prioritized,
  },
  {
    title: "only severe events",
    apply: settings({ filters: { accounts: "all", prioritizedOnly: false, minimumSeverity: "High" } }),
    wants: ({ severity }) => severity === "High" || severity === "Critical",
  },
  {
    title: "only accounts of AWS",
    apply: settings({ filters: { accounts: "aws", prioritizedOnly: false } }),
  },
  { title: "partition by the event's account", apply: settings({ partitionBy: "event" }) },
  {
    title: "partition by the fixed account",
    before: { settings: { partitionBy: "event" } },
    apply: settings({ partitionBy: "fixed" }),
  },
  { title: "partition account", apply: settings({ partitionAccountId: "444444444444" }) },
  { title: "accumulation", apply: settings({ accumulate: { maxAgeSeconds: 3600, maxEvents: 5 } }) },
  { title: "required assignment", apply: settings({ assignmentRequired: true }) },
  { title: "start", apply: settings({ start: "latest" }), to: ["redrive"] },
];

/** The version of the function. */
const VERSIONS: readonly Change[] = [
  {
    title: "a version that rejects everything",
    apply: (story) => story.deploy({ rejects: () => true }),
  },
  {
    title: "a version that rejects some events more and others less",
    apply: (story) => story.deploy({ rejects: ({ id }) => id % 2 === 0 }),
    before: { rejects: ({ id }) => id % 2 === 1 },
  },
  {
    title: "a version that rejects nothing",
    before: { rejects: ({ entity_id }) => entity_id % 2 === 0 },
    apply: (story) => story.deploy({ rejects: () => false }),
  },
];

/** What the tenant says. */
const ANSWERS: readonly Change[] = [
  {
    title: "a late event behind the first window",
    apply: (story) => {
      story.tenant.addLate({ id: nth(story, 3).id - 1, ...near(nth(story, 3), 1) });
    },
  },
  {
    title: "a late event behind the highest id",
    apply: (story) => {
      story.tenant.addLate({ id: nth(story, 5).id - 1, ...near(nth(story, 5), -1) });
    },
  },
  {
    title: "a late event before all others",
    apply: (story) => {
      story.tenant.addLate({ id: nth(story, 0).id - 1, ...near(nth(story, 0), 1) });
    },
  },
  {
    title: "a late event among later ones, with an earlier time",
    apply: (story) => {
      const [first] = story.advance(FIVE_MINUTES);
      story.tenant.addLate({ id: (first?.id ?? 0) - 1, ...near(nth(story, 4), 1) });
    },
  },
  {
    title: "an event of the first window is swapped",
    apply: (story) => {
      story.tenant.swap(nth(story, 1).id, near(nth(story, 1), 1));
    },
  },
  {
    title: "the last event is swapped",
    apply: (story) => {
      story.tenant.swap(nth(story, 5).id, near(nth(story, 5), 1));
    },
  },
  {
    title: "an event of the first window disappears",
    apply: (story) => story.tenant.remove(nth(story, 1).id),
  },
  {
    title: "the first window's last event disappears",
    apply: (story) => story.tenant.remove(nth(story, 3).id),
  },
  { title: "the last event disappears", apply: (story) => story.tenant.remove(nth(story, 5).id) },
  {
    title: "the accounts are renamed, with partitions by event",
    before: { settings: { partitionBy: "event" } },
    apply: (story) => {
      for (const { id, entity_id } of story.tenant.events()) {
        story.tenant.rename(entity_id, "AWS:777788889999/role:renamed");
        story.tenant.swap(id, { name: "AWS:777788889999/role:renamed" });
      }
    },
  },
  {
    title: "a second event of one id",
    apply: (story) => {
      story.tenant.duplicate(nth(story, 4).id, near(nth(story, 4), 1));
    },
  },
  {
    title: "a second event of one id, before the run",
    to: ["live", "backfill"],
    prepare: (story) => {
      story.tenant.duplicate(nth(story, 5).id, near(nth(story, 5), 1));
    },
    apply: () => undefined,
  },
  {
    title: "the same event twice",
    apply: (story) => {
      story.tenant.duplicate(nth(story, 4).id, {});
    },
  },
  {
    title: "repeated events",
    apply: ({ tenant }) => tenant.faults.add({ on: "events", kind: "repeated", times: 3 }),
  },
  {
    title: "short pages",
    apply: ({ tenant }) => tenant.faults.add({ on: "events", kind: "short-pages", times: 3 }),
  },
  {
    title: "failing account look-ups",
    apply: ({ tenant }) => tenant.faults.add({ on: "account", kind: "500", times: 4 }),
  },
  {
    title: "an event dated a year ahead",
    to: ["live", "redrive"],
    prepare: (story) => {
      story.tenant.swap(nth(story, 2).id, near(nth(story, 2), 365 * 86_400));
    },
    apply: () => undefined,
  },
];

/** Where it is read from, and written to. */
const PLACES: readonly Change[] = [
  {
    title: "another address of the tenant",
    apply: (story) => story.deploy({ settings: { url: story.tenant.url.replace("127.0.0.1", "localhost") } }),
    refusal: {
      name: "another origin, until it is adopted",
      message: "whose cursor says nothing about the events of http://localhost",
      isRight: (story) => story.hasTaken("checkpoint.begin"),
      remedy: (story) => story.adopt(),
    },
  },
  {
    title: "another lake, and back until the work is finished",
    apply: (story) => story.deploy({ lake: story.addLake("moved") }),
    refusal: {
      name: "another lake, until the old one has got its work",
      message: "Nothing was written. Either configure s3://lake/region=eu-west-1/ again",
      isRight: ({ isUnfinished }) => isUnfinished,
      remedy: (story) => story.deployFirstLake(),
    },
  },
  {
    title: "another lake, and the work is abandoned",
    apply: (story) => story.deploy({ lake: story.addLake("moved") }),
    leavesOldLake: true,
    refusal: {
      name: "another lake, until the work is abandoned",
      message: 'vectra-cdr checkpoint abandon --reason "<why>"',
      isRight: ({ isUnfinished }) => isUnfinished,
      remedy: (story, job) => story.abandon(job),
    },
  },
];

const api = (version: "v3.3" | "v3.4") => settings({ api: version });

/** A version without a time range cannot backfill: the error says which one can. */
const NO_BACKFILL: Refusal = {
  name: "a backfill with v3.3, until v3.4 is configured again",
  message: "A backfill needs v3.4 of the events API",
  isRight: (_, subject) => subject === "backfill",
  finishesFirst: true,
  remedy: api("v3.4"),
};

/** The version of the API, of tenants whose versions have the same ids, or others. */
const APIS: readonly Change[] = [0, 7000].flatMap((olderIdOffset): readonly Change[] => {
  const tenant = { olderIdOffset };
  const ids = olderIdOffset === 0 ? "the same ids" : "other ids";
  return [
    { title: `v3.4, then v3.3 with ${ids}`, tenant, apply: api("v3.3"), to: ["live", "redrive"] },
    {
      title: `v3.3, then v3.4 with ${ids}`,
      tenant,
      before: { settings: { api: "v3.3" } },
      apply: api("v3.4"),
      to: ["live", "redrive"],
    },
    {
      title: `v3.4, v3.3, v3.4 with ${ids} and an event dated a year ahead`,
      tenant,
      to: ["live", "redrive"],
      prepare: (story) => {
        story.tenant.swap(nth(story, 4).id, near(nth(story, 4), 365 * 86_400));
      },
      apply: async (story) => {
        story.letTheLeasesEnd();
        api("v3.3")(story);
        await story.run({ limits: { pageSize: 3, windowEvents: 3 } });
        story.advance(FIVE_MINUTES);
        api("v3.4")(story);
      },
    },
    {
      title: `v3.4, then v3.3 with ${ids}, in the middle of a backfill`,
      tenant,
      to: ["backfill"],
      apply: api("v3.3"),
      refusal: NO_BACKFILL,
    },
  ];
});

/** What is left of the state. */
const STATES: readonly Change[] = [
  {
    title: "the table is restored from before the run",
    justBefore: async (story, subject) => {
      const two = { pageSize: 2, windowEvents: 2, maxEvents: 2 };
      const { eventsWritten } = await story.run({ limits: two });
      backups.set(story, story.table.backUp());
      return subject === "live" ? eventsWritten : 0;
    },
    apply: async (story) => {
      backups.get(story)?.();
      await story.restore();
    },
    rewrites: true,
    losesQuarantine: true,
  },
  {
    title: "the state is lost",
    to: ["live"],
    apply: async (story) => {
      story.table.clear();
      await story.restore();
    },
    rewrites: true,
    losesQuarantine: true,
  },
  ...(["missing", "changed"] as const).map(
    (how): Change => ({
      title: `pieces that are ${how}`,
      apply: ({ table }) => table.damagePieces(how),
      rewrites: true,
      refusal: {
        name: `${how} pieces, until the work is abandoned`,
        message: 'To give it up: vectra-cdr checkpoint abandon --reason "<why>"',
        isRight: ({ isUnfinished }) => isUnfinished,
        remedy: (story, job) => story.abandon(job),
      },
    }),
  ),
  {
    title: "two months pass",
    apply: (story) => {
      story.wait(60 * DAY);
      story.table.forgetExpired();
    },
  },
];

/** One by one. */
export const CHANGES: readonly Change[] = [
  ...SETTINGS,
  ...VERSIONS,
  ...ANSWERS,
  ...PLACES,
  ...APIS,
  ...STATES,
];
