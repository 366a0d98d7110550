import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withMappingTables } from "../../../../functions/security-lake-exporter/ocsf/mapping-table.js";

const readme = join(
  import.meta.dirname,
  "..",
  "..",
  "..",
  "..",
  "functions",
  "security-lake-exporter",
  "README.md",
);

describe("the mapping tables", () => {
  it("are up to date in the README: npm run docs:mapping", () => {
    const text = readFileSync(readme, "utf8");

    expect(withMappingTables(text)).toBe(text);
  });

  it("replace what stands between the markers, and nothing else", () => {
    const text = withMappingTables(
      "before\n<!-- mapping tables: npm run docs:mapping -->\nold\n<!-- end of the mapping tables -->\nafter\n",
    );

    expect(text).toMatch(/^before\n/);
    expect(text).toMatch(/\nafter\n$/);
    expect(text).not.toContain("old");
    expect(text).toContain("### `detection-finding-1.3`: class 2004 at OCSF 1.3.0");
    expect(text).toContain("| `risk_score` | `urgency_score`, rounded | `76` |");
    expect(text).toContain("| `resources[].uid` | `entity_id` | `8` |");
  });

  it("need their markers", () => {
    expect(() => withMappingTables("no markers")).toThrow(
      "The mapping tables belong between <!-- mapping tables: npm run docs:mapping --> and " +
        "<!-- end of the mapping tables -->: add both lines.",
    );
  });
});
