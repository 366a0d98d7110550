import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "node_modules/**"],
    pool: "threads",
    // vitest leaves one processor to itself unless told, which halves the speed of two.
    maxWorkers: "100%",
    // Loading CDKTF and the AWS SDK for each of a hundred files takes longer than the tests. A test that changes
    // the environment, the clock or fetch must therefore put it back.
    isolate: false,
    coverage: {
      provider: "v8",
      include: [
        "constructs/**/*.ts",
        "deployment/**/*.ts",
        "functions/**/*.ts",
        "simulator/**/*.ts",
        "cli/**/*.ts",
      ],
      reporter: ["text-summary"],
      thresholds: { statements: 97, branches: 93, functions: 98, lines: 97 },
    },
  },
});
