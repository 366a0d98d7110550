import { expect } from "vitest";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import type { ContainerOptions, RunOptions } from "./exporter.js";
import type { Stage } from "./stage.js";

/** Six events become windows of four and two, in pages of two. */
export const SMALL = { pageSize: 2, windowEvents: 4 };
/** Everything at once. */
export const LARGE = { pageSize: 1000, windowEvents: 10_000 };

/** Something that the exporter does, as one plays it on a stage. */
export interface Subject {
  readonly title: string;
  /** Begins a story in which there is something to do. */
  begin(): Promise<void>;
  /** One invocation. */
  run(options: RunOptions & ContainerOptions): Promise<unknown>;
  /** What other invocations do later, with other page and window sizes; then everything has been done. */
  finish(): Promise<void>;
}

/** The export of new events, of which one cannot be exported. */
export function liveExport(stage: Stage): Subject {
  const { exporter } = stage;
  return {
    title: "the live export",
    async begin() {
      await stage.newStory();
      const spoiled = exporter.tenant.events().at(-3);
      exporter.tamper(spoiled?.id ?? 0, { active_detection_types: "none" });
    },
    run: exporter.run,
    async finish() {
      expect(await exporter.run({ limits: LARGE })).toMatchObject({ outcome: "exported", caughtUp: true });
      expect(await exporter.run({ limits: LARGE })).toMatchObject({ eventsRead: 0, caughtUp: true });
    },
  };
}

/** A backfill of a history before the live export, which begins after it and continues beside it. */
export function backfillOfHistory(stage: Stage): Subject {
  const { exporter } = stage;
  let range: TimeRange = { from: "", to: "" };
  return {
    title: "a backfill",
    async begin() {
      range = await stage.newStoryWithHistory();
    },
    run: (options) => exporter.backfill(range, options),
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

/** A redrive of two quarantined events, which can be exported by now. */
export function redrive(stage: Stage): Subject {
  const { exporter } = stage;
  return {
    title: "a redrive of the quarantine",
    async begin() {
      await stage.newStory();
      const spoiled = exporter.tenant.events().slice(-6, -4);
      for (const { id } of spoiled) {
        exporter.tamper(id, { entity_id: "eight" });
      }
      await exporter.run({ limits: LARGE });
      exporter.untamper();
      for (const { id, entity_id } of spoiled) {
        await exporter.fixQuarantined(String(id), { entity_id });
      }
    },
    run: exporter.redrive,
    async finish() {
      await exporter.redrive();
      await exporter.run({ limits: LARGE });
      expect(await exporter.quarantine().all()).toEqual([]);
    },
  };
}
