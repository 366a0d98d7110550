import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadDeployment } from "../../deployment/load.js";
import { deploymentJsonSchema } from "../../deployment/schema.js";

const ROOT = join(import.meta.dirname, "..", "..");
const COMMITTED = readFileSync(join(ROOT, "deployment", "deployment.schema.json"), "utf8");
const EXAMPLE_FILE = join(ROOT, "examples", "organization", "deployment.yaml");

/** Paths of the properties without a description, however deep. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) {
    return [];
  }
  const { description, properties, items } = schema as {
    description?: string;
    properties?: Record<string, unknown>;
    items?: unknown;
  };
  return [
    ...(description === undefined ? [path] : []),
    ...Object.entries(properties ?? {}).flatMap(([name, property]) =>
      undescribed(property, `${path}.${name}`),
    ),
    ...(items === undefined ? [] : undescribed(items, `${path}[]`)),
  ];
}

test("GIVEN the schema of today THEN the committed JSON Schema is its image (npm run schema writes it)", () => {
  expect(JSON.parse(COMMITTED)).toEqual(deploymentJsonSchema());
});

test("GIVEN the JSON Schema THEN every field has a description for editors to show", () => {
  expect(undescribed(JSON.parse(COMMITTED), "deployment")).toEqual([]);
});

test("GIVEN the example THEN the JSON Schema accepts it, and refuses it with an unknown key", () => {
  const schema = z.fromJSONSchema(JSON.parse(COMMITTED));
  const example: unknown = parse(readFileSync(EXAMPLE_FILE, "utf8"));

  expect(schema.safeParse(example).error).toBeUndefined();
  expect(schema.safeParse({ ...Object(example), regoin: "eu-west-1" }).success).toBe(false);
});

test("GIVEN the example THEN its first line names the JSON Schema for editors", () => {
  const [firstLine] = readFileSync(EXAMPLE_FILE, "utf8").split("\n");

  expect(firstLine).toBe("# yaml-language-server: $schema=../../deployment/deployment.schema.json");
});

test("GIVEN the example WHEN it is loaded THEN it is valid", () => {
  expect(loadDeployment(EXAMPLE_FILE).name).toBe("vectra-cdr");
});
