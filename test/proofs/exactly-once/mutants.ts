/**
 * `npm run test:exactly-once-mutants`: takes away, one at a time, what makes the exporter write each event exactly
 * once, and runs the proofs. A mutant that no proof notices survives, and the run fails. Takes several minutes.
 *
 * `npm run test:exactly-once-mutants -- "lease owner"` runs only the mutants whose description contains that.
 */
import pc from "picocolors";
import { startMutationRunner } from "../../mutation/runner.js";
import { MUTANTS, mutated } from "./mutant-list.js";

const PROOFS =
  /^test\/proofs\/exactly-once\/(change-matrix|crash-matrix|interruptions|named-cases|named-changes|schedules|touching-backfills)\.proof\.ts$/;

const runner = await startMutationRunner("vitest.exactly-once.config.ts");
const isProof = (file: string) => PROOFS.test(file);
const broken = await runner.firstFailure(isProof);
if (broken !== undefined) {
  console.error(`A proof fails without any mutant: ${broken}`);
  process.exit(1);
}
const [, , wanted = ""] = process.argv;
const mutants = MUTANTS.filter(({ without }) => without.includes(wanted));
let survivors = 0;
for (const mutant of mutants) {
  const killer = await runner.firstFailure(isProof, mutated(mutant));
  survivors += killer === undefined ? 1 : 0;
  console.log(`${killer === undefined ? pc.red("survived") : pc.green("killed")} without ${mutant.without}`);
  console.log(pc.dim(killer === undefined ? "  no proof notices" : `  by: ${killer}`));
}
await runner.close();
console.log(`\n${mutants.length} mutants, ${mutants.length - survivors} killed, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);
