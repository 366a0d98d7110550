import { type Random, seededRandom } from "./random.js";

/** One event of `GET /api/v3.4/events/entity_scoring?type=account`, as a tenant sends it. */
export interface EntityScoringEvent {
  id: number;
  entity_id: number;
  name: string;
  type: "account";
  category: "ACCOUNT SCORING";
  severity: Severity;
  /** 0 to 100 */
  urgency_score: number;
  urgency_reason?: string;
  is_prioritized: boolean;
  importance: 0 | 1 | 2;
  /** 0 to 10 */
  attack_rating: number;
  breadth_contrib: number;
  velocity_contrib: number;
  active_detection_types: string[];
  last_detection: { id: number | null; type: string; url: string | null };
  url: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, with milliseconds where that is asked for */
  event_timestamp: string;
}

type Severity = "Low" | "Medium" | "High" | "Critical";

/** The answer of `GET /api/v3.4/accounts/{id}`. */
export interface Account {
  id: number;
  name: string;
  state: "active" | "inactive";
  threat: number;
  certainty: number;
  severity: Severity;
  account_type: ["aws"];
  last_detection_timestamp: string | null;
  assignment: Assignment | null;
  detection_summaries: DetectionSummary[];
}

interface Assignment {
  id: number;
  assigned_by: { id: number; username: string };
  assigned_to: { id: number; username: string };
  date_assigned: string;
  date_resolved: null;
  outcome: null;
  resolved_by: null;
  host_id: null;
  account_id: number;
  triaged_detections: Record<string, never>;
  events: [];
}

interface DetectionSummary {
  detection_id: number;
  detection_type: string;
  detection_category: string;
  state: "active";
  threat: number;
  certainty: number;
  is_triaged: false;
  tags: [];
  summary: Record<string, never>;
}

/** Something that happened in the organization: the event, and the account as it is from then on. */
export interface Happening {
  event: EntityScoringEvent;
  /** True when the account's urgency score is below that of its previous event. */
  scoreDecreased: boolean;
  account: Account;
}

/** A made-up organization whose AWS roles and users rise and fall in score as time goes by. */
export interface Organization {
  /** Every account as it was before the first event. */
  readonly accounts: readonly Account[];
  /** What happens in the next tick, in the order of time. Ticks follow each other without a gap. */
  nextTick(): Happening[];
}

/** Vectra scores continuously; five minutes is the exporter's schedule, and the grain of our chance. */
export const TICK_MILLISECONDS = 5 * 60 * 1000;

const SECONDS_PER_TICK = TICK_MILLISECONDS / 1000;

const AWS_ACCOUNT_IDS = [
  "111122223333",
  "444455556666",
  "123456789012",
  "210987654321",
  "555566667777",
  "999988887777",
];

const IDENTITIES = [
  "role:build-agent",
  "role:OrganizationAccountAccessRole",
  "role:terraform-apply",
  "role:data-pipeline",
  "role:eks-node-group",
  "role:support-read-only",
  "role:backup-operator",
  "role:ci-deploy",
  "role:lambda-invoice-mailer",
  "role:glue-crawler",
  "user:break-glass",
  "user:backup-svc",
  "user:report-export",
  "user:legacy-ftp",
  "user:scanner",
  "assumed-role:AWSReservedSSO_AdministratorAccess",
];

/** Vectra names a service's own identity without an account; readers that split on the slash trip on it. */
const NAME_WITHOUT_ACCOUNT = "AWS:None/us-1-east/config:AWSConfig-Describe";

const ANALYSTS = [
  { id: 20, username: "analyst1" },
  { id: 21, username: "analyst2" },
  { id: 24, username: "soc-tier2" },
];

const API_CLIENT = { id: 52, username: "api_client_x" };

interface DetectionModel {
  readonly type: string;
  readonly category: string;
  readonly threat: number;
  readonly certainty: number;
  readonly urgency: number;
}

const DETECTION_MODELS: readonly DetectionModel[] = [
  { type: "AWS Organization Discovery", category: "reconnaissance", threat: 22, certainty: 40, urgency: 14 },
  {
    type: "AWS User Permissions Enumeration",
    category: "reconnaissance",
    threat: 30,
    certainty: 35,
    urgency: 17,
  },
  {
    type: "AWS Suspicious Credential Usage",
    category: "command_and_control",
    threat: 55,
    certainty: 30,
    urgency: 33,
  },
  {
    type: "AWS Suspicious EC2 Enumeration",
    category: "reconnaissance",
    threat: 35,
    certainty: 25,
    urgency: 19,
  },
  { type: "AWS S3 Enumeration", category: "reconnaissance", threat: 45, certainty: 45, urgency: 25 },
];

