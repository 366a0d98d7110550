const FACTS = ["facts", "facts/options", "facts/sentences", "facts/checks"];

/**
 * Who may import whom, and why that is checked: docs/adr/0035-directions-are-checked.md.
 *
 * Every file is in one room: of the keys that it is below, the longest. It may import its own room and the rooms in the
 * list, nothing else of this project. `npm run lint` checks it; test/directions.test.ts plants violations.
 */
const ROOMS = {
  facts: [],
  "facts/options": ["facts"],
  "facts/sentences": ["facts", "facts/options"],
  "facts/checks": ["facts", "facts/options"],
  text: [],
  "command-line": ["text"],

  constructs: FACTS,
  "constructs/iam": [...FACTS, "constructs"],
  "constructs/network": [...FACTS, "constructs"],
  "constructs/cloudtrail": [...FACTS, "constructs", "constructs/iam"],
  "constructs/security-lake": [...FACTS, "constructs", "constructs/iam"],

  // Neither sentences for people nor checks of a deployment belong into the function's zip.
  functions: ["facts", "facts/options", "text"],
  // Makes the function's zip, and is all that a deployment knows of it.
  "functions/security-lake-exporter/bundle.ts": [],

  "deployment/file": ["facts", "text"],
  "deployment/schema": [...FACTS, "deployment/file"],
  "deployment/plan": [...FACTS, "deployment/schema"],
  // What a policy of the owner says is judged where policies are built; those modules do without CDKTF.
  "deployment/constraints": [
    ...FACTS,
    "constructs/iam",
    "deployment/file",
    "deployment/schema",
    "deployment/plan",
  ],
  "deployment/output": ["deployment/file", "deployment/schema", "deployment/plan"],
  "deployment/stacks": [
    ...FACTS,
    "constructs",
    "constructs/iam",
    "constructs/network",
    "constructs/cloudtrail",
    "constructs/security-lake",
    "functions/security-lake-exporter/bundle.ts",
    "deployment/file",
    "deployment/schema",
    "deployment/plan",
  ],
  "deployment/load.ts": ["deployment/file", "deployment/schema", "deployment/constraints"],
  "deployment/synth.ts": [
    "facts",
    "functions/security-lake-exporter/bundle.ts",
    "deployment/file",
    "deployment/schema",
    "deployment/plan",
    "deployment/output",
    "deployment/stacks",
  ],

  cli: [...FACTS, "text", "command-line", "functions", "deployment/load.ts", "deployment/plan", "node24"],
  "main.ts": [
    "text",
    "command-line",
    "cli",
    "functions/security-lake-exporter/bundle.ts",
    "deployment/file",
    "deployment/schema",
    "deployment/output",
    "deployment/stacks",
    "deployment/load.ts",
    "deployment/synth.ts",
  ],

  simulator: ["facts", "command-line"],
  rehearsal: [
    "facts",
    "facts/options",
    "command-line",
    "simulator",
    "functions",
    "functions/security-lake-exporter/bundle.ts",
    "deployment/load.ts",
    "deployment/synth.ts",
  ],
  bench: [
    "facts",
    "facts/options",
    "command-line",
    "simulator",
    "functions",
    "functions/security-lake-exporter/bundle.ts",
  ],
  node24: [],
};

/** These may import whatever they need, and nothing may import them. */
const OUTSIDE = ["^test/", "^\\.ci/", "^[\\w.-]+\\.config\\.ts$", "^\\.dependency-cruiser\\.mjs$"];

/** Rooms whose code a user of this project runs: its packages are dependencies, not development dependencies. */
const RUNTIME = "^(facts|text|command-line|constructs|functions|deployment|cli)/|^main\\.ts$";

/** The files of a room, without those of the rooms in it. */
function filesOf(room) {
  if (room.endsWith(".ts")) {
    return `^${escaped(room)}$`;
  }
  const inner = Object.keys(ROOMS)
    .filter((other) => other.startsWith(`${room}/`))
    .map((other) => `${escaped(other.slice(room.length + 1))}${other.endsWith(".ts") ? "$" : "/"}`);
  return `^${escaped(room)}/${inner.length === 0 ? "" : `(?!${inner.join("|")})`}`;
}

function escaped(path) {
  return path.replaceAll(".", "\\.");
}

function direction([room, imports]) {
  return {
    name: `direction: ${room}`,
    comment: `${room} may import ${imports.length === 0 ? "nothing else of this project" : imports.join(", ")}.`,
    severity: "error",
    from: { path: filesOf(room) },
    to: { dependencyTypes: ["local"], pathNot: [room, ...imports].map(filesOf) },
  };
}

export default {
  forbidden: [
    ...Object.entries(ROOMS).map(direction),
    {
      name: "every file has a room",
      comment: "A new folder gets a line in ROOMS of .dependency-cruiser.mjs.",
      severity: "error",
      from: { pathNot: [...Object.keys(ROOMS).map(filesOf), ...OUTSIDE] },
      to: {},
    },
    {
      name: "facts import no package",
      comment:
        "Neither CDKTF nor zod nor Node's API: constructs, function, command line and documents all read them.",
      severity: "error",
      from: { path: "^facts/" },
      to: { dependencyTypesNot: ["local"] },
    },
    {
      name: "no CDKTF in the function",
      comment: "It would be in the zip.",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "no CDKTF before the file is sound",
      comment: "Loading CDKTF takes most of a second, and a wrong file is reported at once.",
      severity: "error",
      from: { path: "^deployment/load\\.ts$" },
      to: { path: "node_modules/(cdktf|@cdktf)/", reachable: true },
    },
    {
      name: "no development dependency at run time",
      comment: "Move the package to dependencies in package.json.",
      severity: "error",
      from: { path: RUNTIME },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no cycle",
      comment: "Move what both need into a module of its own. Imports of types count, too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // What .gitignore names: a checkout in which something has run has them.
    exclude: {
      path: [
        "^node24/node_modules/",
        "^[^/]+\\.out/",
        "^coverage/",
        "^\\.venv",
        "^\\.parquet-java/",
        "^lake/",
      ],
    },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".mts", ".mjs", ".js", ".d.ts"],
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "require", "default"],
    },
  },
};
