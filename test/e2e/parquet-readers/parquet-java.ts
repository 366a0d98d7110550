import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const pom = join(import.meta.dirname, "pom.xml");
const program = join(import.meta.dirname, "ReadParquet.java");
const folder = ".parquet-java";
const directory = join(import.meta.dirname, "..", "..", "..", folder);
const jars = join(directory, "jars");
const oldestJdk = 11;

/** Why parquet-java cannot be run on this machine; undefined where it can. */
export async function whyNoParquetJava(): Promise<string | undefined> {
  const missing: string[] = [];
  // A Java runtime without the compiler does not start a program from its source.
  const compiler = await answerOf("java", "--describe-module", "jdk.compiler");
  const version = Number(/^jdk\.compiler@(\d+)/.exec(compiler)?.[1] ?? 0);
  if (version < oldestJdk) {
    missing.push(`a JDK of ${oldestJdk} or newer (java)`);
  }
  if ((await answerOf("mvn", "--version")) === "") {
    missing.push("Maven (mvn)");
  }
  return missing.length === 0 ? undefined : `parquet-java not run: PATH lacks ${missing.join(" and ")}`;
}

/** What a command prints, or nothing where it fails or is not there. */
async function answerOf(command: string, ...parameters: string[]): Promise<string> {
  return await run(command, parameters).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

/**
 * Lets Maven fetch parquet-java into the checkout's own `.parquet-java`, on first use and when pom.xml changes;
 * otherwise nothing is asked of Maven or of a network.
 *
 * @throws when Maven fails or takes longer than four minutes; the message has what it printed.
 */
export async function fetchParquetJava(): Promise<void> {
  const stamp = join(directory, "pom.sha256");
  const wanted = createHash("sha256").update(readFileSync(pom)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return;
  }
  console.error(`Fetching parquet-java into ${folder} with Maven (once; 70 MB on disk) ...`);
  rmSync(directory, { recursive: true, force: true });
  const parameters = [
    ...["--batch-mode", "--quiet", "--no-transfer-progress", "-Dstyle.color=never", "--file", pom],
    ...["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`],
  ];
  await run("mvn", parameters, { timeout: 240_000 }).catch((error: Error & { stdout?: string }) => {
    throw new Error(
      "Maven could not fetch parquet-java; it needs Maven Central or a mirror of it (see Maven's own settings).\n" +
        (error.stdout || error.message),
    );
  });
  writeFileSync(stamp, wanted);
}

/** What ReadParquet.java prints of a file; {@link fetchParquetJava} comes first. */
export async function readWithParquetJava(file: string): Promise<string> {
  const { stdout } = await run("java", ["-cp", join(jars, "*"), program, file], { maxBuffer: 2 ** 28 });
  return stdout;
}
