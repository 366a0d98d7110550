import { TerraformStack, Testing } from "cdktf";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as cloudTrail from "../../constructs/cloudtrail/index.js";
import * as iam from "../../constructs/iam/index.js";
import * as network from "../../constructs/network/index.js";
import * as securityLake from "../../constructs/security-lake/index.js";
import type { Deployment } from "../../deployment/schema/deployment.js";
import { AccountStack } from "../../deployment/stacks/account-stack.js";

const { PropError } = iam;

/** What a construct family throws for a trail's name in the place of its ARN. */
function errorOf({ Trail }: typeof cloudTrail): unknown {
  try {
    Trail.fromTrailArn(new TerraformStack(Testing.app(), "stack"), "trail", "vectra-cdr");
  } catch (error) {
    return error;
  }
  return undefined;
}

afterEach(() => vi.resetModules());

describe("PropError", () => {
  it("is exported by every family, and names construct, prop, value, problem and remedy", () => {
    for (const family of [cloudTrail, network, securityLake]) {
      expect(family.PropError).toBe(PropError);
    }
    expect(errorOf(cloudTrail)).toMatchObject({
      name: "PropError",
      construct: "stack/trail",
      prop: "trailArn",
      value: '"vectra-cdr"',
      problem: expect.stringMatching(/^must be a trail ARN/),
      remedy: expect.stringMatching(/\.$/),
    });
  });

  it("is recognized when another copy of the package threw it", async () => {
    // GIVEN a second copy, whose class is another one
    vi.resetModules();
    const copy = await import("../../constructs/cloudtrail/index.js");
    expect(copy.PropError).not.toBe(PropError);
    // WHEN it refuses a prop
    const error = errorOf(copy);
    // THEN both copies recognize it, and the error itself is the second copy's
    expect(Object.getPrototypeOf(error)).toBe(copy.PropError.prototype);
    expect(PropError.isPropError(error)).toBe(true);
    expect(error instanceof PropError).toBe(true);
    expect(copy.PropError.isPropError(errorOf(cloudTrail))).toBe(true);
  });

  it("is no other error, and nothing that only looks like one", () => {
    for (const value of [new Error("x"), { name: "PropError", prop: "x" }, undefined, null, "PropError"]) {
      expect(PropError.isPropError(value)).toBe(false);
      expect(value instanceof PropError).toBe(false);
    }
  });

  it("of a subclass is one, but is no instance of its siblings", () => {
    // GIVEN
    class Sub extends PropError {}
    const construct = new TerraformStack(Testing.app(), "stack");
    const parts = ["name", "x", "must be y", "Pass y."] as const;
    // WHEN
    const plain = new PropError(construct, ...parts);
    const special = new Sub(construct, ...parts);
    // THEN
    expect(plain instanceof Sub).toBe(false);
    expect(special instanceof Sub).toBe(true);
    expect(special instanceof PropError).toBe(true);
    expect({} instanceof Sub).toBe(false);
  });

  it("of another copy is located in the deployment file, too", async () => {
    // GIVEN a stack of the deployment
    class EmptyStack extends AccountStack {
      readonly purpose = "nothing";
    }
    const deployment = {
      name: "acme",
      tags: {},
      terraform: { backend: { local: {} } },
    } as unknown as Deployment;
    const account = { id: "111111111111" };
    const stack = new EmptyStack(Testing.app(), "stack", { deployment, account, region: "eu-west-1" });
    // WHEN a construct of another copy of the package refuses a prop
    vi.resetModules();
    const error = errorOf(await import("../../constructs/cloudtrail/index.js"));
    // THEN
    expect(() =>
      stack.at(["cloudTrail", "trail"], () => {
        throw error;
      }),
    ).toThrow(
      expect.objectContaining({
        name: "RefusedDeployment",
        cause: error,
        refusal: expect.objectContaining({ path: ["cloudTrail", "trail"] }),
      }),
    );
  });
});
