/** Dollars that would escape a token, and the token; or what begins a sequence of Terraform's template language. */
const SEQUENCE = /(\$*)(\$\{TfToken\[[\w:.-]+\]\})|\$\{|%\{/g;

/**
 * Text as it must be written into Terraform's configuration to arrive unchanged: Terraform reads every string as a
 * template. Tokens of CDKTF stay what they are; every other `${` and `%{` becomes `$${` and `%%{`, those of IAM's
 * policy variables (`${aws:username}`) included.
 *
 * Call it where a text leaves for Terraform, once, and nowhere before: escaped text compares with nothing.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export function terraformText(text: string): string {
  return text.replace(SEQUENCE, (sequence, dollars: string | undefined, token: string | undefined) => {
    if (token === undefined) {
      return `${sequence[0]}${sequence}`;
    }
    // A dollar right before a token would make a literal of what the token becomes.
    return dollars === "" ? token : `\${"${dollars}"}${token}`;
  });
}

/** Whether Terraform alone knows a part of a text, without CDKTF's own check: it takes most of a second to load. */
export function holdsToken(text: string): boolean {
  return text.includes("${TfToken[");
}
