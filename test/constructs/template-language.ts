/**
 * What Terraform makes of a string of its JSON syntax, as far as escapes go: `$${` and `%%{` are `${` and `%{`, and an
 * expression is put in for what it stands for. Written from the language's description, not from the code under test.
 *
 * @param expressions values by the expression's text.
 * @throws Error for a directive, and for an expression that is not among them.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function evaluated(template: string, expressions: Readonly<Record<string, string>> = {}): string {
  let result = "";
  let rest = template;
  while (rest !== "") {
    if (rest.startsWith("$${") || rest.startsWith("%%{")) {
      result += rest.slice(1, 3);
      rest = rest.slice(3);
    } else if (rest.startsWith("${") || rest.startsWith("%{")) {
      const end = rest.indexOf("}");
      const expression = rest.slice(2, end);
      const text = /^"(\$+)"$/.exec(expression)?.[1] ?? expressions[expression];
      if (rest.startsWith("%{") || end < 0 || text === undefined) {
        throw new Error(`Terraform would evaluate ${rest.slice(0, 60)}`);
      }
      result += text;
      rest = rest.slice(end + 1);
    } else {
      result += rest.charAt(0);
      rest = rest.slice(1);
    }
  }
  return result;
}
