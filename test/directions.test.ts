import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const PACKAGES = {
  "package.json": '{ "dependencies": { "cdktf": "1.0.0" }, "devDependencies": { "vitest": "1.0.0" } }',
  "node_modules/cdktf/package.json": '{ "name": "cdktf", "version": "1.0.0", "main": "index.js" }',
  "node_modules/cdktf/index.js": "",
  "node_modules/vitest/package.json": '{ "name": "vitest", "version": "1.0.0", "main": "index.js" }',
  "node_modules/vitest/index.js": "",
};

/** What may import what. */
const ALLOWED = {
  "facts/regions.ts": "export const REGIONS = {};",
  "text/visible.ts": "export const visible = 1;",
  "constructs/iam/policy.ts": "export const policy = 1;",
  "constructs/cloudtrail/trail.ts":
    'import "cdktf"; import "../../facts/regions.js"; import "../iam/policy.js";',
  "functions/exporter/handler.ts": 'import "node:fs"; import "../../facts/regions.js";',
  "deployment/plan/plan.ts": 'import "../../facts/regions.js"; export const plan = 1;',
  "deployment/stacks/stack.ts": 'import "../plan/plan.js"; import "../../constructs/cloudtrail/trail.js";',
  "cli/main.ts": 'import "../functions/exporter/handler.js";',
  "main.ts": 'import "./deployment/stacks/stack.js";',
  "test/trail.test.ts":
    'import "vitest"; import "../constructs/cloudtrail/trail.js"; export const trail = 1;',
};

/** What is planted in which file, and what the check must say of it. */
const PLANTED: readonly (readonly [
  what: string,
  file: string,
  text: string,
  violations: readonly string[],
])[] = [
  [
    "facts import a construct",
    "facts/a.ts",
    'import "../constructs/iam/policy.js";',
    ["constructs/iam/policy.ts: direction: facts"],
  ],
  [
    "facts import a package",
    "facts/b.ts",
    'import "cdktf";',
    ["node_modules/cdktf/index.js: facts import no package"],
  ],
  ["facts import Node's API", "facts/c.ts", 'import "node:fs";', ["fs: facts import no package"]],
  [
    "a construct imports a type of the deployment",
    "constructs/iam/a.ts",
    'import type { plan } from "../../deployment/plan/plan.js"; export type A = typeof plan;',
    ["deployment/plan/plan.ts: direction: constructs/iam"],
  ],
  [
    "one half of the constructs imports the other",
    "constructs/security-lake/a.ts",
    'import "../cloudtrail/trail.js";',
    ["constructs/cloudtrail/trail.ts: direction: constructs/security-lake"],
  ],
  [
    "a function imports a construct",
    "functions/exporter/a.ts",
    'import "../../constructs/iam/policy.js";',
    ["constructs/iam/policy.ts: direction: functions"],
  ],
  [
    "a function imports sentences for people",
    "functions/exporter/b.ts",
    'import "../../facts/sentences/tenant.js";',
    ["facts/sentences/tenant.ts: direction: functions"],
  ],
  [
    "a function imports CDKTF",
    "functions/exporter/c.ts",
    'import "cdktf";',
    ["node_modules/cdktf/index.js: no CDKTF in the function"],
  ],
  [
    "an arrow in the deployment points backwards",
    "deployment/plan/a.ts",
    'import "../stacks/stack.js";',
    ["deployment/stacks/stack.ts: direction: deployment/plan"],
  ],
  [
    "the way to a wrong file's report reaches CDKTF",
    "deployment/load.ts",
    'import "./schema/tags.js";',
    ["node_modules/cdktf/index.js: no CDKTF before the file is sound"],
  ],
  [
    "the rehearsal imports the command line",
    "rehearsal/a.ts",
    'import "../cli/main.js";',
    ["cli/main.ts: direction: rehearsal"],
  ],
  ["the command line imports the app", "cli/a.ts", 'import "../main.js";', ["main.ts: direction: cli"]],
  [
    "code imports a test",
    "cli/b.ts",
    'import "../test/trail.test.js";',
    ["test/trail.test.ts: direction: cli"],
  ],
  [
    "a development dependency is used at run time",
    "deployment/schema/a.ts",
    'import "vitest";',
    ["node_modules/vitest/index.js: no development dependency at run time"],
  ],
  [
    "a folder has no room",
    "utils/a.ts",
    'import "../facts/regions.js";',
    ["facts/regions.ts: every file has a room"],
  ],
  [
    "two modules import each other's types",
    "constructs/a.ts",
    'import type { B } from "./b.js"; export type A = B;',
    ["constructs/b.ts: no cycle"],
  ],
];

/** What the planted files need. */
const THEIR_TARGETS = {
  "facts/sentences/tenant.ts": "export const tenant = 1;",
  "deployment/schema/tags.ts": 'import "cdktf"; export const tags = 1;',
  "constructs/b.ts": 'import type { A } from "./a.js"; export type B = A | string;',
};

/** What the check of `npm run lint` says of a project with these files. */
function violationsIn(files: Readonly<Record<string, string>>): readonly Violation[] {
  const project = mkdtempSync(join(tmpdir(), "directions-"));
  try {
    for (const [path, text] of Object.entries({ ...PACKAGES, ...files })) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    const check = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
    const config = join(ROOT, ".dependency-cruiser.mjs");
    const { stdout } = spawnSync(
      process.execPath,
      [check, "--config", config, "--output-type", "json", "."],
      { cwd: project, encoding: "utf8" },
    );
    return (JSON.parse(stdout) as { summary: { violations: readonly Violation[] } }).summary.violations;
  } finally {
    rmSync(project, { recursive: true });
  }
}

it("GIVEN a project whose imports follow the directions THEN lint says nothing", () => {
  expect(violationsIn(ALLOWED)).toEqual([]);
});

describe("GIVEN a project with imports against the directions", () => {
  let violations: readonly Violation[] = [];
  beforeAll(() => {
    const planted = Object.fromEntries(PLANTED.map(([, file, text]) => [file, text]));
    violations = violationsIn({ ...ALLOWED, ...THEIR_TARGETS, ...planted });
  });

  it.each(PLANTED)("WHEN %s THEN lint reports it", (_, file, _text, expected) => {
    const found = violations.filter(({ from }) => from === file);
    expect(found.map(({ to, rule }) => `${to}: ${rule.name}`)).toEqual(expected);
  });

  it("THEN lint reports nothing else", () => {
    expect(violations).toHaveLength(PLANTED.length);
  });
});
