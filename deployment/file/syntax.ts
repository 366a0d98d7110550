import type { YAMLError } from "yaml";

/** Errors whose message repeats what is in the file, after these characters. */
const WITH_SOURCE: ReadonlySet<string> = new Set([
  "UNEXPECTED_TOKEN",
  "TAG_RESOLVE_FAILED",
  "BAD_DIRECTIVE",
  "BAD_DQ_ESCAPE",
  "IMPOSSIBLE",
]);

/**
 * Says what YAML's parser objects to, without what is in the file: that may be a secret.
 */
export function syntaxProblem({ code, message }: YAMLError): { problem: string; remedy: string } {
  if (code === "MULTIPLE_DOCS") {
    return {
      problem: "YAML: a second document begins here; a deployment file is one",
      remedy: 'Remove the "---", or put the second document into a file of its own.',
    };
  }
  if (code === "TAB_AS_INDENT") {
    return { problem: "YAML: tabs are not allowed as indentation", remedy: "Indent with spaces." };
  }
  if (code === "TAG_RESOLVE_FAILED") {
    return {
      problem: "YAML: tags are not supported",
      remedy: "Remove the word that begins with !, or quote the value if that is a part of it.",
    };
  }
  const said = WITH_SOURCE.has(code) ? (/^[^:"'\\%]*/.exec(message)?.[0].trim() ?? code) : message;
  return {
    problem: `YAML: ${said}`,
    remedy: "Correct it (YAML 1.2, indented with spaces); the fields are checked once the file can be read.",
  };
}
