import { describe, expect, it } from "vitest";
import {
  awsAccountIdOf,
  awsIdentityOf,
  isAws,
} from "../../../../functions/security-lake-exporter/ocsf/aws-identity.js";

describe("what an account's name tells of AWS", () => {
  it.each([
    ["AWS:111122223333/role:build-agent", "111122223333", { type: "role", name: "build-agent" }],
    ["AWS:111122223333/user:break-glass", "111122223333", { type: "user", name: "break-glass" }],
    [
      "AWS:111122223333/assumed-role:AWSReservedSSO_Admin/jane@example.com",
      "111122223333",
      { type: "assumed-role", name: "AWSReservedSSO_Admin/jane@example.com" },
    ],
    ["AWS:111122223333", "111122223333", undefined],
    ["AWS:111122223333/", "111122223333", undefined],
    ["AWS:111122223333/us-east-1/config:Describe", "111122223333", undefined],
    ["AWS:None/us-1-east/config:AWSConfig-Describe", undefined, undefined],
    ["AWS:11112222333/role:eleven-digits", undefined, undefined],
    ["AWS:1111222233334/role:thirteen-digits", undefined, undefined],
    ["role:AWS:111122223333/role:nested", undefined, undefined],
    ["O365:someone@example.com", undefined, undefined],
    ["", undefined, undefined],
    [null, undefined, undefined],
  ])("%s: account %s, identity %j", (name, accountId, identity) => {
    expect(awsAccountIdOf(name)).toBe(accountId);
    expect(awsIdentityOf(name)).toEqual(identity);
  });

  it.each([
    ["AWS:None/us-1-east/config:AWSConfig-Describe", true],
    ["AWSomething:else", false],
    ["O365:someone@example.com", false],
    [null, false],
  ])("%s is an account of AWS: %s", (name, expected) => {
    expect(isAws(name)).toBe(expected);
  });
});
