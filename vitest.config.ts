import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // vitest leaves one processor to itself unless told, which halves the speed of two.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "synth",
          include: ["test/{constructs,policy-table,deployment,cli,checkov}/**/*.test.ts"],
          pool: "threads",
          // Loading CDKTF takes most of a second, and these tests share nothing that one could spoil for another.
          isolate: false,
        },
      },
      {
        test: {
          name: "runtime",
          include: ["test/{functions,simulator,rehearsal,ocsf,bench,terraform-leg,e2e-tools}/**/*.test.ts"],
          pool: "threads",
        },
      },
    ],
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
