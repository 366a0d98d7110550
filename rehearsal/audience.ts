import type { Tick } from "./export-ticks.js";
import type { Exported, Places, Prepared, Rehearsal } from "./rehearse.js";

/** Who watches the rehearsal: a person at a terminal, or a program. */
export interface Audience {
  begin(): void;
  /** Announces something that takes a while. @returns a function to call when it is done. */
  wait(what: string): () => void;
  deployment(prepared: Prepared, places: Places): void;
  exportBegins(prepared: Prepared, rehearsal: Rehearsal): void;
  tick(tick: Tick, previous: Tick | undefined): void;
  end(result: RehearsalResult): void;
  /** @param functionLog path of the function's log, once the function has run */
  fail(message: string, functionLog: string | undefined): void;
}

/** The result of a rehearsal. */
export interface RehearsalResult {
  readonly places: Places;
  readonly prepared: Prepared;
  readonly lakeDirectory: string;
  readonly ticks: readonly Tick[];
  readonly exported: Exported;
  readonly seconds: number;
}
