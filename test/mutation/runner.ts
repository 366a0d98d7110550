import { join, relative } from "node:path";
import { createVitest, type TestSpecification } from "vitest/node";

const ROOT = join(import.meta.dirname, "..", "..");

/** A source file as it would be with a mistake in it. */
export interface MutatedFile {
  /** Relative to the root. */
  readonly file: string;
  readonly text: string;
}

/** Runs tests against sources that are changed on their way into vitest, never on disk. */
export interface MutationRunner {
  /**
   * Name of the first test that fails, or nothing when all pass.
   *
   * @param isMeant which test files to run, by their paths relative to the root.
   * @throws Error when a test file cannot be loaded: such a mutant would prove nothing.
   */
  firstFailure(isMeant: (file: string) => boolean, mutated?: MutatedFile): Promise<string | undefined>;
  close(): Promise<void>;
}

/** @param config vitest's configuration, relative to the root. */
export async function startMutationRunner(config = "vitest.config.ts"): Promise<MutationRunner> {
  let active: MutatedFile | undefined;
  const vitest = await createVitest(
    "test",
    {
      root: ROOT,
      config: join(ROOT, config),
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

  async function firstFailure(isMeant: (file: string) => boolean, mutated?: MutatedFile) {
    active = mutated;
    // Results of files that the last run did not come to would be taken for this run's.
    vitest.state.filesMap.clear();
    vitest.state.clearErrors();
    vitest.vite.moduleGraph.invalidateAll();
    for (const project of vitest.projects) {
      project.vite.moduleGraph.invalidateAll();
    }
    const specifications = (await vitest.globTestSpecifications()).filter(({ moduleId }: TestSpecification) =>
      isMeant(relative(ROOT, moduleId)),
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

  return { firstFailure, close: () => vitest.close() };
}
