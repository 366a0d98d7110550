import type { PropError } from "../../constructs/prop-error.js";
import { type Path, stepsOf } from "../file/diagnostics.js";
import { RefusedDeployment } from "../file/refusal.js";

/**
 * What a construct refused, as a refusal of the deployment.
 *
 * @param path the mapping of the file that the construct was created from.
 */
export function refusedByConstruct(path: Path, error: PropError): RefusedDeployment {
  return new RefusedDeployment(
    {
      path,
      prop: stepsOf(asInFile(error.prop)),
      problem: `is ${error.value}: ${error.problem}`,
      remedy: asInFile(error.remedy),
    },
    error,
  );
}

/** The constructs' `policy.behaviour` and `policy.currentStatements` are fields of their own in the file. */
function asInFile(text: string): string {
  return text.replace(/\bpolicy\.(behaviour|currentStatements)\b/g, (_, field: string) =>
    field === "behaviour" ? "policy" : field,
  );
}
