import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { programOf } from "../../cli/program.js";

const ROOT = join(import.meta.dirname, "..", "..");
const silent = { out: () => undefined, err: () => undefined };

/** Where people are told to run a command: messages of errors and alarms, and the documents. */
const FILES = globSync(
  ["{functions,cli,constructs,deployment,facts}/**/*.{ts,md}", "docs/*.md", "README.md", "main.ts"],
  { cwd: ROOT, exclude: ["**/node_modules/**"] },
).sort();

/** A command as a text names it: `vectra-cdr checkpoint set 12 --reason "x"`, perhaps over two lines of source text. */
const NAMED =
  /(?<![\w./-])vectra-cdr((?: --? )?(?: (?:[a-z]+|--[a-z-]+|<[^>]+>|"[^"]*"|[\w./:$@{}…-]+|\.\.\.))+)/g;

interface NamedCommand {
  readonly file: string;
  readonly words: readonly string[];
}

const named = FILES.flatMap((file): readonly NamedCommand[] => {
  // The parts of a text that is long are joined by " + ". Alarms compose theirs in vectraCdr().
  const text = readFileSync(join(ROOT, file), "utf8")
    .replaceAll(/["'`] \+\n\s*["'`]/g, "")
    .replaceAll(/vectraCdr\("([^"]+)", props, tenant\)/g, "vectra-cdr $1 --function f --tenant t");
  return [...text.matchAll(NAMED)].map(([, words = ""]) => ({ file, words: words.trim().split(/ +/) }));
});

/** The command that the words begin with, and the words after it; undefined where the first word is no command of ours. */
function commandOf(
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  let command: Command = programOf(silent);
  let index = 0;
  for (; index < words.length; index += 1) {
    const inner = command.commands.find((candidate) => candidate.name() === words[index]);
    if (inner === undefined) {
      break;
    }
    command = inner;
  }
  return index === 0 ? undefined : { command, rest: words.slice(index) };
}

describe("GIVEN the texts that tell people to run a command", () => {
  it("THEN there are many of them, and among them those of an export that cannot continue", () => {
    const commands = new Set(named.map(({ words }) => words.slice(0, 2).join(" ")));

    for (const command of ["set", "restore", "abandon", "adopt", "overlap"]) {
      expect(commands).toContain(`checkpoint ${command}`);
    }
    expect(named.length).toBeGreaterThan(60);
  });

  it("THEN every other use of the name is prose", () => {
    const others = named.filter(({ words }) => commandOf(words) === undefined).map(({ words }) => words[0]);

    expect([...new Set(others)].sort()).toEqual([
      "${command}",
      "--",
      "<command>",
      "are",
      "does",
      "of",
      "security",
    ]);
  });

  it.each(named.filter(({ words }) => commandOf(words) !== undefined))(
    "WHEN $file says $words THEN that command exists, and its options",
    ({ words }) => {
      const { command, rest } = commandOf(words) ?? { command: programOf(silent), rest: [] };
      const options = rest
        .map((word) => /^--[a-z][a-z-]*/.exec(word)?.[0])
        .filter((option) => option !== undefined);
      const known = new Set([
        ...command.options.flatMap(({ long, short }) => [long, short]),
        "--help",
        "--version",
      ]);

      // What comes after a group must be one of its commands.
      expect(command.commands.length === 0 || rest.length === 0).toBe(true);
      expect(options.filter((option) => !known.has(option))).toEqual([]);
    },
  );
});
