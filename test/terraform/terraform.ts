import { execFile, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { promisify } from "node:util";

/** The result of a Terraform command. */
export interface Outcome {
  readonly exitCode: number;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
  /** Standard output alone, for `-json`. */
  readonly stdout: string;
}

/** Seconds for one command: the provider waits up to a minute for single resources, never for many. */
const limitSeconds = 480;

/**
 * The version of the terraform on PATH.
 *
 * @returns undefined if there is none.
 * @throws Error if it does not report its version.
 */
export async function terraformVersion(): Promise<string | undefined> {
  const answer = await promisify(execFile)("terraform", ["version", "-json"]).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  if (answer === undefined) {
    return undefined;
  }
  return (JSON.parse(answer.stdout) as { terraform_version: string }).terraform_version;
}

/**
 * Runs Terraform in a folder. A broken connection between provider and emulator is retried once: SQS and IAM
 * calls sometimes fail this way ("use of closed network connection").
 *
 * @param log file that all output is appended to.
 */
export async function terraform(
  folder: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  log: string,
): Promise<Outcome> {
  const first = await runOnce(folder, parameters, environment, log);
  const broken = first.exitCode === 1 && first.output.includes("use of closed network connection");
  return broken ? runOnce(folder, parameters, environment, log) : first;
}

async function runOnce(
  folder: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  log: string,
): Promise<Outcome> {
  appendFileSync(log, `\n$ terraform -chdir=${folder} ${parameters.join(" ")}\n`);
  const child = spawn("terraform", [`-chdir=${folder}`, ...parameters], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitSeconds * 1000,
  });
  let stdout = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
    appendFileSync(log, text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    appendFileSync(log, text);
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (signal !== null) {
        output += `terraform was terminated by ${signal} (limit ${limitSeconds} s).\n`;
      }
      resolve(code ?? 1);
    });
  });
  return { exitCode, output, stdout };
}

/** The error blocks of an output, without progress lines; the last lines if there are none. */
export function errorsOf({ output }: Outcome): string {
  const start = output.search(/^(?:[╷│] ?)?Error: /m);
  return (start === -1 ? output.split("\n").slice(-20).join("\n") : output.slice(start))
    .trim()
    .slice(0, 4000);
}
