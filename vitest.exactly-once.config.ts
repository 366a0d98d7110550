import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/proofs/*/*.proof.ts"],
    globalSetup: ["node24/required-by-vitest.mjs"],
    pool: "threads",
    maxWorkers: "100%",
    // Only guards against hanging: these tests use every processor, whatever else the machine runs.
    testTimeout: 60_000,
  },
});
