import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs a program and measures its time. @throws Error with its output if it fails. */
export async function timed(
  command: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const began = performance.now();
  const child = spawn(command, parameters, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    throw new Error(`${command} ${parameters.join(" ")} ended with exit code ${code}:\n${output}`);
  }
  return performance.now() - began;
}
