import type { z } from "zod";
import type { DeploymentInput, Sound } from "./constraints/constraint.js";
import { CONSTRAINTS } from "./constraints/index.js";
import {
  DeploymentError,
  type Diagnostic,
  type Finding,
  formatPath,
  type Path,
  shortened,
} from "./file/diagnostics.js";
import { readDeploymentText } from "./file/file-text.js";
import { namesSecret, shownKey } from "./file/secrets.js";
import { DeploymentSource } from "./file/source.js";
import { syntaxProblem } from "./file/syntax.js";
import { placeholderWarning } from "./placeholders.js";
import { type RefusedDeployment, stepsOf } from "./refusal.js";
import { type Deployment, deploymentSchema } from "./schema/deployment.js";
import { isFieldName } from "./schema/guides.js";
import { findingsOf } from "./schema/issues.js";

/** Findings that are looked up in the file; with more than that it is another file. */
const MAX_FINDINGS = 1000;

/**
 * Reads and validates a deployment file. Nothing but the file decides about the outcome.
 *
 * @param path the file, also as it is named in diagnostics.
 * @throws DeploymentError with everything that is wrong with the file, not only the first thing.
 */
export function loadDeployment(path: string): Deployment {
  return parseDeployment(readDeploymentText(path), path);
}

/**
 * What a person should know about the text of a deployment file that can be used.
 *
 * @param file how the file is named in the warnings.
 * @returns one line a warning.
 */
export function fileWarnings(text: string, file: string): string[] {
  const warning = placeholderWarning(text);
  return warning === undefined ? [] : [`${file}: ${warning}`];
}

/**
 * Validates the text of a deployment file.
 *
 * @param file how the file is named in diagnostics.
 * @throws DeploymentError with everything that is wrong with the text.
 */
export function parseDeployment(text: string, file: string): Deployment {
  try {
    return parse(text, file);
  } catch (error) {
    // The stack of calls is used up: by YAML's parser, by the schema or on the way through either's result.
    if (error instanceof RangeError) {
      const problem = "is nested too deeply to be read";
      throw new DeploymentError([
        { file, line: 1, column: 1, field: "", problem, remedy: "Flatten it; no field is deeper than 12." },
      ]);
    }
    throw error;
  }
}

function parse(text: string, file: string): Deployment {
  const source = new DeploymentSource(text);
  const syntax = syntaxDiagnostics(source, file);
  const doubled = doubledKeyDiagnostics(source, file);
  // A doubled key leaves a readable document, any other error of syntax leaves guesses.
  if (syntax.length > 0) {
    throw new DeploymentError([...syntax, ...doubled]);
  }
  const value = plainValue(source, file);
  const result = deploymentSchema.safeParse(value);
  const issues = result.error?.issues.slice(0, MAX_FINDINGS) ?? [];
  source.hide(unknownKeysOf(issues));
  const findings = issues.flatMap((issue) => findingsOf(issue, deploymentSchema, source));
  const sound = withoutFaults(value, findings);
  findings.push(...CONSTRAINTS.flatMap((constraint) => [...constraint(sound)]));
  const diagnostics = [...doubled, ...findings.map((finding) => locate(finding, source, file))];
  if (diagnostics.length > 0 || !result.success) {
    throw new DeploymentError(diagnostics);
  }
  return result.data;
}

function plainValue(source: DeploymentSource, file: string): unknown {
  try {
    return source.toJS();
  } catch (error) {
    if (error instanceof RangeError) {
      throw error;
    }
    const told = { file, field: "", remedy: "Write the values out." };
    throw new DeploymentError([
      error instanceof ReferenceError
        ? { ...source.placeOfAliases, ...told, problem: "YAML: aliases repeat more than a file may hold" }
        : { ...source.placeOfMerge, ...told, problem: "YAML: only mappings can be merged with <<" },
    ]);
  }
}

/**
 * Says where in the file what was refused is.
 *
 * @param text what the deployment was parsed from.
 * @param file how the file is named in the error.
 */
