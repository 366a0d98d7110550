import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's version from package.json, which every `--version` prints. */
export function projectVersion(): string {
  const file = readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}
