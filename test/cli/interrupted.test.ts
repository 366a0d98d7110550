import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Desk, startDesk, vectraCdr } from "./command-line.js";

const PROGRAM = join(import.meta.dirname, "..", "..", "cli", "vectra-cdr.mjs");

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

/** An export in a process of its own that waits for an answer of the tenant. */
async function exportThatWaits(milliseconds: number): Promise<{ child: ChildProcess; err: () => string }> {
  desk.tenant.faults.add({ on: "account", kind: "slow", delayMilliseconds: milliseconds });
  const command = ["export", "--once", "--to", desk.lake, "--url", desk.tenant.url];
  const child = spawn(process.execPath, [PROGRAM, ...command], { stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr?.on("data", (chunk) => {
    err += String(chunk);
  });
  while (desk.tenant.faults.pending().length > 0) {
    await delay(10);
  }
  return { child, err: () => err };
}

it("GIVEN an export in the middle of a window WHEN Ctrl-C comes THEN the window is finished, the lease is free, the code is 130", {
  timeout: 60_000,
}, async () => {
  const { child, err } = await exportThatWaits(1500);

  child.kill("SIGINT");
  const [code] = await once(child, "exit");

  expect(code).toBe(130);
  expect(err()).toBe(
    "\nStopping after the current step; press Ctrl-C again to stop at once. Either is safe: the same command continues " +
      "where this one stopped, and each event is exported once.\n" +
      "Stopped after the current step. Run the same command again to continue.\n",
  );
  const { out } = await vectraCdr(["status", "--lake", desk.lake, "--json"]);
  expect(JSON.parse(out).tenants[0]).toMatchObject({ cursor: 4865, lease: null, unfinishedWindow: null });
});

it("GIVEN an export in the middle of a window WHEN Ctrl-C comes twice THEN it ends at once, and the next one finishes the window", {
  timeout: 60_000,
}, async () => {
  const { child, err } = await exportThatWaits(60_000);

  child.kill("SIGINT");
  while (!err().includes("Stopping")) {
    await delay(10);
  }
  await delay(400);
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  const again = await vectraCdr(["export", "--once", "--to", desk.lake]);
  const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);

  expect(code).toBe(130);
  expect(err()).toContain("\nStopped at once. Run the same command again to continue.\n");
  expect(again.code).toBe(0);
  expect(JSON.parse(out).records).toHaveLength(36);
});
