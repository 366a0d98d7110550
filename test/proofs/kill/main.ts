/**
 * `npm run test:kills -- 200`: kills that many processes of the command line while they export, and counts the events.
 * `KILL_SEED=<seed>` makes the same choices again.
 */
import pc from "picocolors";
import { randomSeed } from "../rig/seed.js";
import { killTest } from "./kill-test.js";

const [, , given = "200"] = process.argv;
const kills = /^\d+$/.test(given) ? Number(given) : 0;
if (kills === 0) {
  console.error(`"${given}" is no number of kills: use a whole number of 1 or more.`);
  process.exit(2);
}
const { summary, differences, journal } = await killTest(kills, randomSeed("KILL_SEED"));
if (differences.length > 0) {
  console.error(journal.join("\n"));
  console.error(pc.red(differences.join("\n")));
  process.exitCode = 1;
}
console.log(summary);
