import { Exporter, type ExporterParts } from "../../../functions/security-lake-exporter/exporter.js";
import type { RunContext } from "../../../functions/security-lake-exporter/run/run-context.js";

/** Something that a run awaits, about to begin or just done: `checkpoint.fix`, before. */
export interface Step {
  readonly name: string;
  readonly moment: "before" | "after";
}

/** Awaited at each step; the run continues when it returns, and never when it throws. */
export type Reach = (step: Step) => Promise<void> | void;

/**
 * The exporter, wired as it is shipped, whose every step can be watched, held up or cut off: each call of the tenant, the
 * checkpoint, the scores, the keys of recent events, the pieces, the quarantine and the lake. Between two of them a run only computes; mapping and encoding, for
 * instance, come between `vectra.get` or `scores.before`, after, and `lake.put`, before.
 */
export class WatchedExporter extends Exporter {
  readonly #reach: Reach;

  constructor(parts: ExporterParts, reach: Reach) {
    super(parts);
    this.#reach = reach;
  }

  protected override async contextOf(...terms: Parameters<Exporter["contextOf"]>): Promise<RunContext> {
    const context = await super.contextOf(...terms);
    const { source, checkpoint, scores, recent, pieces, quarantine, lake } = context;
    return {
      ...context,
      source: { ...source, vectra: watched("vectra", source.vectra, this.#reach) },
      checkpoint: watched("checkpoint", checkpoint, this.#reach),
      scores: watched("scores", scores, this.#reach),
      recent: watched("recent", recent, this.#reach),
      pieces: watched("pieces", pieces, this.#reach),
      quarantine: watched("quarantine", quarantine, this.#reach),
      lake: watched("lake", lake, this.#reach),
    };
  }
}

/** What only computes, and what waits for deletions that are under way: nothing of a dead run may happen later. */
const PURE: ReadonlySet<string> = new Set([
  "quarantine.holding",
  "quarantine.releasing",
  "recent.completed",
  "pieces.deleted",
]);
/** What continues while the run does. */
const MEANWHILE: ReadonlySet<string> = new Set(["pieces.deleteMeanwhile"]);

function watched<Target extends object>(name: string, target: Target, reach: Reach): Target {
  return new Proxy(target, {
    get(_, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") {
        return value;
      }
      const step = `${name}.${String(property)}`;
      if (PURE.has(step)) {
        return value.bind(target);
      }
      const take = async (...values: unknown[]) => {
        await reach({ name: step, moment: "before" });
        // The methods need the object itself: a proxy has no private fields.
        const result: unknown = await value.apply(target, values);
        await reach({ name: step, moment: "after" });
        return result;
      };
      return MEANWHILE.has(step)
        ? (...values: unknown[]) => {
            take(...values).catch(() => undefined);
          }
        : take;
    },
  });
}