interface Detection {
  readonly id: number;
  readonly model: DetectionModel;
}

interface Entity {
  readonly id: number;
  readonly name: string;
  readonly importance: 0 | 1 | 2;
  detections: Detection[];
  urgency: number;
  lastDetectionAt: string | null;
  assignment: Assignment | null;
}

/**
 * Makes an organization.
 *
 * @param options.seed equal seeds give equal organizations, event by event
 * @param options.startTime where the first tick begins, epoch milliseconds, whole seconds
 * @param options.accounts how many roles and users, 1 or more
 * @param options.eventsPerTick scoring events in each five minutes, at most 150 for each account
 * @param options.portalUrl origin of the links in the events
 * @param options.fractions whether events have milliseconds; otherwise, and by default, whole seconds
 * @throws RangeError naming the option and what is allowed
 */
export function foundOrganization(options: {
  seed: number;
  startTime: number;
  accounts: number;
  eventsPerTick: number;
  portalUrl: string;
  fractions?: boolean;
}): Organization {
  requireInteger("seed", options.seed, 0, 2 ** 32 - 1);
  requireInteger("accounts", options.accounts, 1, 100_000);
  // Half of the (account, second) pairs: beyond that, drawing distinct ones gets slow.
  const mostEvents = (options.accounts * SECONDS_PER_TICK) / 2;
  requireInteger("eventsPerTick", options.eventsPerTick, 1, mostEvents);

  const random = seededRandom(options.seed);
  const entities = foundEntities(random, options.accounts, options.startTime);
  let lastEventId = random.integer(4000, 5000);
  let lastDetectionId = random.integer(100, 200);
  let tickStart = options.startTime;

  function happen(entity: Entity, time: number): Happening {
    const timestamp = options.fractions === true ? new Date(time).toISOString() : isoSeconds(time);
    const previousUrgency = entity.urgency;
    const scoreDecreased = random.chance(fallProbability(entity));
    if (scoreDecreased) {
      fade(random, entity);
    } else {
      lastDetectionId += random.integer(1, 4);
      detect(random, entity, { id: lastDetectionId, model: random.pick(DETECTION_MODELS) }, timestamp);
    }
    lastEventId += random.chance(0.7) ? 1 : random.integer(2, 6);
    const change = Math.abs(entity.urgency - previousUrgency);
    return {
      event: scoringEvent(random, entity, lastEventId, timestamp, change, options.portalUrl),
      scoreDecreased,
      account: describe(entity),
    };
  }

  return {
    accounts: entities.map(describe),
    nextTick() {
      const happenings: Happening[] = [];
      for (const slot of distinctSlots(random, options.eventsPerTick, entities.length * SECONDS_PER_TICK)) {
        const entity = entities[slot % entities.length];
        if (entity === undefined) continue;
        // Within a second the fractions rise as the slots do, so that times never fall.
        happenings.push(happen(entity, tickStart + Math.floor((slot / entities.length) * 1000)));
      }
      tickStart += TICK_MILLISECONDS;
      return happenings;
    },
  };
}

function foundEntities(random: Random, count: number, startTime: number): Entity[] {
  const entities: Entity[] = [];
  let id = 7;
  for (let index = 0; index < count; index += 1) {
    id += random.integer(1, 5);
    const entity: Entity = {
      id,
      name: entityName(index),
      importance: random.pick([0, 1, 1, 2]),
      detections: [],
      urgency: 0,
      lastDetectionAt: null,
      assignment: null,
    };
    if (random.chance(1 / 3))
      assign(random, entity, isoSeconds(startTime - random.integer(1, 72) * 3_600_000));
    entities.push(entity);
  }
  return entities;
}

function entityName(index: number): string {
  if (index === 1) return NAME_WITHOUT_ACCOUNT;
  const accountId = AWS_ACCOUNT_IDS[index % AWS_ACCOUNT_IDS.length];
  const identity = IDENTITIES[Math.floor(index / AWS_ACCOUNT_IDS.length) % IDENTITIES.length];
  const round = Math.floor(index / (AWS_ACCOUNT_IDS.length * IDENTITIES.length));
  return `AWS:${accountId}/${identity}${round === 0 ? "" : `-${round + 1}`}`;
}

