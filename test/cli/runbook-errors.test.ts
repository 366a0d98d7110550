import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** The texts of all sources, each long one joined again, without what is filled in. */
const SOURCES = globSync("{functions,cli}/**/*.ts", { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), "utf8"))
  .join("\n")
  .replaceAll(/["'`] \+\n\s*["'`]/g, "")
  .replaceAll(/\$\{[^{}]*\}/g, "…");

const [, section = ""] = readFileSync(join(ROOT, "docs", "runbook.md"), "utf8").split(
  /^## When an export cannot continue$/m,
);
const errors = [...(section.split(/^## /m)[0] ?? "").matchAll(/\*\*Error\*\*: `([^`]+)`/g)].map(
  ([, error = ""]) => error.replaceAll(/\s+/g, " "),
);

describe("GIVEN the runbook's section about an export that cannot continue", () => {
  it("THEN it has the errors that stop one", () => {
    expect(errors).toHaveLength(8);
  });

  it.each(errors)("WHEN it quotes '%s' THEN these are the words of an error", (error) => {
    const fixed = error
      .split(/…|v3\.\d|\d+|\w+:\/\//)
      .map((part) => part.trim())
      .filter((part) => part.length > 2);

    expect(fixed.length).toBeGreaterThan(0);
    expect(fixed.filter((part) => !SOURCES.includes(part))).toEqual([]);
  });
});
