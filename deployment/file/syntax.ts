import type { YAMLError } from "yaml";
import { type Diagnostic, shortened } from "./diagnostics.js";
import { shownField } from "./locate.js";
import type { DeploymentSource } from "./source.js";

/** Errors whose message repeats what is in the file, after these characters. */
const WITH_SOURCE: ReadonlySet<string> = new Set([
  "UNEXPECTED_TOKEN",
  "TAG_RESOLVE_FAILED",
  "BAD_DIRECTIVE",
  "BAD_DQ_ESCAPE",
  "IMPOSSIBLE",
]);

/** Syntax errors, and aliases that refer to nothing. What remains of such a document is a guess. */
export function syntaxDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
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

/** Duplicate keys. The document is still readable. */
export function doubledKeyDiagnostics(source: DeploymentSource, file: string): Diagnostic[] {
  return source.doubledKeys.map(({ path, place }) => ({
    ...place,
    file,
    field: shownField(path, source),
    problem: `duplicate key; first defined on line ${source.placeOfKey(path).line}`,
    remedy: "Remove one of the two, or merge them.",
  }));
}

/** What YAML's parser objects to, without any text of the file, which may be a secret. */
function syntaxProblem({ code, message }: YAMLError): { problem: string; remedy: string } {
  if (code === "MULTIPLE_DOCS") {
    return {
      problem: "YAML: a second document begins here; a deployment file has one",
      remedy: 'Remove the "---", or move the second document to its own file.',
    };
  }
  if (code === "TAB_AS_INDENT") {
    return { problem: "YAML: tabs are not allowed as indentation", remedy: "Indent with spaces." };
  }
  if (code === "TAG_RESOLVE_FAILED") {
    return {
      problem: "YAML: tags are not supported",
      remedy: "Remove the word that begins with !, or quote the value if the ! is part of it.",
    };
  }
  const said = WITH_SOURCE.has(code) ? (/^[^:"'\\%]*/.exec(message)?.[0].trim() ?? code) : message;
  return {
    problem: `YAML: ${said}`,
    remedy:
      "Fix the syntax (YAML 1.2, indented with spaces); the fields are checked once the file can be parsed.",
  };
}
