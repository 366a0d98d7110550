import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { timed } from "./child.js";

const checkout = join(import.meta.dirname, "..");
const EXAMPLE = join(checkout, "examples", "organization", "deployment.yaml");

const inCheckout = (parameter: string) => (parameter.endsWith(".ts") ? join(checkout, parameter) : parameter);

/** Cost of one synthesis: wall time in seconds, and the larger process's peak memory in megabytes (10^6 bytes). */
export interface SynthCost {
  readonly seconds: number;
  readonly megabytes: number;
  /** Where the Terraform JSON is. */
  readonly outdir: string;
}

/**
 * Measures `npm run synth` for a deployment file, without the start of npm itself.
 *
 * @param file the deployment file. @default - examples/organization
 */
export async function measureSynth(directory: string, file = EXAMPLE): Promise<SynthCost> {
  const run = mkdtempSync(join(directory, "synth-"));
  const witness = join(run, "witness.mjs");
  // Loaded into every Node process of the run; the operating systems' own tools differ too much.
  writeFileSync(
    witness,
    `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(${JSON.stringify(run)} + "/" + process.pid + ".kibibytes", String(process.resourceUsage().maxRSS)));
`,
  );
  // The script itself with its flags, so that the measurement matches what people run.
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const [program, ...parameters] = (scripts.synth as string).split(" ");
  const outdir = join(run, "cdktf.out");
  const bin = join(checkout, "node_modules", ".bin", `${program}`);
  const milliseconds = await timed(bin, [...parameters.map(inCheckout), file], {
    ...process.env,
    CDKTF_OUTDIR: outdir,
    NODE_OPTIONS: `--import=${pathToFileURL(witness)}`,
  });
  const peaks = readdirSync(run)
    .filter((name) => name.endsWith(".kibibytes"))
    .map((name) => Number(readFileSync(join(run, name), "utf8")));
  return { seconds: milliseconds / 1000, megabytes: (Math.max(...peaks) * 1024) / 1e6, outdir };
}
