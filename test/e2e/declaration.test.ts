import { describe, expect, it } from "vitest";
import { Declaration } from "./declaration.js";

describe("a declaration", () => {
  it("hands out arguments and blocks, one object or a list of them", () => {
    const declaration = new Declaration("aws_x.y", {
      name: "a",
      days: 90,
      enabled: false,
      architectures: ["arm64"],
      environment: { variables: { A: "b" } },
      attribute: [{ name: "pk" }, { name: "sk" }],
    });
    expect(declaration.string("name")).toBe("a");
    expect(declaration.optionalNumber("days")).toBe(90);
    expect(declaration.optionalBoolean("enabled")).toBe(false);
    expect(declaration.optionalStrings("architectures")).toEqual(["arm64"]);
    expect(declaration.block("environment").optionalStringMap("variables")).toEqual({ A: "b" });
    expect(declaration.blocks("attribute").map((block) => block.string("name"))).toEqual(["pk", "sk"]);
    expect(declaration.optionalString("path")).toBeUndefined();
    expect(declaration.optionalBlock("logging_config")).toBeUndefined();
    expect(() => declaration.finish()).not.toThrow();
  });

  it("does not end before every argument has been asked for or passed over", () => {
    const declaration = new Declaration("aws_x.y", { name: "a", tags: {}, target: { arn: "b" } });
    declaration.string("name");
    expect(() => declaration.finish()).toThrow("aws_x.y: this test does not know tags, target.");
    declaration.passOver("tags", "they decide nothing");
    declaration.block("target");
    expect(() => declaration.finish()).toThrow("aws_x.y.target[0]: this test does not know arn.");
  });

  it("refuses what is missing, of another type, or there twice", () => {
    const declaration = new Declaration("aws_x.y", { name: 1, target: [{}, {}] });
    expect(() => declaration.string("role")).toThrow("aws_x.y: role is missing.");
    expect(() => declaration.string("name")).toThrow("aws_x.y: name must be a string, not number.");
    expect(() => declaration.block("target")).toThrow("aws_x.y.target: expected at most one block.");
  });
});
