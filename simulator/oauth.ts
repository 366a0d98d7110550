import { randomUUID } from "node:crypto";
import type { Answer } from "./answer.js";

/** The tenant's token endpoint, which remembers the tokens that it issued. */
export interface TokenEndpoint {
  /** Answers `POST /oauth2/token`: Basic client id and secret, form `grant_type=client_credentials`. */
  issue(authorization: string | undefined, form: URLSearchParams): Answer;
  /** Whether the header carries a token of this tenant that has not expired. */
  accepts(authorization: string | undefined): boolean;
  /** The old secret and every token are refused from now on. */
  rotateSecret(clientSecret: string): void;
  revokeTokens(): void;
}

/** @param clock epoch milliseconds, by which tokens expire */
export function createTokenEndpoint(options: {
  clientId: string;
  clientSecret: string;
  lifetimeSeconds: number;
  clock: () => number;
}): TokenEndpoint {
  const expiries = new Map<string, number>();
  let clientSecret = options.clientSecret;
  return {
    issue(authorization, form) {
      const expected = `Basic ${Buffer.from(`${options.clientId}:${clientSecret}`).toString("base64")}`;
      if (authorization !== expected) {
        return { status: 401, body: { error: "invalid_client" } };
      }
      if (form.get("grant_type") !== "client_credentials") {
        return { status: 400, body: { error: "unsupported_grant_type" } };
      }
      const token = randomUUID();
      expiries.set(token, options.clock() + options.lifetimeSeconds * 1000);
      return {
        status: 200,
        body: { access_token: token, token_type: "Bearer", expires_in: options.lifetimeSeconds },
      };
    },
    accepts(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
      const expiry = expiries.get(token);
      return expiry !== undefined && options.clock() < expiry;
    },
    rotateSecret(replacement) {
      clientSecret = replacement;
      expiries.clear();
    },
    revokeTokens: () => expiries.clear(),
  };
}
