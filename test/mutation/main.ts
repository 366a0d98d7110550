/**
 * `npm run test:mutation`: leaves out every statement and every condition of every policy, one at a time, and
 * runs the tests. A mutant that no test notices survives, and the run fails.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { policyMutants, statementFunctionsOf } from "./mutants.js";
import { startMutationRunner } from "./runner.js";

const ROOT = join(import.meta.dirname, "..", "..");

/** Tests that stand guard over the policies of a folder. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  "constructs/cloudtrail": ["test/constructs/cloudtrail", "test/policy-table"],
  "constructs/security-lake": ["test/constructs/security-lake"],
};

const sources = Object.keys(TESTS).flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      folder,
      file: join(folder, name),
      text: readFileSync(join(ROOT, folder, name), "utf8"),
    })),
);
const statementFunctions = new Set(sources.flatMap(({ file, text }) => statementFunctionsOf(file, text)));
const runner = await startMutationRunner();

let survivors = 0;
let count = 0;
for (const [folder, tests] of Object.entries(TESTS)) {
  const standsGuard = (file: string) => tests.some((test) => file.startsWith(`${test}/`));
  const broken = await runner.firstFailure(standsGuard);
  if (broken !== undefined) {
    console.error(`The tests of ${folder} fail without any mutant: ${broken}`);
    process.exit(1);
  }
  for (const { file, text } of sources.filter((source) => source.folder === folder)) {
    for (const mutant of policyMutants(file, text, statementFunctions)) {
      const killer = await runner.firstFailure(standsGuard, mutant);
      count += 1;
      survivors += killer === undefined ? 1 : 0;
      const verdict = killer === undefined ? pc.red("survived") : pc.green("killed");
      console.log(`${verdict} ${mutant.description.replaceAll(/\s+/g, " ")}`);
      console.log(pc.dim(killer === undefined ? "  no test notices" : `  by: ${killer}`));
    }
  }
}
await runner.close();
console.log(`\n${count} mutants, ${count - survivors} killed, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);
