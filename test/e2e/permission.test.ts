import { expect, it } from "vitest";
import { withoutPermission } from "./permission.js";

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], Resource: "t" },
    { Effect: "Allow", Action: "sts:AssumeRole", Resource: "r" },
  ],
});

it("takes one action out of a policy and keeps the others", () => {
  expect(JSON.parse(withoutPermission(policy, "dynamodb:UpdateItem"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["dynamodb:BatchGetItem"], Resource: "t" },
      { Effect: "Allow", Action: ["sts:AssumeRole"], Resource: "r" },
    ],
  });
});

it("takes the statement with it when it granted nothing else", () => {
  expect(JSON.parse(withoutPermission(policy, "sts:AssumeRole"))).toMatchObject({
    Statement: [{ Action: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"] }],
  });
});
