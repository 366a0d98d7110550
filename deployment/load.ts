import type { z } from "zod";
import { CONSTRAINTS } from "./constraints/index.js";
import { DeploymentError, type Path } from "./file/diagnostics.js";
import { readDeploymentText } from "./file/file-text.js";
import { locate } from "./file/locate.js";
import { placeholderWarning } from "./file/placeholders.js";
import { DeploymentSource } from "./file/source.js";
import { doubledKeyDiagnostics, syntaxDiagnostics } from "./file/syntax.js";
import { type Deployment, deploymentSchema } from "./schema/deployment.js";
import { isFieldName } from "./schema/guides.js";
import { findingsOf } from "./schema/issues.js";
import { soundPartOf } from "./schema/sound.js";

/** Findings that are looked up in the file; a file with more is not a deployment file. */
const MAX_FINDINGS = 1000;

/**
 * Reads and validates a deployment file. The outcome depends on the file alone.
 *
 * @param path the file, under the name that diagnostics use.
 * @throws DeploymentError with everything that is wrong with the file, not only the first problem.
 */
export function loadDeployment(path: string): Deployment {
  return parseDeployment(readDeploymentText(path), path);
}

/** The text of a deployment file with its places. */
export function deploymentSource(text: string): DeploymentSource {
  return new DeploymentSource(text, isFieldName);
}

/**
 * What a person should know about a deployment file that can be used.
 *
 * @param file how the file is named in the warnings.
 * @returns one line per warning.
 */
export function fileWarnings(source: DeploymentSource, file: string): string[] {
  const warning = placeholderWarning(source);
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
    // The call stack is exhausted: by YAML's parser, by the schema, or while walking the result of either.
    if (error instanceof RangeError) {
      const problem = "is nested too deeply";
      throw new DeploymentError([
        {
          file,
          line: 1,
          column: 1,
          field: "",
          problem,
          remedy: "Flatten it; no field is nested deeper than 12 levels.",
        },
      ]);
    }
    throw error;
  }
}

function parse(text: string, file: string): Deployment {
  const source = deploymentSource(text);
  const syntax = syntaxDiagnostics(source, file);
  const doubled = doubledKeyDiagnostics(source, file);
  // A document with a duplicate key is readable; after any other syntax error, what remains is a guess.
  if (syntax.length > 0) {
    throw new DeploymentError([...syntax, ...doubled]);
  }
  const value = plainValue(source, file);
  const result = deploymentSchema.safeParse(value);
  const issues = result.error?.issues.slice(0, MAX_FINDINGS) ?? [];
  source.hide(unknownKeysOf(issues));
  const findings = issues.flatMap((issue) => findingsOf(issue, deploymentSchema, source));
  const sound = soundPartOf(value, findings);
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
    const common = { file, field: "", remedy: "Write the values out." };
    throw new DeploymentError([
      error instanceof ReferenceError
        ? {
            ...source.placeOfAliases,
            ...common,
            problem: "YAML: aliases expand to more values than a file may hold",
          }
        : { ...source.placeOfMerge, ...common, problem: "YAML: only mappings can be merged with <<" },
    ]);
  }
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
