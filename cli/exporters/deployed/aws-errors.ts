/** The part of an SDK client that errors pass through. */
interface AwsClient {
  readonly middlewareStack: { add(middleware: Middleware, options: { readonly step: "initialize" }): void };
}

type Middleware = <Input, Output>(
  next: (input: Input) => Promise<Output>,
) => (input: Input) => Promise<Output>;

/** What is to be said, by the name of an AWS error. */
export type Explanations = Readonly<Record<string, string>>;

/**
 * Makes a client throw errors that name the remedy: for missing permissions and credentials, and for what is known
 * of this client. Every other error stays as it is.
 *
 * @returns the same client.
 */
export function explaining<Client extends AwsClient>(
  client: Client,
  explanations: Explanations = {},
): Client {
  client.middlewareStack.add(
    (next) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        throw explained(error, explanations);
      }
    },
    { step: "initialize" },
  );
  return client;
}

/** The error with its remedy, or the error itself where none is known. */
export function explained(error: unknown, explanations: Explanations = {}): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const explanation = explanations[error.name] ?? generalExplanation(error);
  return explanation === undefined ? error : new Error(explanation, { cause: error });
}

function generalExplanation({ name, message }: Error): string | undefined {
  if (/AccessDenied|NotAuthorized/.test(name)) {
    return (
      `AWS does not allow it: ${sentence(message)} Grant that action to whoever runs this command; ` +
      "cli/exporters/deployed/README.md has the policy of each command."
    );
  }
  if (NO_CREDENTIALS.has(name)) {
    return (
      `AWS does not accept the credentials: ${sentence(message)} Sign in again (for example \`aws sso login\`), ` +
      "or name another profile in AWS_PROFILE."
    );
  }
  if (message === "Region is missing") {
    return "The region of the exporter is not known: add --region, or set AWS_REGION.";
  }
  return undefined;
}

const NO_CREDENTIALS: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
]);

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith(".") ? trimmed : `${trimmed}.`;
}
