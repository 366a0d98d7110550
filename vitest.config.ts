import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/terraform/**", "node_modules/**"],
    pool: "threads",
    coverage: {
      provider: "v8",
      include: [
        "constructs/**/*.ts",
        "deployment/**/*.ts",
        "functions/**/*.ts",
        "simulator/**/*.ts",
        "main.ts",
      ],
      reporter: ["text-summary"],
    },
  },
});
