import type { EnrichedEvent } from "../enrichment/enrichment.js";
import { scoringEvent } from "../vectra/schema.js";
import type { Attribute, AttributeColumn } from "./attributes.js";
import type { OcsfProfile } from "./profile.js";
import { PROFILES } from "./profiles.js";

const BEGIN = "<!-- mapping tables: npm run docs:mapping -->";
const END = "<!-- end of the mapping tables -->";

/** The event of the example column, as Vectra's API documents it. */
const EXAMPLE: EnrichedEvent = {
  event: scoringEvent.parse({
    id: 4711,
    entity_id: 8,
    name: "AWS:111122223333/role:build-agent",
    type: "account",
    category: "ACCOUNT SCORING",
    severity: "High",
    urgency_score: 76,
    urgency_reason: "example",
    is_prioritized: true,
    importance: 1,
    attack_rating: 7,
    breadth_contrib: 1,
    velocity_contrib: 2,
    active_detection_types: ["AWS S3 Enumeration", "AWS Organization Discovery"],
    last_detection: {
      id: 103,
      type: "AWS S3 Enumeration",
      url: "https://123123123123.uw2.portal.vectra.ai/detections/103",
    },
    url: "https://123123123123.uw2.portal.vectra.ai/accounts/8",
    event_timestamp: "2025-01-31T20:10:08Z",
  }),
  account: { id: 8, threat: 61, certainty: 72, assignment: { assigned_to: { username: "analyst1" } } },
  direction: "increase",
};

/**
 * A document with regenerated mapping tables: for each profile, each OCSF attribute, the Vectra fields that it comes from,
 * and its value for an example.
 *
 * @param text of the document, with the two markers around the tables.
 * @throws Error when a marker is missing, or when an attribute does not declare its source.
 */
export function withMappingTables(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new Error(`The mapping tables belong between ${BEGIN} and ${END}: add both lines.`);
  }
  const tables = PROFILES.map(mappingTable).join("\n");
  return `${text.slice(0, begin + BEGIN.length)}\n\n${tables}\n${text.slice(end)}`;
}

function mappingTable(profile: OcsfProfile): string {
  const { name, classUid, version, columns, map } = profile;
  const example = map(EXAMPLE, { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" });
  return [
    `### \`${name}\`: class ${classUid} at OCSF ${version}`,
    "",
    "| OCSF field | Vectra field | example |",
    "|---|---|---|",
    ...columns.flatMap((column) => rows(column, "", example[column.name])),
    "",
  ].join("\n");
}

/** A row for the attribute, or one for each attribute of a struct. */
function rows(attribute: Attribute, parent: string, value: unknown): readonly string[] {
  const path = parent + attribute.name;
  if (attribute.type === "struct") {
    return attribute.fields.flatMap((field) => rows(field, `${path}.`, memberOf(value, field.name)));
  }
  if (attribute.type === "list" && attribute.element.type === "struct") {
    const [first] = Array.isArray(value) ? value : [];
    return attribute.element.fields.flatMap((field) =>
      rows(field, `${path}[].`, memberOf(first, field.name)),
    );
  }
  const { from } = attribute.rules;
  if (from === undefined) {
    throw new Error(`Attribute ${path} does not declare its source: add from.`);
  }
  return [`| \`${path}\`${typeNote(attribute)} | ${from} | ${code(value)} |`];
}

function typeNote({ type }: AttributeColumn): string {
  return type === "list" || type === "stringMap" ? ` (${type === "list" ? "list" : "map"})` : "";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : null;
}

function code(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return `\`${text.replaceAll("|", "\\|")}\``;
}
