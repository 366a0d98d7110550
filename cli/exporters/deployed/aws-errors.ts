/** The part of an SDK client through which errors pass. */
interface AwsClient {
  readonly middlewareStack: { add(middleware: Middleware, options: { readonly step: "initialize" }): void };
}

type Middleware = <Input, Output>(
  next: (input: Input) => Promise<Output>,
) => (input: Input) => Promise<Output>;

/** Messages by the name of an AWS error. */
export type Explanations = Readonly<Record<string, string>>;

/**
 * Makes a client throw errors that name the remedy: for missing permissions and credentials, and for errors known
 * for this client. Every other error is unchanged.
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

/** The error with its remedy, or the error itself if none is known. */
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
      `Access denied by AWS: ${sentence(message)} Grant the action to the identity that runs this command; ` +
      "cli/exporters/deployed/README.md lists the policy for each command."
    );
  }
  if (name === "CredentialsProviderError") {
    return "No AWS credentials were found. Sign in (for example with `aws sso login`), or set AWS_PROFILE.";
  }
  if (NO_CREDENTIALS.has(name)) {
    return (
      `AWS rejected the credentials: ${sentence(message)} Sign in again (for example with \`aws sso login\`), ` +
      "or set another profile in AWS_PROFILE."
    );
  }
  if (message === "Region is missing") {
    return "The exporter's region is unknown: pass --region, or set AWS_REGION.";
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
