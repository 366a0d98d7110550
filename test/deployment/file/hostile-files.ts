import { deploymentWith, VALID_DEPLOYMENT } from "../valid-deployment.js";

/** What must be in no output. */
export const SECRET = "hunter2-S3cr3t";

/** A file that no deployment can be read from. */
export interface HostileFile {
  readonly what: string;
  readonly content: string | Uint8Array;
  /** Where the first thing is wrong, as far as there is a place. */
  readonly line: number;
}

const TENANT = VALID_DEPLOYMENT.split("\n").length;

/** The valid file and a further tenant on the lines after it. */
function tenant(what: string, lines: string, line = TENANT): HostileFile {
  return { what, content: `${VALID_DEPLOYMENT}${lines}\n`, line };
}

function after(what: string, text: string, line = TENANT): HostileFile {
  return { what, content: `${VALID_DEPLOYMENT}${text}`, line };
}

/** Keys that could hold a secret, each in a few places. */
const SECRET_KEYS = [
  "clientSecret",
  "client_id",
  "client-id",
  "clientID",
  "api_key",
  "apiKey",
  "API_TOKEN",
  "accessToken",
  "refresh_token",
  "password",
  "passphrase",
  "passwd",
  "aws_secret_access_key",
  "accessKeyId",
  "private_key",
  "credentials",
  "Authorization",
  "bearer",
  "tokens",
  "secrets",
];

const SECRETS: readonly HostileFile[] = [
  ...SECRET_KEYS.map((key) => after(`a secret under ${key}`, `${key}: ${SECRET}\n`)),
  ...SECRET_KEYS.map((key) =>
    tenant(`a secret below ${key}`, `      - { name: b, url: 7, ${key}: { deep: [{ er: ${SECRET} }] } }`),
  ),
  after("a secret of several lines", `password: |\n  ${SECRET}\n  ${SECRET}\nother: 1\n`),
  after("a secret in quotes over two lines", `password: "${SECRET}\n  ${SECRET}"\n`),
  after("a secret as a key", `password: { ${SECRET} }\n`),
  after("a secret as a key with a value", `password:\n  ${SECRET}: true\n`),
  after("a secret in a list", `password:\n  - ${SECRET}\n  - [${SECRET}]\n`),
  after("a secret behind an alias", `other: &x ${SECRET}\npassword: *x\n`),
  after("a secret in a merged mapping", `password: &x { a: ${SECRET} }\nother: { <<: *x }\n`),
  after("a secret that begins with a star", `password: *${SECRET}\n`),
  after("a secret that begins with an ampersand", `password: &${SECRET}\n`),
  after("a secret that begins with an exclamation mark", `password: !${SECRET} x\n`),
  after("a secret that begins with a percent sign", `password: %${SECRET}\n`),
  after("a secret that begins with a back quote", `password: \`${SECRET}\n`),
  after("a secret that begins with an at sign", `password: @${SECRET}\n`),
  after("a secret that begins with a hash sign", `password: #${SECRET}\n`),
  after("a secret that was commented out", `other: 1 # password: ${SECRET}\n`),
  after("a secret in a comment below the key", `password:\n  a: 1 # ${SECRET}\n`),
  after("a secret in a comment after the key", `password: # ${SECRET}\n  - 1 # ${SECRET}\n`),
  after("a secret in a list as a key", `password: { ? [${SECRET}] : 1 }\n`),
  after("a secret in a mapping as a key", `? { password: ${SECRET} }\n: 1\n`, 1),
  after("a secret after a tab", `password:\n\ta: ${SECRET}\n`, TENANT + 1),
  after("a secret with a colon", `password: a: ${SECRET}\n`),
  after("a secret in an unclosed quote", `password: "${SECRET}\n`, TENANT + 1),
  after("a secret in an unclosed mapping", `login: { password: ${SECRET}\n`, TENANT + 1),
  after("a secret in an unclosed list", `password: [${SECRET}\n`, TENANT + 1),
  after("a secret with a bad escape", `password: "\\${SECRET}"\n`, TENANT),
  after("a secret in an unclosed quote over two lines", `password: "a\n  ${SECRET}\n`, TENANT + 2),
  after("two secrets of one name", `password: ${SECRET}\npassword: ${SECRET}\n`),
  tenant("a secret in place of the secret's settings", `        secret: ${SECRET}`),
  tenant("a secret in the secret's settings", `        secret: { create: { ${SECRET}: 1 } }`),
  tenant("a secret in place of an ARN", `        secret: { existing: { arn: ${SECRET} } }`),
  tenant("two ways and a secret", `        secret: { create: {}, ${SECRET}: {} }`),
  tenant("a secret in an address", `      - { name: b, url: "https://me:${SECRET}@b.example" }`),
  tenant(
    "a secret with a slash in an address",
    `      - { name: b, url: "https://me:a/${SECRET}@b.example" }`,
  ),
  tenant(
    "a secret with an at sign in an address",
    `      - { name: b, url: "https://me:a@${SECRET}@b.example" }`,
  ),
  tenant("a secret in a fragment", `      - { name: b, url: "https://b.example/#access_token=${SECRET}" }`),
  tenant("a secret in a query", `      - { name: b, url: "https://b.example/?api_token=${SECRET}" }`),
  tenant("a secret beside an error", `      - { name: B, clientSecret: ${SECRET}, url: http://b.example }`),
];

