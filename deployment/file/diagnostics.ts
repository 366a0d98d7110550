import { visibleText } from "../../text/visible-text.js";

/** Way to a field: keys of mappings and indexes of lists, from the top of the file. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a deployment file. */
export interface Diagnostic {
  /** The file as the caller named it. */
  readonly file: string;
  /** Line, beginning with 1. */
  readonly line: number;
  /** Column, beginning with 1. */
  readonly column: number;
  /** The field, for example `securityLake.exporter.tenants[0].url`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong, with the value as written in the file, unless it could be a secret. */
  readonly problem: string;
  /** What is allowed, where that is a phrase; the problem says it otherwise. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Commands that belong to the remedy, one per line. */
  readonly commands?: readonly string[];
  /** The line and a caret under the place, without values that could be secrets. */
  readonly excerpt?: string;
}

/** What is wrong and where, before the place in the file is looked up. */
export interface Finding extends Pick<Diagnostic, "problem" | "allowed" | "remedy" | "commands"> {
  readonly path: Path;
  /** The key is meant, not its value. */
  readonly key?: true;
}

/** Diagnostics that a message lists. */
const MAX_SHOWN = 50;

/** Characters of a key that a message repeats. */
const MAX_KEY = 80;

/**
 * A deployment file that cannot be used. Its message lists the diagnostics in the order of the file and is
 * meant for a person: print it alone, without a stack trace.
 */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const sorted = diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const count = sorted.length === 1 ? "1 error" : `${sorted.length} errors`;
    const shown = sorted.slice(0, MAX_SHOWN).map(formatDiagnostic).join("\n\n");
    const first = sorted.length > MAX_SHOWN ? `, the first ${MAX_SHOWN} shown above` : "";
    super(`${shown}\n\n${count}${first}; nothing was written.`);
    this.diagnostics = sorted;
  }
}

/** `accounts.management.id`, `tenants[0].url`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") {
      return `${text}[${step}]`;
    }
    return text === "" ? shortened(step) : `${text}.${shortened(step)}`;
  }, "");
}

/** The way back from {@link formatPath}. */
export function stepsOf(field: string): Path {
  return (field.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** A key as a message repeats it. */
export function shortened(key: string): string {
  return key.length > MAX_KEY ? `${key.slice(0, MAX_KEY - 1)}…` : key;
}

function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, field, problem, allowed, remedy, commands = [], excerpt } = diagnostic;
  const head = `${file}:${line}:${column}  ${field === "" ? "" : `${field}: `}${problem}`;
  return [
    visibleText(`${head}. ${allowed === undefined ? "" : `Allowed: ${allowed}. `}${remedy}`),
    ...(excerpt === undefined ? [] : [excerpt]),
    ...commands.map((command) => visibleText(`  $ ${command}`)),
  ].join("\n");
}
