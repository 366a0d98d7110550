import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** Files of this project that the exporter function's bundle is made of, with the bytes that each has in it. */
function bundled(): ReadonlyMap<string, number> {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ["functions/security-lake-exporter/handler.ts"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outfile: "index.mjs",
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    external: ["@aws-sdk/credential-provider-*"],
    logLevel: "silent",
  });
  const [output] = Object.values(metafile.outputs);
  return new Map(
    Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput]),
  );
}

it("has the facts in the function's bundle, but neither sentences nor checks nor constructs", () => {
  const files = [...bundled()].filter(([, bytes]) => bytes > 0).map(([path]) => path);

  expect(files).toContain("facts/options/exporter-tenant.ts");
  expect(
    files.filter((path) => /^(facts\/(sentences|checks)|constructs|deployment|cli)\//.test(path)),
  ).toEqual([]);
});

it("has of the forms only those that the function parses", () => {
  const bytes = bundled().get("facts/patterns.ts") ?? 0;

  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(500);
});
