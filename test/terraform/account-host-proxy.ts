import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type LoopbackServer, listenOnLoopback } from "../../simulator/loopback.js";

/**
 * An HTTP proxy that forwards every request to the emulator, whatever its host.
 *
 * The S3 Control API, which the AWS provider reads bucket tags from since 6.23, has the account in its host name:
 * the provider requests `222222222222.127.0.0.1`, which does not resolve. With a proxy, the name need not resolve, and
 * Go bypasses the proxy for 127.0.0.1 itself, so this one receives only those requests.
 *
 * @param emulator its endpoint, `http://127.0.0.1:<port>`.
 */
export function startAccountHostProxy(emulator: string): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => forwardRequest(request, response, emulator));
}

async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  emulator: string,
): Promise<void> {
  // A proxy receives the whole address. URL refuses this one: it takes a host that ends in a number for an IPv4 address.
  const path = (request.url ?? "/").replace(/^http:\/\/[^/]+/, "");
  const { hostname, port } = new URL(emulator);
  const answered = await new Promise<IncomingMessage>((resolve, reject) => {
    const onward = forward(
      { hostname, port, path, method: request.method, headers: request.headers },
      resolve,
    );
    onward.once("error", reject);
    request.pipe(onward);
  });
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  await pipeline(answered, response);
}
