import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dimensionsOf, METRICS } from "../../facts/metrics.js";

const ROOT = join(import.meta.dirname, "..", "..");
const NAMES = Object.values(METRICS).map(({ name }) => name);

describe("the exporter's metrics", () => {
  it("have names of their own", () => {
    expect(NAMES).toHaveLength(16);
    expect(new Set(NAMES).size).toBe(16);
  });

  it("have the service and the tenant as dimensions", () => {
    expect(dimensionsOf("acme")).toEqual({ service: "security-lake-exporter", tenant: "acme" });
  });

  it("are named nowhere else in the sources: a typo would make an alarm without data", () => {
    const named = ["cli", "constructs", "deployment", "functions", "rehearsal"]
      .flatMap((folder) => sourcesIn(join(ROOT, folder)))
      .filter((path) =>
        NAMES.some((name) => new RegExp(`["'\`]${name}["'\`]`).test(readFileSync(path, "utf8"))),
      );

    expect(named).toEqual([]);
  });

  it("are all in the function's README", () => {
    const readme = readFileSync(join(ROOT, "functions/security-lake-exporter/README.md"), "utf8");

    expect(NAMES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path));
}
