import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Random, seededRandom } from "../../../simulator/random.js";
import { type Accounting, account, readLog } from "./accounting.js";
import type { Ending, Running } from "./command-line.js";
import { LEFT_OVER, whatIsStuck } from "./finish.js";
import { Folder } from "./folder.js";
import { MOMENTS, type Moment } from "./folder-state.js";
import { type Slice, TenantWithFlaws } from "./tenant-with-flaws.js";

const MINUTE = 60_000;

/** What a command exports. */
const KINDS = ["live", "backfill", "redrive"] as const;
type Kind = (typeof KINDS)[number];

/** How a command ends while another one is running. */
const REFUSED =
  /another run is in progress|Another run of this backfill is in progress|A run holds the lease of/;

/** How long a command takes when nothing disturbs it: the kills are spread over that. */
interface Pace {
  /** Until it has loaded its modules, and writes. */
  readonly startMs: number;
  /** From then on. */
  readonly workMs: number;
  readonly writes: number;
}

/** What the kill test has found. */
export interface KillTestResult {
  /** Size and result, in one line. */
  readonly summary: string;
  readonly kills: readonly { readonly kind: Kind; readonly moment: Moment }[];
  /** What is not as it must be; empty when all is well. */
  readonly differences: readonly string[];
  /** Each command and its end, and the folder that is left behind when something is not as it must be. */
  readonly journal: readonly string[];
}

/**
 * Kills `vectra-cdr` with SIGKILL, again and again, while it exports a simulated tenant into a folder: new events, history
 * and quarantine, one command at a time or two at once. Then lets every command come to its end, and counts.
 *
 * @param kills how many processes are killed.
 * @param seed makes the same choices again. How far a process comes until it is killed also depends on the machine.
 */
export async function killTest(kills: number, seed: number): Promise<KillTestResult> {
  const directory = mkdtempSync(join(tmpdir(), "kill test "));
  const tenant = await TenantWithFlaws.start(seed, 4 + Math.ceil(kills / 3), seededRandom(seed));
  const test = new KillTest(directory, tenant);
  try {
    await test.begin(seededRandom(seed + 1));
    // Each round has random numbers of its own: how the one before it ended does not change them.
    for (let round = 2; test.kills.length < kills; round += 1) {
      await test.round(seededRandom(seed + round), kills - test.kills.length);
    }
    const result = await test.finish(seed);
    if (result.differences.length === 0) {
      rmSync(directory, { recursive: true });
    }
    return result;
  } catch (error) {
    throw new Error(`seed ${seed}\n${test.journal.join("\n")}\n${String(error)}`, { cause: error });
  } finally {
    test.close();
    await tenant.close();
  }
}

class KillTest {
  readonly kills: { readonly kind: Kind; readonly moment: Moment }[] = [];
  readonly journal: string[];
  readonly #directory: string;
  readonly #tenant: TenantWithFlaws;
  readonly #folder: Folder;
  readonly #pace = new Map<Kind, Pace>();
  /** Commands that failed although nobody killed them. */
  readonly #failed: string[] = [];
  /** The slice of the history that is exported next, and whether a backfill of it has come to its end. */
  #slice = 0;
  #isSliceDone = false;

  constructor(directory: string, tenant: TenantWithFlaws) {
    this.#directory = directory;
    this.#tenant = tenant;
    this.#folder = new Folder(directory, tenant.access);
    this.journal = [`folder: ${this.#folder.lake}`];
  }

  close(): void {
    this.#folder.close();
  }

