import { afterEach, describe, expect, it, vi } from "vitest";
import { VectraClient } from "../../../../functions/security-lake-exporter/vectra/client.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import { reasonIn } from "../../../../functions/security-lake-exporter/vectra/refusal.js";
import { account } from "../../../../functions/security-lake-exporter/vectra/schema.js";
import { SentSecrets } from "../../../../functions/security-lake-exporter/vectra/sent-secrets.js";
import { type RecordingServer, startRecordingServer } from "../recording-server.js";

const SECRET = 'Zq7/+&"ö =%x-W9';
const CLIENT = "client-0123456789";
const TOKEN = "tok.en_0123456789~abc";
/** Base64 of `client-0123456789:Zq7/+&"ö =%x-W9`. */
const BASIC = "Y2xpZW50LTAxMjM0NTY3ODk6WnE3LysmIsO2ID0leC1XOQ==";
const NONE = { ...DEFAULT_RETRY, retries: 0 };
const never = new AbortController().signal;

let server: RecordingServer | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  await server?.close();
  server = undefined;
});

describe("the tenant's own text", () => {
  it.each([
    ["detail", '{"detail":"Not found."}', "Not found."],
    ["a list in detail", '{"detail":["One.","Two."]}', "One.; Two."],
    [
      "a list of problems in detail",
      '{"detail":[{"loc":["query","from"],"msg":"value is not a valid integer"}]}',
      "value is not a valid integer",
    ],
    [
      "an object in detail",
      '{"detail":{"from":["A whole number is needed."]}}',
      "from: A whole number is needed.",
    ],
    [
      "errors with titles",
      '{"errors":[{"title":"Bad Request"},{"title":"Too large"}]}',
      "Bad Request; Too large",
    ],
    ["errors by field", '{"errors":{"limit":["must be at most 1000"]}}', "limit: must be at most 1000"],
    ["errors as texts", '{"errors":["Gone"]}', "Gone"],
    ["_meta", '{"_meta":{"level":"error","message":"Token is invalid"}}', "Token is invalid"],
    ["_meta by field", '{"_meta":{"message":{"from":"is required"}}}', "from: is required"],
    ["message", '{"status":"failure","message":"Authentication failed."}', "Authentication failed."],
    ["error", '{"error":"invalid_client"}', "invalid_client"],
    ["an object in error", '{"error":{"code":403,"message":"Forbidden by role"}}', "Forbidden by role"],
    [
      "error and its description",
      '{"error":"invalid_client","error_description":"The client is disabled."}',
      "invalid_client: The client is disabled.",
    ],
    ["title", '{"type":"about:blank","title":"Service Unavailable"}', "Service Unavailable"],
  ])("is found as %s", (_shape, body, reason) => {
    expect(reasonIn(body)).toBe(reason);
  });

  it.each([
    "<html><h1>Bad gateway</h1></html>",
    "",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"detail":""}',
    '{"detail":null}',
  ])("is not found in %j", (body) => {
    expect(reasonIn(body)).toBeUndefined();
  });

  it("of any depth and width costs little", () => {
    expect(reasonIn(`{"detail":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)).toBeUndefined();
    expect(reasonIn(`{"errors":[${'"e",'.repeat(10_000)}"e"]}`)).toBe("e; e; e");
  });
});

describe("what was sent", () => {
  const sent = new SentSecrets();
  sent.add("client_secret", SECRET);
  sent.add("client_id", CLIENT);
  sent.add("Basic value", BASIC);
  sent.add("token", TOKEN);

  it.each([
    ["as it is", `secret ${SECRET}.`, "secret [client_secret]."],
    ["in another case", `id ${CLIENT.toUpperCase()}`, "id [client_id]"],
    ["in a URL", `?s=${encodeURIComponent(SECRET)}&id=${CLIENT}`, "?s=[client_secret]&id=[client_id]"],
    ["in a form", new URLSearchParams({ s: SECRET }).toString(), "s=[client_secret]"],
    ["in a URL in a URL", encodeURIComponent(encodeURIComponent(SECRET)), "[client_secret]"],
    ["with every character encoded", "%63lient%2D0123456789", "[client_id]"],
    ["in JSON", JSON.stringify({ s: SECRET }), '{"s":"[client_secret]"}'],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(SECRET)), '"\\"[client_secret]\\""'],
    ["in JSON of ASCII", 'Zq7\\/+&\\"\\u00f6 =%x-W9', "[client_secret]"],
    ["in HTML", "Zq7/+&amp;&quot;&#246; =%x-W9", "[client_secret]"],
    ["as the Basic value", `Basic ${BASIC}`, "Basic [Basic value]"],
    ["as the Basic value in a URL", encodeURIComponent(BASIC), "[Basic value]"],
    ["decoded from the Basic value", `${CLIENT}:${SECRET}`, "[client_id]:[client_secret]"],
    ["as the token", `Bearer ${TOKEN}`, "Bearer [token]"],
  ])("is struck out %s", (_how, text, shown) => {
    expect(sent.mask(text)).toBe(shown);
  });

  it("is struck out in the other alphabet of Base64", () => {
    const other = new SentSecrets();
    other.add("Basic value", "ab+/cd+/ef==");

    expect(other.mask("ab-_cd-_ef==")).toBe("[Basic value]");
    expect(other.mask("ab-_cd-_ef")).toBe("[Basic value]");
    expect(other.mask("ab+/cd+/ef%3D=")).toBe("[Basic value]");
  });

  it.each([256, 257, 1200, 16_000])(
    "is struck out where a token has %i characters, and many before it",
    (length) => {
      const many = new SentSecrets();
      const tokens = Array.from({ length: 16 }, (_, number) =>
        `${number}-eyJhbGciOi`.repeat(length / 8).slice(0, length),
      );
      for (const token of tokens) {
        many.add("token", token);
      }

      expect(many.mask(`no ${tokens[0]}, ${tokens[15]}: 0`)).toBe("no [token], [token]: 0");
    },
  );

  it("is struck out where two values overlap", () => {
    const two = new SentSecrets();
    two.add("client_id", "abcdefgh-1234");
    two.add("client_secret", "1234-ijklmnop");

    expect(two.mask("abcdefgh-1234-ijklmnop")).toBe("[client_id][client_secret]");
  });

  it("leaves words alone of which a short name is a part", () => {
    const short = new SentSecrets();
    short.add("client_id", "client");

    expect(short.mask("invalid_client for client, client_id=client")).toBe(
      "invalid_client for [client_id], client_id=[client_id]",
    );
  });
});

describe("an error", () => {
  const credentials = async () => ({ clientId: CLIENT, clientSecret: SECRET });
  const lookUp = (url: string) =>
    new VectraClient(url, credentials, { retry: NONE })
      .startSession()
      .get("/api/v3.4/accounts/1", {}, account, never)
      .then(
        () => "no error",
        (error: Error) => `${error.message}\n${JSON.stringify(error)}`,
      );
  const expectNoSecret = (text: string) => {
    for (const value of [SECRET, CLIENT, BASIC, TOKEN, encodeURIComponent(SECRET)]) {
      expect(text).not.toContain(value);
    }
  };

  it.each([400, 401, 403, 404, 500])(
    "of the token endpoint with %i shows its text without what was sent, and control characters",
    async (status) => {
      server = await startRecordingServer(({ authorization }) => ({
        status,
        body: { _meta: { message: `no ${authorization} of ${CLIENT}:${SECRET}\u001b[2J\n\u202eok` } },
      }));

      const text = await lookUp(server.url);

      expect(text).toContain(
        "no Basic [Basic value] of [client_id]:[client_secret]\\u001b[2J\\u000a\\u202eok",
      );
      expectNoSecret(text);
    },
  );

  it("of the API strikes out the secret, the token and the one before it too", async () => {
    let tokens = 0;
    server = await startRecordingServer(({ what }, number) => {
      if (what === "POST /oauth2/token") {
        tokens += 1;
        return { body: { access_token: `${TOKEN}${tokens}`, expires_in: 1799 } };
      }
      if (number === 2) {
        return { body: { id: 1 } };
      }
      if (number === 3) {
        return { status: 401, body: {} };
      }
      return { status: 500, body: { detail: `${TOKEN}1 ${TOKEN}2 ${SECRET}` } };
    });
    const session = new VectraClient(server.url, credentials, { retry: NONE }).startSession();
    await session.get("/api/v3.4/accounts/1", {}, account, never);

    await expect(session.get("/api/v3.4/accounts/1", {}, account, never)).rejects.toThrow(
      /answered 500: \[token\] \[token\] \[client_secret\]$/,
    );
  });

  it("is cut, but never within what is to be struck out", async () => {
    server = await startRecordingServer(() => ({
      status: 500,
      body: { detail: `${"x".repeat(290)}${SECRET}yz` },
    }));

    expect(await lookUp(server.url)).toContain(`answered 500: ${"x".repeat(290)}[client_se...\n`);
  });

  it("of an answer with another shape tells what the tenant says", async () => {
    server = await startRecordingServer(() => ({
      body: { status: "failure", message: `Try later, ${CLIENT}` },
    }));

    expect(await lookUp(server.url)).toContain(
      "Nothing was written. The tenant says: Try later, [client_id]",
    );
  });

  it("of a request that fails shows the cause in the same way", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("fetch failed", { cause: new Error(`alt names: ${SECRET}\u0007`) });
    });

    expect(await lookUp("http://127.0.0.1:9")).toContain(
      "POST http://127.0.0.1:9/oauth2/token failed: fetch failed (alt names: [client_secret]\\u0007)",
    );
  });

  it.each(["a\nb0123456789", "tökenĀ0123456789"])(
    "of a token that fits no header does not show it: %j",
    async (token) => {
      server = await startRecordingServer(() => ({ body: { access_token: token, expires_in: 1799 } }));

      const text = await lookUp(server.url);

      expect(text).toMatch(/access_token|failed: /);
      expect(text).not.toContain("0123456789");
    },
  );
});
