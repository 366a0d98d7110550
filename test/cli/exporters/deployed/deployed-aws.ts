import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Readonly<Record<string, unknown>>;

/** A call as AWS has received it: `Invoke` of Lambda, `ReceiveMessage` of SQS. */
interface AwsCall {
  readonly operation: string;
  readonly request: Json;
}

/** What is answered, or thrown: an {@link AwsFailure}, or anything else to cut the connection. */
export type AwsAnswer = (request: Json) => unknown;

/** An error as AWS answers it. */
export class AwsFailure extends Error {
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** The error of a function that has thrown. */
export class FunctionFailure extends Error {}

/** One loopback address that answers for all services. */
export interface AwsStandIn {
  /** What SDK clients need to find it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly calls: readonly AwsCall[];
  /** The requests of one operation, in order. */
  requests(operation: string): readonly Json[];
  close(): Promise<void>;
}

export async function startAws(answers: Readonly<Record<string, AwsAnswer>>): Promise<AwsStandIn> {
  const calls: AwsCall[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const call = await readCall(incoming);
    calls.push(call);
    const reply = (status: number, body: string, headers: Record<string, string> = {}) =>
      outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    try {
      const answer = answers[call.operation];
      if (answer === undefined) {
        throw new AwsFailure("UnknownOperationException", call.operation);
      }
      const body = answer(call.request);
      reply(200, typeof body === "string" ? body : JSON.stringify(body));
    } catch (error) {
      if (error instanceof AwsFailure) {
        const { name, message, status } = error;
        if (call.operation === "ListObjectsV2") {
          reply(status, `<Error><Code>${name}</Code><Message>${message}</Message></Error>`);
          return;
        }
        reply(status, JSON.stringify({ __type: name, message }), { "x-amzn-errortype": name });
      } else if (error instanceof FunctionFailure) {
        const body = { errorType: "Error", errorMessage: error.message };
        reply(200, JSON.stringify(body), { "x-amz-function-error": "Unhandled" });
      } else {
        outgoing.destroy();
      }
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "unchecked",
      // With a profile the SDK would pass over the keys.
      AWS_PROFILE: undefined,
    },
    calls,
    requests: (operation) =>
      calls.filter((call) => call.operation === operation).map(({ request }) => request),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function readCall(incoming: IncomingMessage): Promise<AwsCall> {
  let body = "";
  for await (const chunk of incoming) {
    body += String(chunk);
  }
  const target = incoming.headers["x-amz-target"];
  if (typeof target === "string") {
    return { operation: target.slice(target.indexOf(".") + 1), request: JSON.parse(body) as Json };
  }
  const [, name, what] = /\/functions\/([^/]+)\/(\w+)/.exec(decodeURIComponent(incoming.url ?? "")) ?? [];
  if (what === "configuration") {
    return { operation: "GetFunctionConfiguration", request: { name } };
  }
  if (what === "invocations") {
    return { operation: "Invoke", request: JSON.parse(body) as Json };
  }
  const { pathname, searchParams } = new URL(incoming.url ?? "", "http://localhost");
  if (searchParams.get("list-type") === "2") {
    const { prefix, "continuation-token": token } = Object.fromEntries(searchParams);
    return { operation: "ListObjectsV2", request: { bucket: pathname.replaceAll("/", ""), prefix, token } };
  }
  return { operation: new URLSearchParams(body).get("Action") ?? "", request: {} };
}

/** An answer to ListObjectsV2. @param next token of the next page. */
export function listedObjects(keys: readonly string[], next?: string): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join("");
  const more = next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents}</ListBucketResult>`;
}
