import { afterAll, describe, expect, it } from "vitest";
import { forgetRehearsals, rehearse } from "../rehearsal/rehearse.js";

afterAll(forgetRehearsals);

describe("npm start", () => {
  it("works again in the same place, and prints sections for a person", async () => {
    const { code, stdout, stderr } = await rehearse("--ticks", "3");

    const again = await rehearse("--ticks", "3");

    expect([again.code, again.stderr]).toEqual([0, ""]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const line of [
      /^1 Deployment /m,
      /^ +security-lake +333333333333 +eu-west-1 +\d+ +custom source vectra-cdr/m,
      /^2 Export +tenant acme, rate\(5 minutes\), time compressed$/m,
      /killed after its PUT +cursor \d+ +the object is written, the cursor has not moved$/m,
      /^3 Lake +s3:\/\/aws-security-data-lake-eu-west-1-/m,
      /vectra-acme-v3\.4-0-\d+\.zstd\.parquet +\d+ +\d+ +\d\d:\d\d:\d\d +\d\d:\d\d:\d\d/m,
      /^ +finding\.supporting_data\.assignment +"[a-z0-9.-]+"$/m,
      /^ +next_from +\d+$/m,
      /^ +yes: 75 events in the tenant, 75 records in the lake: 0 missing, 0 duplicated, 0 unknown$/m,
      /duckdb -c "SELECT .*rehearsal\.out\/lake\/\*\*\/\*\.parquet/m,
      /^ +intent +null$/m,
      /terraform -chdir=rehearsal\.out\/cdktf\.out\/stacks\/security-lake plan$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    // Every row of Vectra's table has a value, and nothing is coloured.
    expect(stdout).not.toContain("missing\n");
    expect(stdout).not.toContain("\u001b");
  });
});
