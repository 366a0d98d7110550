import type { Tick } from "./export-ticks.js";
import type { Exported, Places, Prepared, Rehearsal } from "./rehearse.js";

/** Whoever the rehearsal is played for: a person at a terminal, or a program. */
export interface Audience {
  begin(): void;
  /** Something takes a while; call what is returned when it is over. */
  wait(what: string): () => void;
  deployment(prepared: Prepared, places: Places): void;
  exportBegins(prepared: Prepared, rehearsal: Rehearsal): void;
  tick(tick: Tick, previous: Tick | undefined): void;
  end(result: RehearsalResult): void;
  /** @param functionLog where to look, once the function has run */
  fail(message: string, functionLog: string | undefined): void;
}

/** Everything that a rehearsal found out. */
export interface RehearsalResult {
  readonly places: Places;
  readonly prepared: Prepared;
  readonly lakeDirectory: string;
  readonly ticks: readonly Tick[];
  readonly exported: Exported;
  readonly seconds: number;
}
