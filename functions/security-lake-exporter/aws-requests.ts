/**
 * How long a call to AWS may take before it is aborted and retried, in milliseconds. Without the last line the SDK
 * only warns, and a connection that died silently would cost the run all of its time.
 */
export const AWS_REQUESTS = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
};

/** Calls under way, in words: what a run waits for. */
const underWay = new Map<symbol, string>();

/** A call to AWS that failed. The message says all: the name adds nothing. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
}

/**
 * A call to AWS whose error names it: the SDK's own messages name neither call nor subject (`Rate exceeded`).
 *
 * @param words `Writing s3://...`.
 * @throws AwsCallError with the SDK's as its cause, after the SDK's own retries.
 */
export async function calling<Answer>(words: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await track(words, send);
  } catch (error) {
    const cause = isUnreadable(error) ? {} : { cause: error };
    throw new AwsCallError(`${words} failed: ${reasonOf(error)}`, cause);
  }
}

/** The part of an SDK client through which calls pass. */
interface AwsClient {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { readonly step: "initialize" }): void;
  };
}

type Middleware = <Input, Output>(
  next: (call: Input) => Promise<Output>,
  context: { readonly commandName?: string },
) => (call: Input) => Promise<Output>;

/**
 * Lets every error of a client name the call. An error keeps its class and its name, by which it is recognized.
 *
 * @param subject what all calls are about: `table ...`.
 * @returns the same client.
 */
export function naming<Client extends AwsClient>(client: Client, subject: string): Client {
  client.middlewareStack.add(
    (next, { commandName = "Call" }) =>
      async (call) => {
        const words = `${commandName.replace(/Command$/, "")} of ${subject}`;
        try {
          return await track(words, () => next(call));
        } catch (error) {
          if (!(error instanceof Error)) {
            throw error;
          }
          const message = `${words} failed: ${reasonOf(error)}`;
          throw isUnreadable(error) ? new AwsCallError(message) : Object.assign(error, { message });
        }
      },
    { step: "initialize" },
  );
  return client;
}

/** The calls that are under way, each once. */
export function callsUnderWay(): readonly string[] {
  return [...new Set(underWay.values())];
}

async function track<Answer>(words: string, send: () => Promise<Answer>): Promise<Answer> {
  const call = Symbol(words);
  underWay.set(call, words);
  try {
    return await send();
  } finally {
    underWay.delete(call);
  }
}

/** The name of an SDK's error says more than its message. */
function reasonOf(error: unknown): string {
  if (isUnreadable(error)) {
    return "the answer cannot be read";
  }
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error instanceof AwsCallError ? error.message : `${error.name}: ${error.message}`;
}

/** An answer that is not of the protocol. The SDK's message quotes it, and it may hold a secret or events. */
function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError;
}
