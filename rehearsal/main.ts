import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { answered, WRONG_USAGE } from "../command-line/usage.js";
import type { Audience } from "./audience.js";
import type { Tick } from "./export-ticks.js";
import { program } from "./json.js";
import { person } from "./person.js";
import type { Places } from "./rehearse.js";
import { isExactlyOnce } from "./verification.js";

const HELP = `The main job, rehearsed on this machine (npm start -- <options>)

  --ticks <n>  number of ticks of the five-minute schedule, 3 to 48  (default 6)
  --json       one JSON object on stdout instead of text
  --help, --version

The exit code is 0 only if every event of the simulated tenant is in the lake exactly once.`;

const OUTPUT = resolve("rehearsal.out");

const PLACES: Places = {
  deploymentFile: resolve(import.meta.dirname, "..", "examples", "organization", "deployment.yaml"),
  // Not where `npm run synth` writes: the output there belongs to the user's own deployment.
  terraformDirectory: join(OUTPUT, "cdktf.out"),
  outputDirectory: OUTPUT,
};

interface Options {
  readonly ticks: number;
  readonly json: boolean;
}

/** @throws Error that names the option, its value and what is allowed */
function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      ticks: { type: "string", default: "6" },
      json: { type: "boolean", default: false },
    },
  });
  const ticks = Number(values.ticks);
  if (!(Number.isInteger(ticks) && ticks >= 3 && ticks <= 48)) {
    throw new Error(`--ticks is "${values.ticks}": use a whole number from 3 to 48.`);
  }
  return { ticks, json: values.json };
}

/** @returns whether every event is in the lake exactly once */
async function rehearse(tickCount: number, audience: Audience): Promise<boolean> {
  const began = performance.now();
  let functionLog: string | undefined;
  try {
    audience.begin();
    // Loaded only now: CDKTF takes a second, and the user should see output before that.
    const { prepare, startRehearsal } = await during(
      audience,
      "Loading CDKTF",
      () => import("./rehearse.js"),
    );
    const prepared = await during(audience, "Bundling the function, writing the Terraform JSON", async () =>
      prepare(PLACES),
    );
    audience.deployment(prepared, PLACES);

    const rehearsal = await startRehearsal(prepared, PLACES, tickCount);
    functionLog = prepared.functionLog;
    try {
      audience.exportBegins(prepared, rehearsal);
      const ticks: Tick[] = [];
      const play = rehearsal.play(tickCount);
      const nextTick = () => during(audience, "The function is running", () => play.next());
      for (let next = await nextTick(); next.done !== true; next = await nextTick()) {
        audience.tick(next.value, ticks.at(-1));
        ticks.push(next.value);
      }
      const exported = await rehearsal.readBack();
      const seconds = (performance.now() - began) / 1000;
      const { lakeDirectory } = rehearsal;
      audience.end({ places: PLACES, prepared, lakeDirectory, ticks, exported, seconds });
      return isExactlyOnce(exported.verification);
    } finally {
      await rehearsal.close();
    }
  } catch (error) {
    audience.fail(error instanceof Error ? error.message : String(error), functionLog);
    return false;
  }
}

/** Announces to the audience that something is in progress. */
async function during<T>(audience: Audience, what: string, work: () => Promise<T>): Promise<T> {
  const over = audience.wait(what);
  try {
    return await work();
  } finally {
    over();
  }
}

async function main(args: string[]): Promise<number> {
  const code = answered(args, HELP);
  if (code !== undefined) {
    return code;
  }
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nnpm start -- --help lists the options.`,
    );
    return WRONG_USAGE;
  }
  const audience = options.json ? program : person;
  if (Number.parseInt(process.versions.node, 10) < 24) {
    audience.fail(
      `The rehearsal requires Node 24, the function's version; this is Node ${process.versions.node}. ` +
        "Use npm start, which runs on Node 24.",
      undefined,
    );
    return 1;
  }
  return (await rehearse(options.ticks, audience)) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
