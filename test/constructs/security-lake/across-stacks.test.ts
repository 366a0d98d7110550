import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CustomSource,
  type CustomSourceAttributes,
  Exporter,
  type ExporterProps,
} from "../../../constructs/security-lake/index.js";
import { variable } from "../variable.js";
import { acme, HASH, LOCATION, PROVIDER_ROLE } from "./exporter-rig.js";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "across-stacks-"));
  writeFileSync(join(directory, "exporter.zip"), "zip");
});
afterAll(() => rmSync(directory, { recursive: true }));

/** An exporter in the stack `exporter` that writes to an existing source of the stack `lake`. */
function exporterAcross(
  attributes: (lake: TerraformStack) => Partial<CustomSourceAttributes>,
  props: Partial<ExporterProps> = {},
): Exporter {
  const app = Testing.app();
  const lake = new TerraformStack(app, "lake");
  const customSource = CustomSource.fromCustomSourceAttributes(lake, "source", {
    location: LOCATION,
    providerRoleArn: PROVIDER_ROLE,
    externalId: "0123456789abcdef",
    accountId: "333333333333",
    ...attributes(lake),
  });
  return new Exporter(new TerraformStack(app, "exporter"), "exporter", {
    name: "vectra-exporter",
    accountId: "333333333333",
    region: "eu-west-1",
    bundle: { zipPath: join(directory, "exporter.zip"), sourceCodeHash: HASH },
    tenants: [acme],
    customSource,
    ...props,
  });
}

describe("GIVEN an exporter in another stack than its source", () => {
  it("WHEN the source's region is a token THEN it is refused", () => {
    expect(() => exporterAcross((lake) => ({ region: variable(lake, "region") }))).toThrow(
      "lake/source: region is a token: must be known when the stack is synthesized: exporter/exporter uses it",
    );
  });

  it.each(["database", "name"])(
    "WHEN queries need the table's %s and it is a token THEN it is refused",
    (part) => {
      const table = (lake: TerraformStack) => ({
        table: { database: "lake", name: "vectra", [part]: variable(lake, "value") },
      });
      expect(() => exporterAcross(table, { athenaQueries: {} })).toThrow(
        `lake/source: table.${part} is a token: must be known when the stack is synthesized: exporter/exporter uses it`,
      );
      // Without queries nothing uses the table.
      expect(() => exporterAcross(table)).not.toThrow();
    },
  );
});