export function locateRefusal({ refusal }: RefusedDeployment, text: string, file: string): DeploymentError {
  const { path, prop = [], problem, remedy, commands } = refusal;
  const source = new DeploymentSource(text);
  const place = source.deepest(path, prop);
  // What the file has of the prop is in the field already.
  const unsaid = formatPath(prop.slice(place.length - path.length));
  const finding = {
    path: place,
    problem: unsaid === "" ? problem : `${unsaid} ${problem}`,
    remedy,
    ...(commands === undefined ? {} : { commands }),
  };
  return new DeploymentError([locate(finding, source, file)]);
}

/**
 * Says where in the file what a warning begins with is: `deployment.yaml:12:9  cloudTrail.role… allows …`. A
 * warning that begins with no field of the file is left as it is.
 *
 * @param text what the deployment was parsed from.
 * @param file how the file is named in the warning.
 */
export function locateWarning(warning: string, text: string, file: string): string {
  const source = new DeploymentSource(text);
  const [field = ""] = /^[\w.[\]]*/.exec(warning) ?? [];
  const path = source.deepest([], stepsOf(field));
  if (path.length === 0) {
    return warning;
  }
  const { line, column } = source.placeOfValue(path);
  return `${file}:${line}:${column}  ${warning}`;
}

function syntaxDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
  const errors = source.syntaxErrors.map(
    (error): Diagnostic => ({
      ...source.placeOfOffsets(...error.pos),
      file,
      field: "",
      ...syntaxProblem(error),
    }),
  );
  const aliases = source.unusableAliases.map(
    ({ name, place }): Diagnostic => ({
      ...place,
      file,
      field: "",
      problem: `alias *${shortened(name)} has no earlier anchor, or refers to a node that contains it`,
      remedy: "Define the anchor before the alias, or write the value out.",
    }),
  );
  return [...errors, ...aliases];
}

function doubledKeyDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
  return source.doubledKeys.map(({ path, place }) => ({
    ...place,
    file,
    field: formatPath(shownPath(path)),
    problem: `duplicate key; first defined on line ${source.placeOfKey(path).line}`,
    remedy: "Remove one of the two, or merge them.",
  }));
}

function locate(finding: Finding, source: DeploymentSource, file: string): Diagnostic {
  const { path, key, problem, ...said } = finding;
  const place = key === true ? source.placeOfKey(path) : source.placeOfValue(path);
  return {
    ...place,
    ...said,
    problem: withoutSecret(problem, path, source),
    file,
    field: formatPath(shownPath(path)),
  };
}

/** Below a secret-like key a secret may have been written where a key belongs. */
function shownPath(path: Path): Path {
  const secret = path.findIndex((step) => namesSecret(String(step)));
  return path.map((step, index) => {
    if (typeof step === "number" || isFieldName(step)) {
      return step;
    }
    return secret < 0 || index <= secret ? shownKey(step) : "***";
  });
}

/** A constraint repeats the value that it refuses. */
function withoutSecret(problem: string, path: Path, source: DeploymentSource): string {
  const value = source.isSecret(path) ? source.textAt(path) : undefined;
  return value === undefined || value === "" ? problem : problem.replaceAll(value, "***");
}

function unknownKeysOf(issues: readonly z.core.$ZodIssue[]): Path[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => [
          ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
          key,
        ])
      : [],
  );
}

/**
 * The value without the fields that are already known to be wrong. Constraints look at what remains, so that one
 * wrong account id does not hide that two tenants have one name.
 */
function withoutFaults(value: unknown, findings: readonly Finding[]): Sound<DeploymentInput> {
  const faulty = new Set(findings.map(({ path }) => formatPath(path)));
  const copy = (part: unknown, path: Path): unknown => {
    if (faulty.has(formatPath(path))) {
      return undefined;
    }
    if (Array.isArray(part)) {
      return part.map((item, index) => copy(item, [...path, index]));
    }
    if (typeof part === "object" && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, copy(item, [...path, key])]));
    }
    return part;
  };
  // What no issue was raised for has the type that the schema says.
  return (copy(value, []) ?? {}) as Sound<DeploymentInput>;
}
