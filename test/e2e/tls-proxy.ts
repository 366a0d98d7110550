import { request as forward, type IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { type LoopbackServer, listenOnLoopback } from "../../simulator/loopback.js";

/**
 * Hands requests on to the emulator with the header that a proxy in front of it sets for those that came over TLS.
 * MiniStack believes it, so that `aws:SecureTransport` is true for who comes this way and false for who does not:
 * the "TLS only" statements are applied as declared and are seen to work, without certificates.
 *
 * @param emulator its endpoint, `http://127.0.0.1:<port>`.
 */
export function startTlsProxy(emulator: string): Promise<LoopbackServer> {
  return listenOnLoopback(async (request, response) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // The Host header stays as the client signed it.
      const headers = { ...request.headers, "x-forwarded-proto": "https" };
      const onward = forward(
        new URL(request.url ?? "/", emulator),
        { method: request.method, headers },
        resolve,
      );
      onward.once("error", reject);
      request.pipe(onward);
    });
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  });
}
