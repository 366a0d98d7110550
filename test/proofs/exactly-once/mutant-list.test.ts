import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MUTANTS, mutated } from "./mutant-list.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");

it.each(MUTANTS)("the mutant without $without still finds its texts in $file", (mutant) => {
  const { file, text } = mutated(mutant);

  expect(text).not.toBe(readFileSync(join(ROOT, file), "utf8"));
});
