import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeholdersIn, placeholderWarning } from "../../../deployment/file/placeholders.js";
import { DeploymentSource } from "../../../deployment/file/source.js";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");

function example(name: string): string {
  return readFileSync(join(EXAMPLES, name, "deployment.yaml"), "utf8");
}

describe("GIVEN the examples", () => {
  it("THEN every id, secret-like value and address in them is a placeholder", () => {
    // What an AWS account, an organization, a key, a security group, an External ID or a tenant is written as.
    const form =
      /(?<!\d)\d{12}(?!\d)|\bo-[a-z0-9]{10,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\bsg-[0-9a-f]+|(?<=xternalId: )\S+|(?<=url: )\S+|aws-security-data-lake-\S+/g;
    for (const name of readdirSync(EXAMPLES)) {
      const text = example(name).replace(/#.*$/gm, "");
      const ids = (text.match(form) ?? []).map((id) => id.replace(/[",}]+$/, ""));
      const known = placeholdersIn(new DeploymentSource(text)).map(({ value }) => value);

      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) {
        expect(
          known.some((value) => value.includes(id)),
          `${name}: ${id}`,
        ).toBe(true);
      }
    }
  });

  it("WHEN one is synthesized THEN one line names the first five with their lines", () => {
    expect(placeholderWarning(new DeploymentSource(example("organization")))).toBe(
      "values from the examples are still in the file: 111111111111 (line 18), 222222222222 (line 21), 333333333333 (line 24), 999999999999 (line 29), replace-with-the-external-id-of-the-vectra-ui (line 30) and 4 more. Replace them before you apply.",
    );
  });
});

describe("GIVEN a deployment of one's own", () => {
  it("WHEN a placeholder is left in an ARN THEN it is named once, with its first line", () => {
    expect(
      placeholdersIn(
        new DeploymentSource(
          'a: "arn:aws:iam::111111111111:role/terraform"\nb: { c: ["111111111111", "555555555552"] }\n# o-a1b2c3d4e5\n',
        ),
      ),
    ).toEqual([
      { value: "111111111111", line: 1 },
      { value: "555555555552", line: 2 },
    ]);
  });

  it("WHEN every value is its own THEN there is no word about them", () => {
    expect(
      placeholderWarning(
        new DeploymentSource(
          'id: "210987654321"\nexternalId: 8c1f4e7a2b9d6035\nurl: https://210987654321.ew1.portal.vectra.ai\nlonger: "1111111111111"\n',
        ),
      ),
    ).toBeUndefined();
  });
});
