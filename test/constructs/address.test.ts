import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { addressed } from "../../constructs/address.js";
import { synthTemplate } from "./template.js";

function bucketNames(...paths: string[][]): string[] {
  const template = synthTemplate((stack) => {
    for (const path of paths) {
      let scope: Construct = stack;
      for (const id of path.slice(0, -1)) {
        scope = (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
      }
      addressed(new S3Bucket(scope, path.at(-1) ?? "", {}));
    }
  });
  return template.resources("aws_s3_bucket").map(({ name }) => name);
}

describe("addressed", () => {
  it("joins the ids below the stack", () => {
    expect(bucketNames(["archive", "logs", "bucket"])).toEqual(["archive_logs_bucket"]);
  });

  it("keeps paths apart that would join to the same text", () => {
    // GIVEN two paths that both read a_b_c
    const names = bucketNames(["a_b", "c"], ["a", "b_c"]);
    // THEN both are there, under CDKTF's hashed addresses
    expect(names).toHaveLength(2);
    expect(names.every((name) => /^a_b_c_[0-9A-F]{8}$/.test(name))).toBe(true);
  });

  it("leaves ids to CDKTF that Terraform does not accept", () => {
    expect(bucketNames(["log archive", "bucket"])[0]).toMatch(/^logarchive_bucket_[0-9A-F]{8}$/);
  });
});
