import type { IncomingMessage } from "node:http";
import { listenOnLoopback, readBody } from "../../../simulator/loopback.js";

/** A request as it came over the wire. */
export interface RecordedRequest {
  /** `POST /oauth2/token` */
  readonly what: string;
  readonly authorization: string;
  readonly query: URLSearchParams;
}

interface RecordedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body: unknown;
}

/** A server that answers as it is told, and knows every request that reached it, in the order of their arrival. */
export interface RecordingServer {
  readonly url: string;
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

export async function startRecordingServer(
  answer: (request: RecordedRequest, number: number) => RecordedAnswer | Promise<RecordedAnswer>,
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = await listenOnLoopback(async (request, response) => {
    const recorded = recordedRequest(request);
    requests.push(recorded);
    await readBody(request);
    const { status = 200, headers = {}, body } = await answer(recorded, requests.length);
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { url: server.url, requests, close: server.close };
}

function recordedRequest({ method, url = "/", headers }: IncomingMessage): RecordedRequest {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  return { what: `${method} ${pathname}`, authorization: headers.authorization ?? "", query: searchParams };
}
