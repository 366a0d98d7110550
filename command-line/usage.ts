import { projectVersion } from "./version.js";

/** Exit code for a wrong command line. */
export const WRONG_USAGE = 2;

/**
 * Answers `--help` and `--version` for a script of this project.
 *
 * @returns the exit code; undefined if neither option is given.
 */
export function answered(parameters: readonly string[], help: string): number | undefined {
  if (parameters.includes("--help") || parameters.includes("-h")) {
    console.log(help);
    return 0;
  }
  if (parameters.includes("--version") || parameters.includes("-V")) {
    console.log(projectVersion());
    return 0;
  }
  return undefined;
}
