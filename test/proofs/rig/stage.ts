import { expect, vi } from "vitest";
import type { AwsFault } from "../../../simulator/aws/stand-ins.js";
import { type ExporterUnderTest, startExporter } from "./exporter.js";

const QUARTER_OF_AN_HOUR = 900_000;
/** Longer than any lease: a run has at most 15 minutes. */
const LONGEST_LEASE = 1_000_000;

/** Where a run dies, relative to one of its calls. */
export const MOMENTS = ["before the call", "after its effect", "after its answer"] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * Where stories of runs and mishaps are played: a simulated tenant, stand-ins of AWS, the exporter between them, and
 * a clock. Each story has a state and a part of the lake of its own.
 */
export class Stage {
  readonly exporter: ExporterUnderTest;
  /** How many events each story has in the lake, as far as it was counted; by the name of the story. */
  readonly written = new Map<string, number>();
  readonly #realFetch = globalThis.fetch;
  #story = "";
  #stories = 0;
  /** Latest time that the clock ever showed in this story. */
  #latest = 0;

  constructor(exporter: ExporterUnderTest) {
    this.exporter = exporter;
  }

  /**
   * A tenant of three accounts that gives six events in a quarter of an hour.
   *
   * @param fractions whether they have fractions of a second.
   */
  static async start({ fractions = false } = {}): Promise<Stage> {
    return new Stage(await startExporter({ accounts: 3, eventsPerTick: 2, fractions }));
  }

  async close(): Promise<void> {
    this.reset();
    await this.exporter.close();
  }

  /** Name of the present story's tenant. */
  get story(): string {
    return this.#story;
  }

  /** How many stories there were. */
  get stories(): number {
    return this.#stories;
  }

  /**
   * Begins a story whose live export has six events before it.
   *
   * @param begin stores the checkpoint of that export. @default - as this release does
   */
  async newStory(begin?: () => Promise<void>): Promise<void> {
    await this.#restart(0, begin);
    this.exporter.tenant.advance(QUARTER_OF_AN_HOUR);
  }

  /** Begins a story with a history of six events, which the live export leaves out. @returns its stretch of time. */
  async newStoryWithHistory(begin?: () => Promise<void>) {
    return await this.#restart(QUARTER_OF_AN_HOUR, begin);
  }

  async #restart(history: number, begin?: () => Promise<void>) {
    this.reset();
    this.#stories += 1;
    this.#story = `story-${this.#stories}`;
    this.#latest = 0;
    return await this.exporter.restart(this.#story, history, begin);
  }

  /** Nothing fails any more, the clock is right, and the tenant gives its events as they are. */
  reset(): void {
    this.live();
    vi.restoreAllMocks();
    vi.useRealTimers();
    this.exporter.untamper();
    this.exporter.tenant.faults.clear();
  }

  /** The clock jumps, forward or backward. */
  jump(milliseconds: number): void {
    this.#latest = Math.max(this.#latest, Date.now());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
  }

  /** So much time passes that every lease ends by itself. */
  letTheLeasesEnd(): void {
    this.#latest = Math.max(this.#latest, Date.now());
    vi.useFakeTimers({ toFake: ["Date"], now: this.#latest + LONGEST_LEASE });
  }

  /** Every call of a run passes here, to Vectra and to AWS; `decide` gets its number, from 0. */
  intercept(decide: (call: number) => "pass" | "dead" | "drop-answer"): void {
    let calls = 0;
    const next = () => decide(calls++);
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      const verdict = next();
      if (verdict === "dead") {
        throw new TypeError("fetch failed");
      }
      const response = await this.#realFetch(...request);
      if (verdict === "drop-answer") {
        throw new TypeError("fetch failed");
      }
      return response;
    });
    this.exporter.onCall((): AwsFault => {
      const verdict = next();
      return verdict === "dead" ? { status: 400, code: "SimulatedCrash" } : verdict;
    });
  }

  /** Every call passes again. */
  live(): void {
    vi.unstubAllGlobals();
    this.exporter.onCall(() => "pass");
  }

  /** How many calls a run makes. */
  async callsOf(run: () => Promise<unknown>): Promise<number> {
    let calls = 0;
    this.intercept((call) => {
      calls = call + 1;
      return "pass";
    });
    await run();
    this.live();
    return calls;
  }

  /** A run that dies at its n-th call, from 0: nothing it does from then on has an effect. */
  async crashed(run: () => Promise<unknown>, call: number, moment: Moment): Promise<void> {
    this.intercept((number) => {
      if (number !== call) {
        return number < call ? "pass" : "dead";
      }
      return moment === "after its answer" ? "pass" : moment === "after its effect" ? "drop-answer" : "dead";
    });
    await run().catch(() => undefined);
    this.live();
  }

  /**
   * Asserts that every event of the story is in the lake exactly once, or in quarantine, and compares itself with the
   * score before it.
   *
   * @param directions which wrong directions there may be: `unknown` where a run may have been overtaken by others while
   *   it slept, and does not know any more what the scores were before its window; `any` where the tenant gave events in
   *   another order.
   */
  async expectExactlyOnce(where?: string, directions: "right" | "unknown" | "any" = "right"): Promise<void> {
    const { events, written, quarantined, differences, wrongDirections } = await this.exporter.accounting();
    expect(differences, where).toEqual([]);
    expect(written + quarantined, where).toBe(events);
    const allowed = { right: /^$/, unknown: /: Score direction unknown instead/, any: /./ }[directions];
    expect(
      wrongDirections.filter((wrong) => !allowed.test(wrong)),
      where,
    ).toEqual([]);
    this.written.set(this.#story, written);
  }
}
