import type { ExporterParts } from "../../../functions/security-lake-exporter/exporter.js";
import type { RunContext } from "../../../functions/security-lake-exporter/run/run-context.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { type Reach, WatchedExporter } from "./watched-exporter.js";

/** Which events a version of the function cannot export; each version reads the quarantine of the others. */
export type Rejects = (event: Pick<EntityScoringEvent, "id" | "entity_id" | "event_timestamp">) => boolean;

/** Stands for a field's value that this version does not understand. */
interface NotUnderstood {
  readonly notUnderstood: unknown;
}

/**
 * The exporter as another version of the function would be: it does not understand the active detection types of some events, neither
 * as the tenant gives them nor in quarantine.
 */
export class VersionedExporter extends WatchedExporter {
  readonly #rejects: Rejects;

  constructor(parts: ExporterParts, reach: Reach, rejects: Rejects) {
    super(parts, reach);
    this.#rejects = rejects;
  }

  protected override async contextOf(
    ...terms: Parameters<WatchedExporter["contextOf"]>
  ): Promise<RunContext> {
    const context = await super.contextOf(...terms);
    const { source, quarantine } = context;
    const asRead = (json: unknown) => this.#asRead(json);
    return {
      ...context,
      source: {
        ...source,
        vectra: replacing(source.vectra, "get", async (...request) => {
          const answer: unknown = await source.vectra.get(...request);
          return hasEvents(answer) ? { ...answer, events: answer.events.map(asRead) } : answer;
        }),
      },
      quarantine: replacing(quarantine, "all", async () =>
        (await quarantine.all()).map((held) => ({ ...held, json: asRead(held.json) })),
      ),
    };
  }

  #asRead(json: unknown): unknown {
    const event = json as EntityScoringEvent & { active_detection_types: string[] | NotUnderstood };
    const { active_detection_types: types } = event;
    const original =
      types !== null && typeof types === "object" && "notUnderstood" in types ? types.notUnderstood : types;
    return {
      ...event,
      active_detection_types: this.#rejects(event) ? { notUnderstood: original } : original,
    };
  }
}

function hasEvents(answer: unknown): answer is { readonly events: readonly unknown[] } {
  return typeof answer === "object" && answer !== null && "events" in answer && Array.isArray(answer.events);
}

/** An object of which one method is another. */
function replacing<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  method: (...values: Parameters<Extract<Target[Name], (...values: never[]) => unknown>>) => Promise<unknown>,
): Target {
  return new Proxy(target, {
    get: (_, property) => {
      const value: unknown = property === name ? method : Reflect.get(target, property, target);
      return typeof value === "function" && property !== name ? value.bind(target) : value;
    },
  });
}
