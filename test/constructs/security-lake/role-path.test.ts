import { describe, expect, it } from "vitest";
import { CustomSource, Exporter, type ExporterProps } from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { requiredProps } from "./exporter-rig.js";

const required = requiredProps();

function exporter(props: Partial<ExporterProps>): Template {
  return synthTemplate((stack) => new Exporter(stack, "exporter", { ...required, ...props }));
}

function crawler(crawlerRolePath: string | undefined): Template {
  return synthTemplate(
    (stack) =>
      new CustomSource(stack, "source", {
        sourceName: "vectra-cdr",
        providerAccountId: "333333333333",
        externalId: "0123456789abcdef",
        accountId: "333333333333",
        crawlerRoleName: "vectra-cdr-crawler",
        crawlerRolePath,
        lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
      }),
  );
}

const pathsOf = (template: Template) =>
  template.resources("aws_iam_role").map(({ attributes }) => attributes["path"]);

describe("GIVEN an organization that puts roles under a path", () => {
  it("WHEN the exporter has it THEN its roles do: execution, scheduler, backfill", () => {
    expect(pathsOf(exporter({ rolePath: "/vendors/vectra/", backfill: {} }))).toEqual([
      "/vendors/vectra/",
      "/vendors/vectra/",
      "/vendors/vectra/",
    ]);
  });

  it("WHEN the crawler has it THEN its role does", () => {
    expect(pathsOf(crawler("/vendors/"))).toEqual(["/vendors/"]);
  });

  it("WHEN nothing is said THEN AWS's own default holds, and the JSON says nothing", () => {
    expect(pathsOf(exporter({ backfill: {} }))).toEqual([undefined, undefined, undefined]);
    expect(pathsOf(crawler(undefined))).toEqual([undefined]);
  });

  it.each(["/vendors/*/", "/v?ndors/", "/$vendors/", "vendors", "/vendors", "vendors/", "/vendors /", ""])(
    "WHEN the path is '%s' THEN it is refused, for exporter and crawler",
    (path) => {
      expect(() => exporter({ rolePath: path })).toThrow(/exporter: rolePath is ".*must be a path/);
      expect(() => crawler(path)).toThrow(/source: crawlerRolePath is ".*must be a path/);
    },
  );
});
