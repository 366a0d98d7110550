import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Token } from "cdktf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDocument } from "../../constructs/iam/policy.js";
import { terraformText } from "../../constructs/terraform-text.js";
import { synthTemplate } from "./template.js";
import { evaluated } from "./template-language.js";
import { variable } from "./variable.js";

/** Texts in which the characters that matter are as frequent as all others together. */
function textsOf(unit: "grapheme" | "grapheme-ascii") {
  const special = fc.constantFrom("$", "%", "{", "}", "${", "%{", "~", '"', "\\", "\n");
  return fc.array(fc.oneof(special, fc.string({ unit }))).map((parts) => parts.join(""));
}

const texts = textsOf("grapheme");

describe("GIVEN text for Terraform", () => {
  it.each([
    ["${aws:username}", "$${aws:username}"],
    ["${AWS:PrincipalTag/team}", "$${AWS:PrincipalTag/team}"],
    ["${*}${?}${$}", "$${*}$${?}$${$}"],
    ["%{ if true }", "%%{ if true }"],
    ["$${a}", "$$${a}"],
    ["50% of $5", "50% of $5"],
    ["${path.module}", "$${path.module}"],
  ])("WHEN it is %s THEN it is written as %s", (text, written) => {
    expect(terraformText(text)).toBe(written);
  });

  it("WHEN Terraform reads it as a template THEN the same text comes out, whatever it is", () => {
    fc.assert(
      fc.property(texts, (text) => evaluated(terraformText(text)) === text),
      { numRuns: 2000 },
    );
  });

  it("WHEN it has tokens in it THEN they are evaluated, and everything around them is text", () => {
    const token = Token.asString({ resolve: () => "x", creationStack: [], toJSON: () => "" });
    const expression = token.slice(2, -1);

    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const written = terraformText(`${before}${token}${after}`);
        return evaluated(written, { [expression]: "VALUE" }) === `${before}VALUE${after}`;
      }),
      { numRuns: 2000 },
    );
  });

  it("WHEN it is synthesized THEN tokens are references, also right behind a dollar", () => {
    const policy = synthTemplate((stack) => {
      const bucket = variable(stack, "bucket");
      stack.addOverride("locals.text", terraformText(`$${bucket}/\${aws:username}`));
    }).text;

    expect(policy).toContain(String.raw`${"$"}{\"$\"}${"$"}{var.bucket}/$${"$"}{aws:username}`);
  });
});

it("GIVEN a policy with any text in it WHEN Terraform reads the document THEN it is the same policy", () => {
  fc.assert(
    fc.property(texts, texts, texts, (sid, resource, value) => {
      const statement = {
        Sid: sid,
        Effect: "Allow" as const,
        Resource: resource,
        Condition: { StringLike: { [`aws:PrincipalTag/${sid}`]: value } },
      };
      const { Statement } = JSON.parse(evaluated(policyDocument([statement])));
      expect(Statement).toEqual([statement]);
    }),
    { numRuns: 500 },
  );
});

const TERRAFORM = spawnSync("terraform", ["version"]).status === 0;

it.skipIf(!TERRAFORM)(
  "GIVEN 300 texts WHEN Terraform itself reads them THEN the same texts come out",
  () => {
    // Terraform puts text into Unicode's normal form C, which is another matter.
    const samples = fc.sample(textsOf("grapheme-ascii"), { numRuns: 300, seed: 9 });
    const folder = mkdtempSync(join(tmpdir(), "template-"));
    try {
      const locals = Object.fromEntries(samples.map((text, index) => [`t${index}`, terraformText(text)]));
      const references = Object.keys(locals).map((name) => `\${local.${name}}`);
      writeFileSync(
        join(folder, "main.tf.json"),
        JSON.stringify({ locals, output: { texts: { value: references } } }),
      );
      const terraform = (...parameters: string[]) =>
        spawnSync("terraform", [`-chdir=${folder}`, ...parameters], { encoding: "utf8" });

      expect(terraform("apply", "-auto-approve", "-no-color")).toMatchObject({ status: 0 });
      expect(JSON.parse(terraform("output", "-json", "texts").stdout)).toEqual(samples);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
