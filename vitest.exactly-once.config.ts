import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/proofs/*/*.proof.ts"],
    globalSetup: ["node24/required-by-vitest.mjs"],
    pool: "threads",
    maxWorkers: "100%",
    // A bound against hanging alone: these run on every processor, beside whatever else the machine does.
    testTimeout: 60_000,
  },
});
