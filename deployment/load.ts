import { readFileSync } from "node:fs";
import type { z } from "zod";
import { DeploymentError, type Diagnostic, type Finding, formatPath, type Path } from "./diagnostics.js";
import { findingsOf } from "./issues.js";
import { placeholderWarning } from "./placeholders.js";
import { type RefusedDeployment, stepsOf } from "./refusal.js";
import { RULES } from "./rules/index.js";
import type { DeploymentInput, Sound } from "./rules/rule.js";
import { type Deployment, deploymentSchema } from "./schema.js";
import { DeploymentSource } from "./source.js";

/**
 * Reads and validates a deployment file. Nothing but the file decides about the outcome.
 *
 * @param path the file, also as it is named in diagnostics.
 * @throws DeploymentError with everything that is wrong with the file, not only the first thing.
 */
export function loadDeployment(path: string): Deployment {
  return parseDeployment(readText(path), path);
}

/**
 * What a person should know about a deployment file that can be used.
 *
 * @returns one line a warning.
 */
export function fileWarnings(path: string): string[] {
  const warning = placeholderWarning(readText(path));
  return warning === undefined ? [] : [`${path}: ${warning}`];
}

/**
 * Validates the text of a deployment file.
 *
 * @param file how the file is named in diagnostics.
 * @throws DeploymentError with everything that is wrong with the text.
 */
export function parseDeployment(text: string, file: string): Deployment {
  const source = new DeploymentSource(text);
  const syntax = syntaxDiagnostics(source, file);
  const doubled = doubledKeyDiagnostics(source, file);
  // A doubled key leaves a readable document, any other error of syntax leaves guesses.
  if (syntax.length > 0) {
    throw new DeploymentError([...syntax, ...doubled]);
  }
  const value = source.toJS();
  const result = deploymentSchema.safeParse(value);
  const issues = result.error?.issues ?? [];
  source.hide(unknownKeysOf(issues));
  const findings = issues.flatMap((issue) => findingsOf(issue, deploymentSchema, source));
  const sound = withoutFaults(value, findings);
  findings.push(...RULES.flatMap((rule) => [...rule(sound)]));
  const diagnostics = [...doubled, ...findings.map((finding) => locate(finding, source, file))];
  if (diagnostics.length > 0 || !result.success) {
    throw new DeploymentError(diagnostics);
  }
  return result.data;
}

/**
 * Says where in the file what was refused is.
 *
 * @param file the file that the deployment was loaded from.
 */
export function locateRefusal({ refusal }: RefusedDeployment, file: string): DeploymentError {
  const { path, prop = [], problem, remedy, commands } = refusal;
  const source = new DeploymentSource(readText(file));
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
 * @param file the file that the deployment was loaded from.
 */
export function locateWarning(warning: string, file: string): string {
  const source = new DeploymentSource(readText(file));
  const [field = ""] = /^[\w.[\]]*/.exec(warning) ?? [];
  const path = source.deepest([], stepsOf(field));
  if (path.length === 0) {
    return warning;
  }
  const { line, column } = source.placeOfValue(path);
  return `${file}:${line}:${column}  ${warning}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new DeploymentError([
      {
        file: path,
        line: 1,
        column: 1,
        field: "",
        problem: `cannot be read (${reason})`,
        allowed: "a readable YAML file",
        remedy: "Copy examples/organization/deployment.yaml and fill in your values.",
      },
    ]);
  }
}

function syntaxDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
  const errors = source.syntaxErrors.map(
    (error): Diagnostic => ({
      ...source.placeOfOffsets(...error.pos),
      file,
      field: "",
      problem: `YAML: ${error.message}`,
      allowed: "one document of YAML 1.2, indented with spaces",
      remedy: "Correct it; the fields are checked once the file can be read.",
    }),
  );
  const aliases = source.unusableAliases.map(
    ({ name, place }): Diagnostic => ({
      ...place,
      file,
      field: "",
      problem: `*${name} refers to nothing above it, or to what it stands in`,
      allowed: `an alias of an anchor that is complete above it (&${name})`,
      remedy: "Set the anchor or write the value out.",
    }),
  );
  return [...errors, ...aliases];
}

function doubledKeyDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
  return source.doubledKeys.map(({ path, place }) => ({
    ...place,
    file,
    field: formatPath(path),
    problem: `the key stands in line ${source.placeOfKey(path).line} already`,
    allowed: "every key once in its mapping",
    remedy: "Remove one of the two or merge them.",
  }));
}

function locate(finding: Finding, source: DeploymentSource, file: string): Diagnostic {
  const { path, key, ...said } = finding;
  const place = key === true ? source.placeOfKey(path) : source.placeOfValue(path);
  return { ...place, ...said, file, field: formatPath(path) };
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
 * The value without the fields that are already known to be wrong. Rules look at what remains, so that one
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
