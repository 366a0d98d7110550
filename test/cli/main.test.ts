import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { startDesk, vectraCdr } from "./command-line.js";

const PROGRAM = join(import.meta.dirname, "..", "..", "cli", "vectra-cdr.mjs");

it("GIVEN the program of package.json's bin WHEN it runs in a terminal that knows colours THEN its output has none", () => {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, "egress", "-r", "ca", "-f", "csv"], {
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: "1" },
  });

  expect(status).toBe(0);
  expect(stdout).toBe(
    [
      "region,host,address,port",
      "ca,authgateway.cc1.public.app.prod.vectra-svc.ai,3.96.112.208,443",
      "ca,authgateway.cc1.public.app.prod.vectra-svc.ai,52.60.211.221,443",
      "ca,authgateway.cc1.public.app.prod.vectra-svc.ai,15.222.69.161,443",
      "",
    ].join("\n"),
  );
});

it("GIVEN an export whose process is killed in the middle of a window WHEN it is started again THEN it goes on at once, and every event is there once", async () => {
  const desk = await startDesk();
  const command = ["export", "--once", "--to", desk.lake, "--url", desk.tenant.url];
  desk.tenant.faults.add({ on: "account", kind: "slow", delayMilliseconds: 60_000 });
  const child = spawn(process.execPath, [PROGRAM, ...command], { stdio: "ignore" });
  while (desk.tenant.faults.pending().length > 0) {
    await delay(10);
  }
  child.kill("SIGKILL");
  await once(child, "exit");

  const killed = await vectraCdr(["status", "--lake", desk.lake, "--json"]);
  desk.tenant.advance(300_000);
  const { code } = await vectraCdr(command);
  const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);

  // Nothing is decided until everything is ready to be written.
  expect(JSON.parse(killed.out).tenants[0]).toMatchObject({ cursor: 0, unfinishedWindow: null });
  expect(code).toBe(0);
  expect(recordsIn(out)).toEqual(eventsOf(desk));
  await desk.close();
});

it("GIVEN an export that could not write its window WHEN it can THEN it goes on at once, and every event is there once", async () => {
  const desk = await startDesk();
  const command = ["export", "--once", "--to", desk.lake, "--url", desk.tenant.url];
  // A file is where the folder of the region would be.
  mkdirSync(desk.lake);
  writeFileSync(join(desk.lake, "region=local"), "");

  const failed = await vectraCdr(command);
  const unfinished = await vectraCdr(["status", "--lake", desk.lake, "--json"]);
  desk.tenant.advance(300_000);
  rmSync(join(desk.lake, "region=local"));
  const { code } = await vectraCdr(command);
  const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);

  expect(failed.code).toBe(1);
  expect(JSON.parse(unfinished.out).tenants[0].unfinishedWindow).toEqual({
    kind: "window",
    from: 0,
    to: 4865,
    events: 36,
  });
  expect(code).toBe(0);
  expect(recordsIn(out)).toEqual(eventsOf(desk));
  await desk.close();
});

/** Account and time of each record of a query, sorted. */
function recordsIn(out: string): string[] {
  const records = JSON.parse(out).records as { finding: { uid: string }; time: number }[];
  return records.map(({ finding, time }) => `${finding.uid} at ${time}`).sort();
}

/** Account and time of each event, sorted. */
function eventsOf({ tenant }: Awaited<ReturnType<typeof startDesk>>): string[] {
  return tenant
    .events()
    .map(({ entity_id, event_timestamp }) => `${entity_id} at ${Date.parse(event_timestamp)}`)
    .sort();
}
