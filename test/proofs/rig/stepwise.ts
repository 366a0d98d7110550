import type { RunContext } from "../../../functions/security-lake-exporter/run/run-context.js";

/** Something that a run awaits, about to begin or just done: `checkpoint.fix`, before. */
export interface Step {
  readonly name: string;
  readonly moment: "before" | "after";
}

/**
 * A context whose every step can be watched, held up or cut off: each call of the tenant, the checkpoint, the
 * scores, the quarantine and the lake. Between two of them a run only computes; mapping and encoding, for instance,
 * lie between `vectra.get` or `scores.before`, after, and `lake.put`, before.
 *
 * @param reach is awaited at each step; the run goes on when it returns, and never when it throws.
 */
export function stepwise<Context extends RunContext>(
  context: Context,
  reach: (step: Step) => Promise<void> | void,
): Context {
  const { source, checkpoint, scores, quarantine, lake } = context;
  return {
    ...context,
    source: { ...source, vectra: watched("vectra", source.vectra, reach) },
    checkpoint: watched("checkpoint", checkpoint, reach),
    scores: watched("scores", scores, reach),
    quarantine: watched("quarantine", quarantine, reach),
    lake: watched("lake", lake, reach),
  };
}

function watched<Target extends object>(
  name: string,
  target: Target,
  reach: (step: Step) => Promise<void> | void,
): Target {
  return new Proxy(target, {
    get(_, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return async (...values: unknown[]) => {
        const step = `${name}.${String(property)}`;
        await reach({ name: step, moment: "before" });
        // The methods need the object itself: a proxy has no private fields.
        const result: unknown = await value.apply(target, values);
        await reach({ name: step, moment: "after" });
        return result;
      };
    },
  });
}
