import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { deploymentJsonSchema } from "../../../deployment/schema/deployment.js";
import { deploymentReference } from "../../../deployment/schema/reference.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const COMMITTED = readFileSync(join(ROOT, "deployment", "deployment.schema.json"), "utf8");

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

it("GIVEN the schema of today THEN the committed JSON Schema is its image (npm run schema writes it)", () => {
  expect(JSON.parse(COMMITTED)).toEqual(deploymentJsonSchema());
});

it("GIVEN the JSON Schema THEN every field has a description for editors to show", () => {
  expect(undescribed(JSON.parse(COMMITTED), "deployment")).toEqual([]);
});

it("GIVEN the schema of today THEN the committed reference is its image, too", () => {
  expect(readFileSync(join(ROOT, "docs", "deployment-yaml.md"), "utf8")).toBe(deploymentReference());
});

it("GIVEN the reference THEN it says of a key what it is, what is allowed and what holds without it", () => {
  const lines = deploymentReference().split("\n");

  expect(lines).toContain(
    "| `id` | Account id, 12 digits in quotes. Terraform refuses any other account. | 12 digits in quotes | required |",
  );
  expect(lines).toContain(
    "| `excludeRdsDataApiEvents` | Exclude events of the RDS Data API, which are high-volume where it is used. | true or false, without quotes | `false` |",
  );
  expect(lines).toContain("## `cloudTrail.logBucket.existing.currentNotifications.queues[]`");
});
