import type { SeverityName } from "../facts/severities.js";
import type { Detection } from "./detections.js";
import type { Random } from "./random.js";

export type Severity = SeverityName;

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

/** A role or user, as it is at the moment. */
export interface Entity {
  readonly id: number;
  name: string;
  readonly importance: 0 | 1 | 2;
  detections: Detection[];
  urgency: number;
  lastDetectionAt: string | null;
  assignment: Assignment | null;
}

export function createEntities(random: Random, count: number, startTime: number): Entity[] {
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
    if (random.chance(1 / 3)) {
      assign(random, entity, isoSeconds(startTime - random.integer(1, 72) * 3_600_000));
    }
    entities.push(entity);
  }
  return entities;
}

function entityName(index: number): string {
  if (index === 1) {
    return NAME_WITHOUT_ACCOUNT;
  }
  const accountId = AWS_ACCOUNT_IDS[index % AWS_ACCOUNT_IDS.length];
  const identity = IDENTITIES[Math.floor(index / AWS_ACCOUNT_IDS.length) % IDENTITIES.length];
  const round = Math.floor(index / (AWS_ACCOUNT_IDS.length * IDENTITIES.length));
  return `AWS:${accountId}/${identity}${round === 0 ? "" : `-${round + 1}`}`;
}

/** Scores stay within 0 and 100; in between, a higher score falls sooner. */
export function fallProbability(entity: Entity): number {
  if (entity.detections.length === 0 || entity.urgency <= 1) {
    return 0;
  }
  if (entity.urgency >= 95) {
    return 1;
  }
  return 0.25 + entity.urgency / 250;
}

export function detect(random: Random, entity: Entity, detection: Detection, timestamp: string): void {
  entity.detections.push(detection);
  entity.lastDetectionAt = timestamp;
  const rise = detection.model.urgency + random.integer(-6, 6);
  entity.urgency = Math.min(100, entity.urgency + Math.max(1, rise));
  if (entity.urgency >= 60 && entity.assignment === null && random.chance(0.4)) {
    assign(random, entity, timestamp);
  }
}

export function fade(random: Random, entity: Entity): void {
  entity.detections.shift();
  const fallen = entity.urgency - random.integer(5, 30);
  // Without a detection there is nothing left to be urgent about.
  entity.urgency = entity.detections.length === 0 ? 0 : Math.max(1, fallen);
  if (entity.detections.length === 0) {
    entity.assignment = null;
  }
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

/** The account of an entity, as the API answers it. */
export function accountOf(entity: Entity): Account {
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
export function threatOf(entity: Entity): number {
  return combine(entity.detections.map((detection) => detection.model.threat));
}

export function certaintyOf(entity: Entity): number {
  return combine(entity.detections.map((detection) => detection.model.certainty));
}

function combine(scores: number[]): number {
  return scores.length === 0 ? 0 : Math.min(99, Math.max(...scores) + 6 * (scores.length - 1));
}

/** Vectra's quadrants: threat and certainty, each split at 50. */
export function severityOf(threat: number, certainty: number): Severity {
  if (threat >= 50) {
    return certainty >= 50 ? "Critical" : "High";
  }
  return certainty >= 50 ? "Medium" : "Low";
}

/** @param time whose fraction of a second is dropped, epoch milliseconds. */
export function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}
