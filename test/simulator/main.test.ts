import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
  }
});

/** Starts `npm run simulator -- <options>` and collects what it prints. */
function simulator(...options: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", "simulator/main.ts", ...options], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  children.push(child);
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    printed.stderr += chunk;
  });
  return { child, printed };
}

describe("npm run simulator", () => {
  it("says where it is and how to log in, serves an hour of events, and stops at Ctrl-C", async () => {
    const { child, printed } = simulator("--seed", "3", "--events", "5", "--start", "2026-01-31T22:00:00Z");
    while (!printed.stdout.includes("_simulator/faults")) {
      await once(child.stdout, "data");
    }

    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.stdout)?.[0];
    const response = await fetch(`${url}/oauth2/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from("simulated-client:simulated-secret").toString("base64")}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    child.kill("SIGINT");
    const [code] = await once(child, "exit");

    expect(response.status).toBe(200);
    expect(printed.stdout).toContain("events so far  60, seed 3, simulated time 2026-01-31T23:00:00.000Z");
    expect(printed.stdout).toContain("Stopped after 1 requests.");
    expect([code, printed.stderr]).toEqual([0, ""]);
  });

  it.each([
    [["--seed", "x"], '--seed is "x": use a whole number from 0 to 4294967295.'],
    [["--port", "70000"], '--port is "70000": use a whole number from 0 to 65535.'],
    [
      ["--start", "yesterday"],
      '--start is "yesterday": use a time in UTC to the second, such as 2026-01-31T22:00:00Z.',
    ],
    [["--sead", "7"], "Unknown option '--sead'"],
    [["--accounts", "0"], '--accounts is "0": use a whole number from 1 to 100000.'],
  ])("refuses %j", async (options, message) => {
    const { child, printed } = simulator(...options);
    const [code] = await once(child, "close");

    expect(code).toBe(2);
    expect(printed.stderr).toBe(`simulator: ${message}\nnpm run simulator -- --help lists the options.\n`);
    expect(printed.stdout).toBe("");
  });
});
