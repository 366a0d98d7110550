import { given } from "../../facts/given.js";
import {
  DeploymentError,
  type Diagnostic,
  type Finding,
  formatPath,
  type Path,
  stepsOf,
} from "./diagnostics.js";
import type { RefusedDeployment } from "./refusal.js";
import { namesSecret, shownKey } from "./secrets.js";
import type { DeploymentSource } from "./source.js";

/**
 * A finding at its place in the file.
 *
 * @param file how the file is named in the diagnostic.
 */
export function locate(finding: Finding, source: DeploymentSource, file: string): Diagnostic {
  const { path, key, problem, ...others } = finding;
  const place = key === true ? source.placeOfKey(path) : source.placeOfValue(path);
  return {
    ...place,
    ...others,
    problem: withoutSecret(problem, path, source),
    file,
    field: shownField(path, source),
  };
}

/**
 * A refusal at its place in the file.
 *
 * @param source the file that the deployment was parsed from.
 * @param file how the file is named in the error.
 */
export function locateRefusal(
  { refusal }: RefusedDeployment,
  source: DeploymentSource,
  file: string,
): DeploymentError {
  const { path, prop = [], problem, remedy, commands } = refusal;
  const place = source.deepest(path, prop);
  // The field already names as much of the prop as the file has.
  const unsaid = formatPath(prop.slice(place.length - path.length));
  const finding = {
    path: place,
    problem: unsaid === "" ? problem : `${unsaid} ${problem}`,
    remedy,
    ...given({ commands }),
  };
  return new DeploymentError([locate(finding, source, file)]);
}

/**
 * A warning with the place of the field that it begins with: `deployment.yaml:12:9  cloudTrail.role… allows …`. A
 * warning that begins with no field of the file is left as it is.
 *
 * @param source the file that the deployment was parsed from.
 * @param file how the file is named in the warning.
 */
export function locateWarning(warning: string, source: DeploymentSource, file: string): string {
  const [field = ""] = /^[\w.[\]]*/.exec(warning) ?? [];
  const path = source.deepest([], stepsOf(field));
  if (path.length === 0) {
    return warning;
  }
  const { line, column } = source.placeOfValue(path);
  return `${file}:${line}:${column}  ${warning}`;
}

/** Below a secret-like key, a secret may have been written in place of a key. */
export function shownField(path: Path, source: DeploymentSource): string {
  const secret = path.findIndex((step) => namesSecret(String(step)));
  const shown = path.map((step, index) => {
    if (typeof step === "number" || source.isFieldName(step)) {
      return step;
    }
    return secret < 0 || index <= secret ? shownKey(step) : "***";
  });
  return formatPath(shown);
}

/** A constraint's message quotes the value that it refuses. */
function withoutSecret(problem: string, path: Path, source: DeploymentSource): string {
  const value = source.isSecret(path) ? source.textAt(path) : undefined;
  return value === undefined || value === "" ? problem : problem.replaceAll(value, "***");
}
