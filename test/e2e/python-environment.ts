import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const checkout = join(import.meta.dirname, "..", "..");
const oldestPython = [3, 10] as const;

/**
 * The Python interpreter of the checkout's own virtual environment, with test/requirements.txt installed in it.
 * The environment is made on first use, and made anew when the requirements or the interpreter change.
 *
 * @returns absolute path of `.venv/bin/python`.
 * @throws when no Python of at least 3.10 is on PATH, or when venv or pip fail; the message says what to install.
 */
export function pythonEnvironment(): Promise<string> {
  return environment(".venv", "test/requirements.txt");
}

/** The same for Checkov: `.venv-checkov/bin/python`, with test/checkov/requirements.txt. */
export function checkovEnvironment(): Promise<string> {
  return environment(".venv-checkov", "test/checkov/requirements.txt");
}

async function environment(folder: string, requirementsFile: string): Promise<string> {
  const directory = join(checkout, folder);
  const requirements = join(checkout, requirementsFile);
  const stamp = join(directory, "requirements.sha256");
  const interpreter = join(directory, "bin", "python");
  const base = await findPython();
  const wanted = createHash("sha256")
    .update(base.description)
    .update(readFileSync(requirements))
    .digest("hex");
  if (existsSync(interpreter) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return interpreter;
  }
  console.error(
    `Creating ${folder} with ${base.description} from ${requirementsFile} (once; 300 MB on disk) ...`,
  );
  await attempt(
    base.command,
    ["-m", "venv", "--clear", directory],
    "Python's venv module is required; on Debian and Ubuntu, install python3-venv.",
  );
  await attempt(
    interpreter,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements],
    `pip could not install ${requirementsFile}; it needs a package index (see pip's own settings).`,
  );
  writeFileSync(stamp, wanted);
  return interpreter;
}

async function findPython(): Promise<{ command: string; description: string }> {
  const seen: string[] = [];
  for (const command of ["python3", "python"]) {
    const script = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
    const answer = await run(command, ["-c", script]).catch(() => undefined);
    if (answer === undefined) {
      continue;
    }
    const [major = "0", minor = "0", ...path] = answer.stdout.trim().split(" ");
    const description = `Python ${major}.${minor} (${path.join(" ")})`;
    if (Number(major) === oldestPython[0] && Number(minor) >= oldestPython[1]) {
      return { command, description };
    }
    seen.push(description);
  }
  const found = seen.length === 0 ? "none" : seen.join(", ");
  throw new Error(
    `The end-to-end tests require Python ${oldestPython.join(".")} or newer as python3 on PATH; found: ${found}.`,
  );
}

async function attempt(command: string, parameters: string[], remedy: string): Promise<void> {
  await run(command, parameters, { maxBuffer: 16 * 1024 * 1024 }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`${remedy}\n${command} ${parameters.join(" ")}\n${error.stderr || error.message}`);
    },
  );
}
