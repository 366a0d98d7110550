import { expect } from "vitest";
import { DeploymentError, type Diagnostic } from "../../deployment/file/diagnostics.js";
import { parseDeployment } from "../../deployment/load.js";

/** The error of a text that must not be accepted. */
export function errorOf(text: string): DeploymentError {
  try {
    parseDeployment(text, "deployment.yaml");
  } catch (error) {
    if (error instanceof DeploymentError) {
      return error;
    }
    throw error;
  }
  throw new Error("The text was accepted");
}

/** The one thing that is wrong with a text. */
export function onlyDiagnosticOf(text: string): Diagnostic {
  const [diagnostic, ...others] = errorOf(text).diagnostics;
  expect(others).toEqual([]);
  if (diagnostic === undefined) {
    throw new Error("The error has no diagnostic");
  }
  return diagnostic;
}
