import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/exactly-once/*.proof.ts"], pool: "threads" },
});
