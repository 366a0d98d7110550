import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeploymentError } from "../../../deployment/file/diagnostics.js";
import { namesSecret } from "../../../deployment/file/secrets.js";
import { loadDeployment, parseDeployment } from "../../../deployment/load.js";
import { cloudTrailFile } from "../cloudtrail-deployment.js";
import { errorOf, onlyDiagnosticOf } from "../errors.js";
import { deploymentWith, VALID_DEPLOYMENT } from "../valid-deployment.js";
import { HOSTILE_FILES, SECRET } from "./hostile-files.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostile-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function refusalOf(load: () => unknown): DeploymentError {
  try {
    load();
  } catch (error) {
    if (error instanceof DeploymentError) {
      return error;
    }
    throw error;
  }
  throw new Error("The file was accepted");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe("GIVEN a hostile file WHEN it is read THEN a message says what is wrong and where, without a secret", () => {
  it("there are about a hundred of them", () => {
    expect(HOSTILE_FILES.length).toBeGreaterThanOrEqual(100);
  });

  it.each(HOSTILE_FILES.map((file) => [file.what, file] as const))(
    "%s",
    (_, { content, line }) => {
      const path = join(folder, "deployment.yaml");
      writeFileSync(path, content);

      const { message, diagnostics } = refusalOf(() => loadDeployment(path));

      expect(diagnostics[0]?.line).toBe(line);
      expect(message.startsWith(`${path}:${line}:`)).toBe(true);
      expect(message).not.toContain(SECRET);
      expect(message).not.toMatch(/^ {4}at /m);
      expect(message).not.toMatch(CONTROL);
      expect(message.length).toBeLessThan(60_000);
    },
    20_000,
  );

  it("any text below any secret-like key", () => {
    const value = fc.oneof(
      fc.constant(SECRET),
      fc.constant(`"${SECRET}"`),
      fc.constant(`|\n    ${SECRET}\n    ${SECRET}`),
      fc.constant(`{ a: ${SECRET}, b: [${SECRET}] }`),
      fc.constant(`\n    x: ${SECRET}\n    y: [a, ${SECRET}]`),
      fc.string({ maxLength: 8 }).map((before) => `${before.replace(/[\n\r]/g, "")}${SECRET}`),
    );
    const key = fc.constantFrom("password", "client_secret", "apiToken", "x-api-key", "clientId");
    const place = fc.constantFrom("", "other:\n  a: [\n", "accounts:\n", "name: [\n", "vectra: {\n");
    fc.assert(
      fc.property(place, key, value, fc.boolean(), (before, name, secret, broken) => {
        const text = `${before}  ${name}: ${secret}\n${broken ? "]: {" : ""}\n`;
        const { message } = refusalOf(() => parseDeployment(text, "deployment.yaml"));
        expect(message).not.toContain(SECRET);
      }),
      { numRuns: 1000 },
    );
  });

  it("any text at all", () => {
    const words = [
      "name",
      ": ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!x ",
      '"',
      "'",
      "|",
      ">",
      "?",
      "<<",
      "#",
      "\t",
      "---",
      "%",
      "\u001b",
    ];
    const texts = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(refusalOf(() => parseDeployment(text, "deployment.yaml")).message).not.toMatch(CONTROL);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("GIVEN what is no file", () => {
  it.each([
    ["a folder", ".", ".:1:1  is a folder. Pass the deployment file in it."],
    [
      "a device",
      "/dev/null",
      "/dev/null:1:1  is not a file. Copy examples/organization/deployment.yaml and fill in your values.",
    ],
    [
      "a path through a file",
      "package.json/x",
      "package.json/x:1:1  cannot be read (ENOTDIR). Fix the path or its permissions.",
    ],
  ])("WHEN it is %s THEN the error says so", (_, path, message) => {
    expect(refusalOf(() => loadDeployment(path)).message).toContain(message);
  });
});

describe("GIVEN a pipe", () => {
  /** Starts a writer, because a pipe opens once there is one. */
  function pipeFrom(command: string): string {
    const path = join(folder, "pipe");
    rmSync(path, { force: true });
    execFileSync("mkfifo", [path]);
    spawn("sh", ["-c", `${command} > "$0"`, path], { stdio: "ignore" }).unref();
    return path;
  }

  it("WHEN a deployment comes out of it THEN it is read", () => {
    expect(loadDeployment(pipeFrom("cat examples/single-account/deployment.yaml")).name).toBe("vectra-cdr");
  });

  it("WHEN it never ends THEN the error says how much is read", () => {
    expect(refusalOf(() => loadDeployment(pipeFrom("yes"))).message).toContain(
      "pipe:1:1  is larger than the maximum of 2 MiB. Pass another file.",
    );
  });
});

describe("GIVEN a file that is unusual, but right", () => {
  it.each([
    ["a byte order mark", `\ufeff${VALID_DEPLOYMENT}`],
    ["line ends of Windows", VALID_DEPLOYMENT.replaceAll("\n", "\r\n")],
    ["an end of the document", `${VALID_DEPLOYMENT}...\n`],
  ])("WHEN it has %s THEN it is read", (_, text) => {
    const path = join(folder, "unusual.yaml");
    writeFileSync(path, text);
    expect(loadDeployment(path).name).toBe("vectra-cdr");
  });

  it("WHEN 200 accounts share a role through an alias THEN it is read", () => {
    const members = Array.from({ length: 200 }, (_, index) => `{ id: "${500000000000 + index}", <<: *role }`);
    const accounts = `{ logArchive: { id: "222222222222", assumeRole: &assume { roleArn: "arn:aws:iam::222222222222:role/x" } }, members: [${members
      .map((member) => member.replace(", <<: *role", ""))
      .join(", ")}] }`;
    const endpoints = Array.from({ length: 200 }, () => "*one").join(", ");
    parseDeployment(
      cloudTrailFile({
        accounts,
        topic: `{ create: { subscription: { endpoints: [&one "arn:aws:sqs:*:999999999999:*", ${endpoints}] } } }`,
      }),
      "deployment.yaml",
    );
  });
});

describe("GIVEN the name of a key", () => {
  it.each([
    "stsV2Tokens",
    "stsV2Token",
    "externalId",
    "accountId",
    "keyPrefix",
    "keyArn",
    "accessLogs",
    "tokenizer",
    "roleArn",
    "pass",
  ])("WHEN it is %s THEN it names no secret", (key) => {
    expect(namesSecret(key)).toBe(false);
  });

  it("WHEN stsV2Tokens is a word THEN the word is repeated, with what is allowed", () => {
    expect(onlyDiagnosticOf(cloudTrailFile({ stsV2Tokens: "yes" }))).toMatchObject({
      line: 14,
      problem: "yes is not valid",
      allowed: "true or false, without quotes",
      excerpt: "  14 |   stsV2Tokens: yes\n     |                ^^^",
    });
  });
});

describe("GIVEN a message about a hostile file", () => {
  it("WHEN a line is very long THEN what is around the place is shown", () => {
    const { excerpt } = onlyDiagnosticOf(
      deploymentWith("tags: { owner: security }", `tags: { ${"a".repeat(100)}: x, b: "${"y".repeat(300)}" }`),
    );

    expect(excerpt).toBe(
      `  3 | …${"a".repeat(52)}: x, b: "${"y".repeat(99)}…\n    |  ${" ".repeat(60)}${"^".repeat(100)}`,
    );
  });

  it("WHEN the value holds commands of a terminal THEN they are shown, and the caret stays below", () => {
    const { excerpt, problem } = onlyDiagnosticOf(deploymentWith("vectra-cdr", "a\u001b[2Jb"));

    expect(excerpt).toBe("  1 | name: a\\u001b[2Jb\n    |       ^^^^^^^^^^^");
    expect(problem).toBe("a\\u001b[2Jb (6 characters) is not valid");
  });

  it("WHEN a secret is in a flow mapping THEN the fields beside it are shown", () => {
    const [first] = errorOf(
      `${VALID_DEPLOYMENT}      - { name: b, url: 7, password: [${SECRET}, { x: ${SECRET} }] }\n`,
    ).diagnostics;

    expect(first?.excerpt).toBe(
      "  33 |       - { name: b, url: 7, password: *** }\n     |                         ^",
    );
  });

  it("WHEN a constraint refuses a value below a secret-like key THEN the value is not repeated", () => {
    const arn = "arn:aws-cn:secretsmanager:eu-west-1:333333333333:secret:vectra-AbCdEf";
    const { problem, excerpt } = onlyDiagnosticOf(
      `${VALID_DEPLOYMENT}        secret: { existing: { arn: "${arn}" } }\n`,
    );

    expect(problem).toBe('"***" is an ARN of partition aws-cn, but the deployment is in aws');
    expect(excerpt).toContain("secret: { existing: { arn: *** } }");
  });

  it("WHEN there are more than 50 THEN the first 50 are listed and all are counted", () => {
    const { message, diagnostics } = errorOf(
      `${VALID_DEPLOYMENT}${Array.from({ length: 60 }, (_, index) => `k${index}: 1\n`).join("")}`,
    );

    expect(diagnostics).toHaveLength(60);
    expect(message.match(/unknown key/g)).toHaveLength(50);
    expect(message).toMatch(/\n60 errors, the first 50 shown above; nothing was written\.$/);
  });
});
