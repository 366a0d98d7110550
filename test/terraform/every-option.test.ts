import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deploymentJsonSchema } from "../../deployment/schema/deployment.js";
import { leftOutOfBoth, leftOutOptions } from "./left-out-options.js";
import { type Option, optionsOf, settingsOf } from "./options.js";

type Reasons = Readonly<Record<string, string>>;

const options = optionsOf(deploymentJsonSchema());
const everyOption = settingsIn("every-option.yaml");
const validatedOptions = settingsIn("validated-options.yaml");

function settingsIn(file: string) {
  return settingsOf(parse(readFileSync(join(import.meta.dirname, file), "utf8")));
}

function isListed(reasons: Reasons, { path }: Option): boolean {
  return Object.keys(reasons).some((entry) => path === entry || path.startsWith(`${entry}.`));
}

/** Whether one of the option's settings differs from what leaving it out means. */
function isAway(settings: ReturnType<typeof settingsIn>, { path, default: usual }: Option): boolean {
  return (settings.get(path) ?? []).some((value) => JSON.stringify(value) !== JSON.stringify(usual));
}

/** Entries that name no option, or one that a file sets away from its default. */
function stale(reasons: Reasons, settings: ReturnType<typeof settingsIn>): readonly string[] {
  const paths = options.map(({ path }) => path);
  const set = options.filter((option) => isAway(settings, option)).map(({ path }) => path);
  return Object.keys(reasons).filter((entry) => !paths.includes(entry) || set.includes(entry));
}

describe("GIVEN every option of the JSON Schema", () => {
  it("THEN every-option.yaml sets it away from its default, or left-out-options.ts says why not", () => {
    const forgotten = options.filter(
      (option) => !isAway(everyOption, option) && !isListed(leftOutOptions, option),
    );

    expect(options.length).toBeGreaterThan(200);
    expect(forgotten.map(({ path }) => path)).toEqual([]);
    expect(stale(leftOutOptions, everyOption)).toEqual([]);
  });

  it("THEN one of the two files sets it, or it is said where else it is seen", () => {
    const forgotten = options.filter(
      (option) =>
        !isAway(everyOption, option) && !isAway(validatedOptions, option) && !isListed(leftOutOfBoth, option),
    );

    expect(forgotten.map(({ path }) => path)).toEqual([]);
    expect(stale(leftOutOfBoth, validatedOptions)).toEqual([]);
    expect(Object.keys(leftOutOfBoth).filter((entry) => !(entry in leftOutOptions))).toEqual([]);
  });
});

describe("GIVEN a small schema", () => {
  const small = optionsOf({
    properties: {
      name: { type: "string" },
      trail: {
        anyOf: [{ properties: { create: { properties: { scope: { type: "string", default: "all" } } } } }],
      },
      tenants: { items: { properties: { url: { type: "string" } } } },
      tags: { additionalProperties: { type: "string" } },
    },
  });

  it("THEN its options are the paths of its keys, with their defaults", () => {
    expect(small).toEqual([
      { path: "name", default: undefined },
      { path: "trail", default: undefined },
      { path: "trail.create", default: undefined },
      { path: "trail.create.scope", default: "all" },
      { path: "tenants", default: undefined },
      { path: "tenants.url", default: undefined },
      { path: "tags", default: undefined },
    ]);
  });

  it("THEN a file's settings have the same paths, all entries of a list together", () => {
    expect([...settingsOf({ name: "a", tenants: [{ url: "x" }, { url: "y" }] })]).toEqual([
      ["name", ["a"]],
      ["tenants", [[{ url: "x" }, { url: "y" }]]],
      ["tenants.url", ["x", "y"]],
    ]);
  });
});
