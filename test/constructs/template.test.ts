import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Annotations, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { synthTemplate } from "./template.js";

describe("synthTemplate", () => {
  it("throws what is annotated as an error", () => {
    expect(() => synthTemplate((stack) => Annotations.of(stack).addError("no way"))).toThrow("no way");
  });

  it("runs validations", () => {
    const build = (stack: TerraformStack) => stack.node.addValidation({ validate: () => ["not like this"] });
    expect(() => synthTemplate(build)).toThrow("not like this");
  });

  it("says which resources there are when it cannot find the one", () => {
    const template = synthTemplate((stack) => {
      new S3Bucket(stack, "one", {});
      new S3Bucket(stack, "two", {});
    });
    expect(() => template.resource("aws_s3_bucket")).toThrow(
      "expected one aws_s3_bucket, there are: one, two",
    );
    expect(() => template.resource("aws_s3_bucket", "x")).toThrow("expected one aws_s3_bucket named x");
  });
});
