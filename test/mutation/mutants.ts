import ts from "typescript";

/** One change to a source file that takes protection, or a right, away. */
export interface Mutant {
  /** File, line and what is taken away, for a person. */
  readonly description: string;
  readonly file: string;
  /** The whole file as it would be. */
  readonly text: string;
}

/**
 * Every way to leave out one statement, or one condition of a statement, in a file that builds policies:
 * - a call of a function that returns a `PolicyStatement`, out of the list that it stands in;
 * - an operator, or a key of an operator, out of a `Condition`, or the `Condition` itself when that is all.
 */
export function policyMutants(file: string, text: string, statementFunctions: ReadonlySet<string>): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const mutants = new Map<string, Mutant>();
  const without = (node: ts.Node, what: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    const end = text.slice(node.end).match(/^\s*,/)?.[0].length ?? 0;
    const mutated = text.slice(0, node.getStart()) + text.slice(node.end + end);
    mutants.set(mutated, { description: `${file}:${line + 1} without ${what}`, file, text: mutated });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && statementFunctions.has(node.expression.getText())) {
      const element = elementOfList(node);
      if (element !== undefined) {
        without(element, `statement ${node.expression.getText()}()`);
      }
    }
    if (isConditions(node)) {
      conditionMutants(node, without);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...mutants.values()];
}

/** Names of the functions in a file that return one statement. */
export function statementFunctionsOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  return source.statements
    .filter((statement) => ts.isFunctionDeclaration(statement))
    .filter(({ type }) => type?.getText() === "PolicyStatement")
    .flatMap(({ name }) => (name === undefined ? [] : [name.text]));
}

/** The element of the innermost list that a call stands in, unless an object or a function is in between. */
function elementOfList(call: ts.Node): ts.Node | undefined {
  for (let node = call; node.parent !== undefined; node = node.parent) {
    if (ts.isArrayLiteralExpression(node.parent)) {
      return node;
    }
    if (ts.isSpreadAssignment(node.parent) || ts.isReturnStatement(node.parent)) {
      return undefined;
    }
  }
  return undefined;
}

/** The object of `Condition: {...}`, or of a constant that is declared as a `PolicyCondition`. */
function isConditions(node: ts.Node): node is ts.ObjectLiteralExpression {
  if (!ts.isObjectLiteralExpression(node)) {
    return false;
  }
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) && parent.name.getText() === "Condition") ||
    (ts.isVariableDeclaration(parent) && parent.type?.getText() === "PolicyCondition")
  );
}

function conditionMutants(
  conditions: ts.ObjectLiteralExpression,
  without: (node: ts.Node, what: string) => void,
): void {
  if (conditions.properties.length === 1 && ts.isPropertyAssignment(conditions.parent)) {
    without(conditions.parent, `condition ${conditions.properties[0]?.getText()}`);
  }
  for (const operator of conditions.properties) {
    if (conditions.properties.length > 1) {
      without(operator, `condition ${operator.getText()}`);
    }
    const keys = ts.isPropertyAssignment(operator) ? operator.initializer : undefined;
    if (keys !== undefined && ts.isObjectLiteralExpression(keys) && keys.properties.length > 1) {
      for (const key of keys.properties) {
        without(key, `condition key ${key.getText()}`);
      }
    }
  }
}
