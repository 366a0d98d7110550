import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deploymentJsonSchema } from "../../deployment/schema.js";
import { leftOutOptions } from "../terraform/left-out-options.js";
import { type Option, optionsOf, settingsOf } from "./options.js";

const FILE = join(import.meta.dirname, "..", "terraform", "every-option.yaml");

const options = optionsOf(deploymentJsonSchema());
const settings = settingsOf(parse(readFileSync(FILE, "utf8")));

function leftOut({ path }: Option): boolean {
  return Object.keys(leftOutOptions).some((entry) => path === entry || path.startsWith(`${entry}.`));
}

/** Whether one of the option's settings differs from what leaving it out means. */
function away({ path, default: usual }: Option): boolean {
  return (settings.get(path) ?? []).some((value) => JSON.stringify(value) !== JSON.stringify(usual));
}

describe("GIVEN every option of the JSON Schema", () => {
  test("THEN every-option.yaml sets it away from its default, or left-out-options.ts says why not", () => {
    const forgotten = options.filter((option) => !away(option) && !leftOut(option)).map(({ path }) => path);

    expect(options.length).toBeGreaterThan(200);
    expect(forgotten).toEqual([]);
  });

  test("THEN nothing is left out that is set, or that is no option", () => {
    const paths = options.map(({ path }) => path);
    const stale = Object.keys(leftOutOptions).filter(
      (entry) => !paths.includes(entry) || options.some((option) => option.path === entry && away(option)),
    );

    expect(stale).toEqual([]);
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

  test("THEN its options are the paths of its keys, with their defaults", () => {
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

  test("THEN a file's settings have the same paths, all entries of a list together", () => {
    expect([...settingsOf({ name: "a", tenants: [{ url: "x" }, { url: "y" }] })]).toEqual([
      ["name", ["a"]],
      ["tenants", [[{ url: "x" }, { url: "y" }]]],
      ["tenants.url", ["x", "y"]],
    ]);
  });
});
