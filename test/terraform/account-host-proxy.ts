import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type LoopbackServer, listenOnLoopback } from "../../simulator/loopback.js";

/**
 * An HTTP proxy that hands every request to the emulator, whatever host it names.
 *
 * The S3 Control API, which the AWS provider reads bucket tags from since 6.23, has the account in its host name:
 * the provider asks for `222222222222.127.0.0.1`, which no resolver knows. A proxy is asked before a resolver, and
 * Go sends requests for 127.0.0.1 itself past the proxy, so this one sees nothing else.
 *
 * @param emulator its endpoint, `http://127.0.0.1:<port>`.
 */
export function startAccountHostProxy(emulator: string): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => passOn(request, response, emulator));
}

async function passOn(request: IncomingMessage, response: ServerResponse, emulator: string): Promise<void> {
  // A proxy is given the whole address. URL refuses this one: to it, a host that ends in a number is an IPv4 address.
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