const BOMB = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? "a0: &a0 [x, x]"
    : `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
).join("\n");

const SYNTAX: readonly HostileFile[] = [
  { what: "nothing", content: "", line: 1 },
  { what: "a comment", content: "# nothing\n", line: 1 },
  { what: "text alone", content: "hello", line: 1 },
  { what: "a number", content: "7", line: 1 },
  { what: "a list", content: "- a\n- b\n", line: 1 },
  { what: "null", content: "~", line: 1 },
  { what: "a byte order mark alone", content: "\ufeff", line: 1 },
  { what: "two documents", content: `${VALID_DEPLOYMENT}---\nname: other\n`, line: TENANT },
  { what: "a bomb of aliases", content: `${BOMB}\n`, line: 2 },
  { what: "an anchor that holds itself", content: "name: &a\n  b: *a\n", line: 2 },
  { what: "an alias without an anchor", content: "name: *nobody\n", line: 1 },
  { what: "a merge of a list", content: "accounts:\n  <<: [1, 2]\n", line: 2 },
  { what: "a tab", content: "accounts:\n\tsingle: {}\n", line: 2 },
  { what: "a key twice", content: deploymentWith("region:", "name: again\nregion:"), line: 2 },
  { what: "a key 300 times", content: `${VALID_DEPLOYMENT}${"name: again\n".repeat(300)}`, line: TENANT },
  { what: "an unknown tag", content: "name: !!python/object:os.system x\n", line: 1 },
  { what: "a directive", content: "%YAML 9.9\n---\nname: x\n", line: 1 },
  { what: "an unclosed quote", content: 'name: "x\n', line: 2 },
  { what: "an unclosed mapping", content: "accounts: { single: { id: 1 }\n", line: 2 },
  { what: "deep lists", content: `name: ${"[".repeat(5000)}`, line: 1 },
  { what: "deep mappings", content: `name: ${"{a: ".repeat(3000)}1${"}".repeat(3000)}`, line: 1 },
  {
    what: "deep indentation",
    content: Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    line: 1,
  },
  {
    what: "a line of 1 MB",
    content: deploymentWith("name: vectra-cdr", `name: ${"x".repeat(1_000_000)}`),
    line: 1,
  },
  {
    what: "a flow mapping of 20,000 keys on a line",
    content: `tags: { ${"a: [b], ".repeat(20_000)} }\n`,
    line: 1,
  },
  { what: "a key of 1 MB", content: `${VALID_DEPLOYMENT}? ${"k".repeat(900_000)}\n: 1\n`, line: TENANT },
  { what: "a region of 1 MB", content: deploymentWith("eu-west-1", "e".repeat(900_000)), line: 2 },
  { what: "an address of 1 MB", content: deploymentWith("123123123123.uw2", "a.".repeat(400_000)), line: 32 },
  {
    what: "20,000 unknown keys",
    content: Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join("\n"),
    line: 1,
  },
  { what: "__proto__", content: `${VALID_DEPLOYMENT}__proto__: { a: 1 }\n`, line: TENANT },
  {
    what: "constructor and toString",
    content: `${VALID_DEPLOYMENT}constructor: 1\ntoString: 2\n`,
    line: TENANT,
  },
  { what: "a mapping as a key", content: `${VALID_DEPLOYMENT}? { a: 1 }\n: 2\n`, line: 1 },
  { what: "numbers that are none", content: deploymentWith("name: vectra-cdr", "name: .nan"), line: 1 },
  { what: "only line ends of Windows", content: `name: X\r\nregion: Y\r\n`, line: 1 },
  { what: "only line ends of old Macs", content: "name: X\rregion: Y\r", line: 1 },
  { what: "a terminal's commands", content: deploymentWith("vectra-cdr", '"\\e]0;owned\\a\\e[2J"'), line: 1 },
  {
    what: "raw control characters",
    content: deploymentWith("vectra-cdr", "a\u001b[2Jb\u0085c\u202ed\u2066e"),
    line: 1,
  },
  { what: "a control character as a key", content: `${VALID_DEPLOYMENT}"\u001b[31m": 1\n`, line: TENANT },
  {
    what: "a placeholder of CDKTF",
    content: deploymentWith("made-by-vectra", "${TfToken[TOKEN.0]}"),
    line: 16,
  },
  {
    what: "bytes that are no UTF-8",
    content: Uint8Array.from([0x6e, 0x61, 0x0a, 0xff, 0xfe, 0x41]),
    line: 2,
  },
  { what: "UTF-16", content: Uint8Array.from([0xff, 0xfe, 0x6e, 0x00, 0x61, 0x00]), line: 1 },
  { what: "a program", content: Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0x0a, 0x00, 0x00]), line: 2 },
  { what: "more than 2 MiB", content: "#".repeat(2_100_000), line: 1 },
];

/** Some hundred files as people and enemies have them. */
export const HOSTILE_FILES: readonly HostileFile[] = [...SECRETS, ...SYNTAX];