/** Nobody falls below nothing, nobody rises above everything; in between a higher score falls sooner. */
function fallProbability(entity: Entity): number {
  if (entity.detections.length === 0 || entity.urgency <= 1) return 0;
  if (entity.urgency >= 95) return 1;
  return 0.25 + entity.urgency / 250;
}

function detect(random: Random, entity: Entity, detection: Detection, timestamp: string): void {
  entity.detections.push(detection);
  entity.lastDetectionAt = timestamp;
  const rise = detection.model.urgency + random.integer(-6, 6);
  entity.urgency = Math.min(100, entity.urgency + Math.max(1, rise));
  if (entity.urgency >= 60 && entity.assignment === null && random.chance(0.4)) {
    assign(random, entity, timestamp);
  }
}

function fade(random: Random, entity: Entity): void {
  entity.detections.shift();
  const fallen = entity.urgency - random.integer(5, 30);
  // Without a detection there is nothing left to be urgent about.
  entity.urgency = entity.detections.length === 0 ? 0 : Math.max(1, fallen);
  if (entity.detections.length === 0) entity.assignment = null;
}

function assign(random: Random, entity: Entity, timestamp: string): void {
  entity.assignment = {
    id: entity.id + 5,
    assigned_by: API_CLIENT,
    assigned_to: random.pick(ANALYSTS),
    date_assigned: timestamp,
    date_resolved: null,
    outcome: null,
    resolved_by: null,
    host_id: null,
    account_id: entity.id,
    triaged_detections: {},
    events: [],
  };
}

function scoringEvent(
  random: Random,
  entity: Entity,
  id: number,
  timestamp: string,
  change: number,
  portalUrl: string,
): EntityScoringEvent {
  const last = entity.detections.at(-1);
  const types = [...new Set(entity.detections.map((detection) => detection.model.type))];
  return {
    id,
    entity_id: entity.id,
    name: entity.name,
    type: "account",
    category: "ACCOUNT SCORING",
    severity: severityOf(threatOf(entity), certaintyOf(entity)),
    urgency_score: entity.urgency,
    ...(random.chance(0.3)
      ? {
          urgency_reason: `Active detection types: ${types.length}; importance of the account: ${entity.importance}`,
        }
      : {}),
    is_prioritized: entity.urgency >= 50,
    importance: entity.importance,
    attack_rating: Math.min(10, Math.round(entity.urgency / 10)),
    breadth_contrib: types.length,
    velocity_contrib: Math.min(10, Math.round(change / 5)),
    active_detection_types: types,
    last_detection:
      last === undefined
        ? { id: null, type: "", url: null }
        : { id: last.id, type: last.model.type, url: `${portalUrl}/detections/${last.id}` },
    url: `${portalUrl}/accounts/${entity.id}`,
    event_timestamp: timestamp,
  };
}

function describe(entity: Entity): Account {
  const threat = threatOf(entity);
  const certainty = certaintyOf(entity);
  return {
    id: entity.id,
    name: entity.name,
    state: entity.detections.length === 0 ? "inactive" : "active",
    threat,
    certainty,
    severity: severityOf(threat, certainty),
    account_type: ["aws"],
    last_detection_timestamp: entity.lastDetectionAt,
    assignment: entity.assignment,
    detection_summaries: entity.detections.map(({ id, model }) => ({
      detection_id: id,
      detection_type: model.type,
      detection_category: model.category,
      state: "active",
      threat: model.threat,
      certainty: model.certainty,
      is_triaged: false,
      tags: [],
      summary: {},
    })),
  };
}

/** The strongest detection counts whole, each further one a little. */
function threatOf(entity: Entity): number {
  return combine(entity.detections.map((detection) => detection.model.threat));
}

function certaintyOf(entity: Entity): number {
  return combine(entity.detections.map((detection) => detection.model.certainty));
}

function combine(scores: number[]): number {
  return scores.length === 0 ? 0 : Math.min(99, Math.max(...scores) + 6 * (scores.length - 1));
}

/** Vectra's quadrants: threat and certainty, each split at 50. */
function severityOf(threat: number, certainty: number): Severity {
  if (threat >= 50) return certainty >= 50 ? "Critical" : "High";
  return certainty >= 50 ? "Medium" : "Low";
}

/** Distinct, ascending: an account has at most one event in a second, so (account, time) names an event. */
function distinctSlots(random: Random, count: number, slots: number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.integer(0, slots - 1));
  return [...drawn].sort((a, b) => a - b);
}

/** @param time whose fraction of a second is dropped, epoch milliseconds. */
function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function requireInteger(option: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${option} is ${value}: give a whole number from ${least} to ${most}.`);
  }
}
