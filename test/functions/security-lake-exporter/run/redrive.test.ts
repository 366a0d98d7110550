import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Tenant } from "../../../../functions/security-lake-exporter/settings.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

type Filters = Tenant["filters"];

const ALL: Filters = { accounts: "all", prioritizedOnly: false };

let exporter: ExporterUnderTest;
beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(() => exporter.close());

/** GIVEN an event with these fields that was quarantined for its account's id, which can be read by now. */
async function quarantined(fields: Record<string, unknown>): Promise<void> {
  const [first] = exporter.tenant.events().map((event) => ({ ...event }));
  exporter.tamper(first?.id ?? 0, { ...fields, entity_id: "eight" });
  expect(await exporter.run({ settings: { filters: ALL } })).toMatchObject({
    eventsWritten: 35,
    eventsQuarantined: 1,
  });
  await exporter.fixQuarantined(String(first?.id), { entity_id: first?.entity_id });
}

const redriven = (filters: Filters) => exporter.redrive({ settings: { filters } });

describe("a redrive", () => {
  it.each<[string, Record<string, unknown>, Filters]>([
    ["of an account that is not AWS's", { name: "O365:someone@example.com" }, { ...ALL, accounts: "aws" }],
    ["that is not prioritized", { is_prioritized: false }, { ...ALL, prioritizedOnly: true }],
    ["that is not severe enough", { severity: "Medium" }, { ...ALL, minimumSeverity: "High" }],
  ])(
    "leaves out an event %s, as the live export does, and the quarantine is empty",
    async (_, fields, filters) => {
      await quarantined(fields);

      expect(await redriven(filters)).toEqual({ objects: [], redriven: 0, filtered: 1, remaining: [] });

      expect(await exporter.quarantine().all()).toEqual([]);
      expect(await exporter.rows()).toHaveLength(35);
    },
  );

  it.each<[string, Record<string, unknown>, Filters]>([
    ["of any account where all are wanted", { name: "O365:someone@example.com" }, ALL],
    ["without a name", { name: "" }, { ...ALL, accounts: "aws" }],
    ["that is as severe as is wanted", { severity: "High" }, { ...ALL, minimumSeverity: "High" }],
  ])("writes an event %s", async (_, fields, filters) => {
    await quarantined(fields);

    expect(await redriven(filters)).toMatchObject({ redriven: 1, filtered: 0, remaining: [] });

    expect(await exporter.quarantine().all()).toEqual([]);
    expect(await exporter.rows()).toHaveLength(36);
  });
});

it("quarantines an event as it came, also where only its record violates its profile", async () => {
  const [first] = exporter.tenant.events();
  const { importance, type, ...same } = { ...first };
  const sent = {
    ...same,
    entity_importance: importance,
    entity_type: type,
    category: "ACCOUNT_SCORING",
    event_timestamp: "0001-01-01T00:00:00Z",
  };
  exporter.tamper(first?.id ?? 0, { ...sent, importance: undefined, type: undefined });

  await exporter.run();

  const [held] = await exporter.quarantine().all();
  expect(held?.reason).toMatch(/^vectra: time /);
  expect(held?.json).toEqual(sent);
});
