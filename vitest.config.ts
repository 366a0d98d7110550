import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that start processes take longest: if they began last, the other processors would be idle. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const startsProcesses = ({ moduleId }: TestSpecification) => moduleId.endsWith("/main.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(startsProcesses), ...sorted.filter((file) => !startsProcesses(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/*.e2e.test.ts", "node_modules/**"],
    globalSetup: ["node24/required-by-vitest.mjs"],
    pool: "threads",
    // By default, vitest keeps one processor for itself, which halves the speed of two.
    maxWorkers: "100%",
    // Loading CDKTF and the AWS SDK for each of a hundred files takes longer than the tests. A test that changes
    // the environment, the clock or fetch must therefore restore it.
    isolate: false,
    // Tests that start processes or a table take most of vitest's 5 seconds, and more on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: ProcessesFirst },
    coverage: {
      provider: "v8",
      include: [
        "constructs/**/*.ts",
        "deployment/**/*.ts",
        "functions/**/*.ts",
        "command-line/**/*.ts",
        "simulator/**/*.ts",
        "cli/**/*.ts",
      ],
      reporter: ["text-summary"],
      thresholds: { statements: 97, branches: 93, functions: 98, lines: 97 },
    },
  },
});
