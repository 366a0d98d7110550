/**
 * `npm run test:mutation`: leaves out every statement and every condition of every policy, one at a time, and
 * runs the tests. A mutant that no test notices survives, and the run fails.
 *
 * Sources are changed on their way into vitest, never on disk.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import pc from "picocolors";
import { createVitest } from "vitest/node";
import { type Mutant, policyMutants, statementFunctionsOf } from "./mutants.js";

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

let active: Mutant | undefined;
const vitest = await createVitest(
  "test",
  {
    root: ROOT,
    watch: false,
    bail: 1,
    // One worker runs the files one after the other and stops at the first failure.
    fileParallelism: false,
    isolate: false,
    reporters: [{}],
  },
  {
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        transform(_code, id) {
          return active !== undefined && relative(ROOT, id) === active.file
            ? { code: active.text }
            : undefined;
        },
      },
    ],
  },
);

/**
 * Name of the first test that fails, or nothing when all pass.
 *
 * @throws Error when a test file cannot be loaded: such a mutant would prove nothing.
 */
async function firstFailure(folders: readonly string[]): Promise<string | undefined> {
  // Results of files that the last run did not come to would be taken for this run's.
  vitest.state.filesMap.clear();
  vitest.state.clearErrors();
  vitest.vite.moduleGraph.invalidateAll();
  for (const project of vitest.projects) {
    project.vite.moduleGraph.invalidateAll();
  }
  const specifications = (await vitest.globTestSpecifications()).filter(({ moduleId }) =>
    folders.some((folder) => relative(ROOT, moduleId).startsWith(`${folder}/`)),
  );
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, true);
  for (const module of testModules) {
    for (const test of module.children.allTests("failed")) {
      return test.fullName;
    }
    if (module.state() === "failed") {
      throw new Error(`${module.relativeModuleId} does not load: ${module.errors()[0]?.message}`);
    }
  }
  if (unhandledErrors.length > 0) {
    throw new Error(String(unhandledErrors[0]));
  }
  return undefined;
}

let survivors = 0;
let count = 0;
for (const [folder, tests] of Object.entries(TESTS)) {
  active = undefined;
  const broken = await firstFailure(tests);
  if (broken !== undefined) {
    console.error(`The tests of ${folder} fail without any mutant: ${broken}`);
    process.exit(1);
  }
  for (const { file, text } of sources.filter((source) => source.folder === folder)) {
    for (const mutant of policyMutants(file, text, statementFunctions)) {
      active = mutant;
      const killer = await firstFailure(tests);
      count += 1;
      survivors += killer === undefined ? 1 : 0;
      const verdict = killer === undefined ? pc.red("survived") : pc.green("killed");
      console.log(`${verdict} ${mutant.description.replaceAll(/\s+/g, " ")}`);
      console.log(pc.dim(killer === undefined ? "  no test notices" : `  by: ${killer}`));
    }
  }
}
await vitest.close();
console.log(`\n${count} mutants, ${count - survivors} killed, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);
