import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{exactly-once,fuzz}/*.proof.ts"],
    pool: "threads",
    maxWorkers: "100%",
  },
});
