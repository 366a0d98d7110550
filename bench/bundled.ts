import { basename, join } from "node:path";
import { buildSync } from "esbuild";

/**
 * Bundles a program of this folder in the same way as the function, so that it runs the code that Lambda runs. Under tsx,
 * it would not: tsx keeps the names of functions, which costs time wherever a function is created.
 *
 * @param program a file of this folder.
 * @returns path of the bundle.
 */
export function bundled(program: string, directory: string): string {
  const outfile = join(directory, basename(program).replace(/\.ts$/, ".mjs"));
  buildSync({
    absWorkingDir: import.meta.dirname,
    entryPoints: [program],
    bundle: true,
    minify: true,
    outfile,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    logLevel: "silent",
  });
  return outfile;
}
