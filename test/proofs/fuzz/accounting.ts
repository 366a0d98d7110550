import { expect } from "vitest";
import type { ProfileName } from "../../../facts/profiles.js";
import type { ExporterUnderTest } from "../rig/exporter.js";
import { CANARY, type FuzzedLog } from "./events.js";

interface Settings {
  readonly profile: ProfileName;
  readonly filters: { readonly accounts: "aws" | "all"; readonly prioritizedOnly: boolean };
}

/** Where the different events of a log are. */
interface Accounted {
  readonly written: number;
  readonly quarantined: number;
  readonly filtered: number;
  /** Events that were in the log before. */
  readonly repeated: number;
}

type Json = Readonly<Record<string, unknown>>;

/** The key of a further event with an id that another one had before: the id, and a digest of the event. */
const FURTHER = /^(-?\d+)-[0-9a-f]{16}$/;

/**
 * Asserts that each event of a log is in one place: the lake, quarantine with a reason, or left out by the filters.
 * Two events are the same where they have the same contents; of those that share an id only, all but one are in quarantine.
 */
export async function expectEachOnce(
  exporter: ExporterUnderTest,
  { events }: FuzzedLog,
  { profile, filters }: Settings,
): Promise<Accounted> {
  const held = await exporter.quarantine().all();
  for (const { reason } of held) {
    expect(reason).toMatch(/^(event|vectra|security-finding-1\.1|detection-finding-1\.3)[.:]/);
    expect(reason).not.toMatch(new RegExp(`${CANARY}|AWS:`));
  }
  const keys = held.map(({ key }) => key);
  const heldIds = new Set(keys.filter((key) => !/^[0-9a-f]{32}$/.test(key) && !FURTHER.test(key)));
  const further = keys.flatMap((key) => FURTHER.exec(key)?.[1] ?? []);
  const different = Map.groupBy(events, ({ text }) => identityOf(text));
  const withId = [...different.keys()].filter((identity) => !identity.startsWith("text "));

  // An event without an id cannot be written: it is in quarantine, once.
  expect(held.length - heldIds.size - further.length).toBe(different.size - withId.length);
  for (const id of withId) {
    const contents = new Set(
      (different.get(id) ?? []).map(({ text }) => canonical(JSON.parse(text)) ?? text),
    );
    expect([id, further.filter((other) => other === id).length]).toEqual([id, contents.size - 1]);
  }
  expect(further.filter((id) => !different.has(id))).toEqual([]);
  expect([...heldIds].filter((id) => !different.has(id))).toEqual([]);

  const rows = await exporter.rows();
  const unclaimed = rows.map(({ row }) => nameOf(row, profile));
  let filtered = 0;
  const places = withId
    .filter((id) => !heldIds.has(id))
    .map((id) => {
      const copies = (different.get(id) ?? []).map(({ text }) => JSON.parse(text) as Json);
      const wanted = copies.filter((json) => !isFiltered(json, filters));
      const names = wanted.map((json) => (profile === "vectra" ? accountAndTimeOf(json) : id));
      return { id, names: new Set(names), mayBeFiltered: wanted.length < copies.length };
    });
  // Copies that differ are alternatives; those that leave no choice claim their records first.
  for (const { id, names, mayBeFiltered } of places.toSorted((a, b) => a.names.size - b.names.size)) {
    const index = unclaimed.findIndex((name) => names.has(name));
    if (index >= 0) {
      unclaimed.splice(index, 1);
    } else if (mayBeFiltered) {
      filtered += 1;
    } else {
      expect.fail(`event ${id} is nowhere: ${different.get(id)?.[0]?.kinds.join(" and ")}`);
    }
  }
  expect(unclaimed, "records of no event, or of one that has its record").toEqual([]);

  const spoiled = new Set(events.filter(({ kinds }) => kinds.length > 0).map(({ text }) => identityOf(text)));
  const valid = [...different.keys()].filter((identity) => !spoiled.has(identity));
  expect(valid.filter((id) => heldIds.has(id))).toEqual([]);
  return {
    written: rows.length,
    quarantined: held.length,
    filtered,
    repeated: events.length - different.size - further.length,
  };
}

function identityOf(text: string): string {
  const json: unknown = JSON.parse(text);
  const id = typeof json === "object" && json !== null && "id" in json ? json.id : undefined;
  return Number.isSafeInteger(id) ? String(id) : `text ${canonical(json) ?? text}`;
}

/** One text for 0 and -0, and for null and numbers too large for JavaScript; none for what is nested too deeply. */
function canonical(json: unknown): string | undefined {
  try {
    return JSON.stringify(json);
  } catch {
    return undefined;
  }
}

/** What tells a record from every other. */
function nameOf(row: Json, profile: string): string {
  return profile === "vectra"
    ? `${(row["finding"] as Json)["uid"]} at ${row["time"]}`
    : String((row["metadata"] as Json)["uid"]);
}

function isFiltered(json: Json, { accounts, prioritizedOnly }: Settings["filters"]): boolean {
  const { name, is_prioritized } = json;
  const ofAnother = accounts === "aws" && typeof name === "string" && name !== "" && !name.startsWith("AWS:");
  return ofAnother || (prioritizedOnly && is_prioritized === false);
}

function accountAndTimeOf({ entity_id, event_timestamp }: Json): string {
  return `${entity_id} at ${Date.parse(String(event_timestamp))}`;
}
