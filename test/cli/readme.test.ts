import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startTenant, type Tenant } from "../../simulator/tenant.js";
import { vectraCdr } from "./command-line.js";

const README = join(import.meta.dirname, "..", "..", "README.md");
/** The address of the simulated tenant in the README. */
const ADDRESS = "http://127.0.0.1:8080";
/** Whoever moved the cursor in the README. */
const PERSON = "you@host";

/** A command that the README shows, and what it is said to print. */
interface Shown {
  readonly command: string;
  readonly output: string;
}

function shownIn(section: string): Shown[] {
  const blocks = [...section.matchAll(/^```\n(\$ .*?)^```$/gms)].map(([, block]) => block ?? "");
  return blocks
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((shown) => {
      const end = shown.indexOf("\n");
      return { command: shown.slice(0, end), output: shown.slice(end + 1) };
    });
}

/** The words of a command line, as a shell reads them; quotes are all that it needs to know. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) =>
    String(double ?? single ?? plain),
  );
}

const [, section = ""] = readFileSync(README, "utf8").split(/^## The command line$/m);
const shown = shownIn(section.split(/^## /m)[0] ?? "");

let directory: string;
let tenant: Tenant;

beforeAll(async () => {
  const options = /^npm run simulator -- --port 8080 --start (\S+) --history 2 /m.exec(section);
  directory = mkdtempSync(join(tmpdir(), "readme-"));
  tenant = await startTenant({
    seed: 7,
    clientId: "simulated-client",
    clientSecret: "simulated-secret",
    startTime: new Date(options?.[1] ?? Number.NaN),
  });
  tenant.advance(2 * 3_600_000);
  for (const name of ["VECTRA_CLIENT_ID", "VECTRA_CLIENT_SECRET"]) {
    vi.stubEnv(name, new RegExp(`^export .*\\b${name}=(\\S+)`, "m").exec(section)?.[1]);
  }
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await tenant.close();
  rmSync(directory, { recursive: true });
});

/** What a command prints, with the README's names for folder, address and person. */
async function printed(command: string): Promise<string> {
  vi.useFakeTimers({ toFake: ["Date"], now: tenant.now() });
  const here = join(directory, "lake");
  const [program, ...words] = wordsOf(command.replaceAll(ADDRESS, tenant.url));
  const parameters = words.map((word) => (word === "lake" ? here : word));
  const text =
    program === "curl"
      ? await curl(parameters)
      : await vectraCdr(parameters).then(({ out, err }) => out + err);
  return text.replaceAll(here, "lake").replaceAll(tenant.url, ADDRESS);
}

async function curl(parameters: readonly string[]): Promise<string> {
  const response = await fetch(parameters.at(-1) ?? "", {
    method: "POST",
    body: parameters[parameters.indexOf("-d") + 1] ?? "",
  });
  const body = await response.text();
  return parameters.includes("/dev/null") ? "" : `${body}\n`;
}

/** Whoever runs this is not Ann, and the columns of a table are as wide as their names. */
function asPerson(text: string): string {
  return text.replaceAll(`${userInfo().username}@${hostname()}`, PERSON).replaceAll(/ {2,}/g, "  ");
}

describe("GIVEN the README's section about the command line", () => {
  it("THEN it shows every command", () => {
    const commands = shown
      .map(({ command }) => command)
      .filter((command) => command.startsWith("vectra-cdr "));

    expect(
      new Set(
        commands.map((command) => command.replace(/^vectra-cdr ((?:checkpoint|quarantine) \w+|\w+).*/, "$1")),
      ),
    ).toEqual(
      new Set([
        "preview",
        "export",
        "backfill",
        "query",
        "status",
        "redrive",
        "quarantine list",
        "quarantine discard",
        "checkpoint set",
        "checkpoint show",
        "egress",
      ]),
    );
    expect(commands.join("\n")).toContain("export --dry-run --to lake");
  });

  // One after the other: each finds what those before have left behind.
  it.each(shown)("WHEN it says $command THEN that is what comes", async ({ command, output }) => {
    const text = await printed(command);

    if (output.includes(PERSON)) {
      expect(asPerson(text)).toBe(asPerson(output));
    } else {
      expect(text).toBe(output);
    }
  });
});
