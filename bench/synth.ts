import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { timed } from "./child.js";

const checkout = join(import.meta.dirname, "..");

/**
 * `npm run synth` of the example, without npm's own start.
 *
 * @returns wall time in seconds, and the peak resident memory of the larger process in megabytes (10^6 bytes).
 */
export async function measureSynth(directory: string): Promise<{ seconds: number; megabytes: number }> {
  const run = mkdtempSync(join(directory, "synth-"));
  const witness = join(run, "witness.mjs");
  // Loaded into every Node process of the run; the operating system's own tools for this differ too much.
  writeFileSync(
    witness,
    `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(${JSON.stringify(run)} + "/" + process.pid + ".kibibytes", String(process.resourceUsage().maxRSS)));
`,
  );
  const tsx = join(checkout, "node_modules", ".bin", "tsx");
  const example = join(checkout, "examples", "organization", "deployment.yaml");
  const milliseconds = await timed(tsx, [join(checkout, "main.ts"), example], {
    ...process.env,
    CDKTF_OUTDIR: join(run, "cdktf.out"),
    NODE_OPTIONS: `--import=${pathToFileURL(witness)}`,
  });
  const peaks = readdirSync(run)
    .filter((name) => name.endsWith(".kibibytes"))
    .map((name) => Number(readFileSync(join(run, name), "utf8")));
  return { seconds: milliseconds / 1000, megabytes: (Math.max(...peaks) * 1024) / 1e6 };
}