  /** Begins the live export after the history, and runs each command once. */
  async begin(random: Random): Promise<void> {
    const { deployment } = this.#folder;
    await this.#folder.complete([
      "export",
      "--once",
      "--deployment",
      deployment,
      "--url",
      this.#tenant.access.url,
    ]);
    for (const kind of KINDS) {
      this.#prepare(kind, random);
      await this.#undisturbed(kind);
    }
  }

  /** One command, or two at once, with at least one to be killed. */
  async round(random: Random, killsLeft: number): Promise<void> {
    const kinds = this.#choose(random);
    for (const kind of kinds) {
      this.#prepare(kind, random);
    }
    const victims = Math.min(killsLeft, random.integer(1, kinds.length));
    const begun = kinds.map(async (kind, index) => {
      const own = seededRandom(random.integer(0, 2 ** 31));
      await delay(index * own.integer(0, 200));
      const running = this.#start(kind);
      if (index < victims) {
        await this.#strike(kind, running, own);
      }
      return { kind, running, ending: await running.ended };
    });
    const ends = await Promise.all(begun);
    const lines = ends.map(({ kind, running, ending }) =>
      this.#judge(kind, running, ending, ends.length > 1),
    );
    this.journal.push(lines.join("; at the same time "));
  }

  /** Lets every command come to its end, and counts. */
  async finish(seed: number): Promise<KillTestResult> {
    const { history, access } = this.#tenant;
    const rest = history.slice(this.#slice + 1);
    const backfills = [history.slice(this.#slice, this.#slice + 1), rest].flatMap(parametersOfBackfill);
    const commands = [["export", "--once"], ...backfills];
    for (const command of commands) {
      await this.#folder.complete(command);
    }
    this.#fix(seededRandom(seed), 0.5);
    await this.#folder.complete(["redrive"], LEFT_OVER);
    const stuck = await whatIsStuck(this.#folder, commands);

    const { quarantine } = (await this.#folder.complete(["quarantine", "list"])) as {
      quarantine: readonly { readonly events: readonly { readonly event: string }[] }[];
    };
    const quarantined = quarantine.flatMap(({ events }) => events.map(({ event }) => event));
    const healthy = quarantined.filter((id) => !this.#tenant.isMalformed(id));
    const accounting = await account(await readLog(access), this.#folder.lake, quarantined, this.#directory);
    return this.#result(seed, accounting, [
      ...stuck,
      ...healthy.map((id) => `event ${id} is in quarantine although it can be exported`),
    ]);
  }

  #result(seed: number, accounting: Accounting, stuck: readonly string[]): KillTestResult {
    const { events, inLake, inQuarantine, lost, doubled, wrongDirections } = accounting;
    const kindCounts = KINDS.map(
      (name) => `${this.kills.filter(({ kind }) => kind === name).length} ${name}`,
    );
    const momentCounts = MOMENTS.map(
      (name) => `${this.kills.filter(({ moment }) => moment === name).length} ${name}`,
    );
    return {
      summary:
        `Kill test: seed ${seed}, ${this.kills.length} kills (${kindCounts.join(", ")}: ${momentCounts.join(", ")}) ` +
        `of ${this.#folder.processes} processes, ${events} events (${inLake} in the lake, ${inQuarantine} in quarantine): ` +
        `${lost.length} lost, ${doubled.length} doubled, ${stuck.length} stuck`,
      kills: this.kills,
      differences: [
        ...lost.map((event) => `lost: ${event}`),
        ...doubled.map((event) => `doubled: ${event}`),
        ...stuck.map((what) => `stuck: ${what}`),
        ...wrongDirections.map((record) => `wrong direction: ${record}`),
        ...this.#failed.map((command) => `failed: ${command}`),
      ],
      journal: this.journal,
    };
  }

  #choose(random: Random): readonly Kind[] {
    const available = KINDS.filter(
      (kind) =>
        kind === "live" ||
        (kind === "backfill" && this.#slice < this.#tenant.history.length - 2) ||
        (kind === "redrive" && this.#folder.state.quarantined() > 0),
    );
    const first = random.pick(available);
    return random.chance(0.25) ? [first, random.pick(available)] : [first];
  }

  /** Gives a command something to do. */
  #prepare(kind: Kind, random: Random): void {
    if (kind === "live") {
      this.#tenant.advance(random.pick([5, 15, 60, 360]) * MINUTE, random);
    } else if (kind === "redrive") {
      this.#fix(random, 0.8);
    } else if (this.#isSliceDone) {
      this.#slice += 1;
      this.#isSliceDone = false;
    }
  }

  /**
   * A share of the events in quarantine can be exported from now on, as after a new version of the exporter. Unfinished work
   * may have put others there again as they were: those of which that was said before.
   */
  #fix(random: Random, share: number): void {
    this.#folder.state.fixQuarantined((id) =>
      !this.#tenant.isMalformed(id) || random.chance(share) ? this.#tenant.fix(id) : undefined,
    );
  }

  #start(kind: Kind): Running {
    switch (kind) {
      case "live":
        return this.#folder.start(["export", "--once"]);
      case "backfill": {
        const slice = this.#tenant.history.slice(this.#slice, this.#slice + 1);
        return this.#folder.start(parametersOfBackfill(slice).flat());
      }
      case "redrive":
        return this.#folder.start(["redrive"]);
    }
  }

  /**
   * Kills a process at a random time of its work, or after a random number of writes, most of which are close together; one
   * process in ten at any time.
   */
  async #strike(kind: Kind, { ended, kill }: Running, random: Random): Promise<void> {
    const { startMs, workMs, writes } = this.#pace.get(kind) ?? { startMs: 0, workMs: 0, writes: 1 };
    const way = random.integer(1, 10);
    const part = random.next() * 1.1;
    const someWrites = random.integer(1, writes);
    const wait = (milliseconds: number) => Promise.race([delay(milliseconds), ended]);
    if (way === 1) {
      await wait(part * (startMs + workMs));
    } else {
      // The writes before may be those of the other command.
      await wait(0.8 * startMs);
      await this.#folder.written(way < 4 ? 1 : someWrites, ended);
      await wait(way < 4 ? part * workMs : 0);
    }
    kill();
  }

  async #undisturbed(kind: Kind): Promise<void> {
    const running = this.#start(kind);
    const startedAt = performance.now();
    const writes = await this.#folder.writesUntil(running.ended);
    const ending = await running.ended;
    const startMs = (writes[0] ?? startedAt) - startedAt;
    this.#pace.set(kind, { startMs, workMs: ending.milliseconds - startMs, writes: writes.length });
    this.journal.push(this.#judge(kind, running, ending, false));
  }

  /** @returns what became of a process, for the journal. */
  #judge(kind: Kind, { pid }: Running, { signal, code, err }: Ending, isOneOfTwo: boolean): string {
    if (signal === "SIGKILL") {
      const moment = this.#folder.state.momentOf(pid);
      this.kills.push({ kind, moment });
      return `${kind} ${pid} killed ${moment}`;
    }
    const isExpected =
      code === 0 || (isOneOfTwo && REFUSED.test(err)) || (kind === "redrive" && LEFT_OVER.test(err));
    if (!isExpected) {
      this.#failed.push(`${kind} ${pid} ended with ${code}: ${err}`);
    }
    this.#isSliceDone ||= kind === "backfill" && code === 0;
    return `${kind} ${pid} ended with ${code}`;
  }
}

/** The command for adjacent slices; none where there are none. */
function parametersOfBackfill(slices: readonly Slice[]): readonly (readonly string[])[] {
  const [first] = slices;
  const last = slices.at(-1);
  return first === undefined || last === undefined
    ? []
    : [["backfill", "--from", first.from, "--to", last.to, "--yes"]];
}
