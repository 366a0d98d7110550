import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.e2e.test.ts"],
    globalSetup: ["node24/required-by-vitest.mjs", "test/e2e/global-setup.ts"],
    // The emulated scheduler fires for the first time 60 to 70 seconds after the deployment.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});
