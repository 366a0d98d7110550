import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";

/** The deployable zip of the exporter function. */
export interface ExporterBundle {
  /** Path of the zip file. */
  readonly zipPath: string;
  /** Base64 SHA-256 of the zip, for `source_code_hash` of `aws_lambda_function`. */
  readonly sourceCodeHash: string;
  /** Size of the zip in bytes. */
  readonly bytes: number;
}

/** The same sources give the same bytes: zip entries carry this local date instead of the file's. */
const ENTRY_DATE = new Date(1980, 0, 1);

/**
 * Bundles the function with everything it needs (the AWS SDK included) and zips it deterministically.
 *
 * @param directory where `security-lake-exporter.zip` is written; created if missing.
 * @throws esbuild's BuildFailure when a source file does not compile.
 */
export function bundleExporter(directory: string): ExporterBundle {
  const { outputFiles } = buildSync({
    absWorkingDir: import.meta.dirname,
    entryPoints: ["handler.ts"],
    bundle: true,
    minify: true,
    write: false,
    outfile: "index.mjs",
    platform: "node",
    target: "node24",
    format: "esm",
    // Without this order esbuild takes the SDK's CommonJS builds, which cannot be tree-shaken.
    mainFields: ["module", "main"],
    // Powertools and parts of the SDK are CommonJS inside and call require() for Node's own modules.
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    // Lambda provides credentials as environment variables; the chain never reaches these.
    external: [
      "@aws-sdk/credential-provider-ini",
      "@aws-sdk/credential-provider-process",
      "@aws-sdk/credential-provider-sso",
    ],
    legalComments: "none",
    logLevel: "silent",
  });
  const [code] = outputFiles;
  if (code === undefined) {
    throw new Error("esbuild produced no output for handler.ts");
  }
  const zip = zipSync({ "index.mjs": [code.contents, { mtime: ENTRY_DATE, level: 9 }] });
  mkdirSync(directory, { recursive: true });
  const zipPath = join(directory, "security-lake-exporter.zip");
  writeFileSync(zipPath, zip);
  return {
    zipPath,
    sourceCodeHash: createHash("sha256").update(zip).digest("base64"),
    bytes: zip.byteLength,
  };
}
