interface Statement {
  readonly Action: string | readonly string[];
}

/**
 * A policy document without one action; a statement that granted nothing else goes with it. Documents that do not
 * grant the action come back as they are.
 */
export function withoutPermission(document: string, action: string): string {
  const policy = JSON.parse(document) as { readonly Statement: readonly Statement[] };
  const statements = policy.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((granted) => granted !== action),
  })).filter(({ Action }) => Action.length > 0);
  return JSON.stringify({ ...policy, Statement: statements });
}
