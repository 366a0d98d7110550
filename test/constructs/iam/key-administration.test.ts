import { describe, expect, it } from "vitest";
import { keyPolicyCanBeChanged } from "../../../constructs/iam/key-administration.js";
import type { PolicyStatement } from "../../../constructs/iam/policy.js";

const KEY = "arn:aws:kms:eu-west-1:222222222222:key/1";
const ROOT = "arn:aws:iam::222222222222:root";
const ADMIN = "arn:aws:iam::222222222222:role/admin";

const allow = (rest: Partial<PolicyStatement>): PolicyStatement => ({
  Effect: "Allow",
  Principal: { AWS: ROOT },
  Action: "kms:*",
  Resource: "*",
  ...rest,
});
const deny = (rest: Partial<PolicyStatement>): PolicyStatement => allow({ ...rest, Effect: "Deny" });

describe("GIVEN a key policy WHEN somebody may change it THEN it may be stored", () => {
  it.each<[string, PolicyStatement[]]>([
    ["the account's root with kms:*", [allow({})]],
    ["the account by its number", [allow({ Principal: { AWS: "222222222222" } })]],
    ["a role with kms:Put*", [allow({ Principal: { AWS: [ADMIN] }, Action: ["kms:Get*", "kms:Put*"] })]],
    ["the right itself, in another case", [allow({ Action: "KMS:putkeypolicy" })]],
    ["one letter of it left open", [allow({ Action: "kms:PutKeyPolic?" })]],
    ["everything but decrypting", [allow({ Action: undefined, NotAction: "kms:Decrypt" })]],
    [
      "everybody under a condition",
      [allow({ Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "222222222222" } } })],
    ],
    ["the key by its ARN", [allow({ Resource: KEY })]],
    ["a Deny of another action", [allow({}), deny({ Principal: "*", Action: "kms:Decrypt" })]],
    [
      "a Deny under a condition",
      [allow({}), deny({ Principal: "*", Condition: { ArnNotEquals: { "aws:PrincipalArn": ADMIN } } })],
    ],
    [
      "a Deny that spares the administrator",
      [
        allow({ Principal: { AWS: ADMIN } }),
        deny({ Principal: undefined, NotPrincipal: { AWS: [ADMIN, ROOT] } }),
      ],
    ],
    [
      "a Deny of one of two",
      [allow({ Principal: { AWS: [ADMIN, ROOT] } }), deny({ Principal: { AWS: ADMIN } })],
    ],
    [
      "a Deny of another account",
      [allow({}), deny({ Principal: { AWS: "arn:aws:iam::333333333333:root" } })],
    ],
  ])("%s", (_, statements) => {
    expect(keyPolicyCanBeChanged(statements, KEY)).toBe(true);
  });
});

describe("GIVEN a key policy WHEN nobody may change it THEN it may not be stored", () => {
  it.each<[string, PolicyStatement[]]>([
    ["no statement", []],
    ["using the key alone", [allow({ Action: ["kms:Decrypt", "kms:GenerateDataKey*", "kms:PutKey"] })]],
    ["everything but changing it", [allow({ Action: undefined, NotAction: ["kms:Put*"] })]],
    ["a service alone", [allow({ Principal: { Service: "cloudtrail.amazonaws.com" } })]],
    ["nobody named", [allow({ Principal: undefined })]],
    ["another key", [allow({ Resource: `${KEY}2` })]],
    ["every key but this", [allow({ Resource: undefined, NotResource: KEY })]],
    [
      "only through a service",
      [
        allow({
          Principal: "*",
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        }),
      ],
    ],
    ["denied to everybody", [allow({}), deny({ Principal: "*", Action: "kms:PutKeyPolicy" })]],
    ["denied to everybody by AWS: *", [allow({}), deny({ Principal: { AWS: "*" } })]],
    [
      "denied to the role that may",
      [allow({ Principal: { AWS: ADMIN } }), deny({ Principal: { AWS: ADMIN } })],
    ],
    [
      "denied to the account of the role that may",
      [allow({ Principal: { AWS: ADMIN } }), deny({ Principal: { AWS: "222222222222" } })],
    ],
    [
      "denied to all but another role",
      [
        allow({ Principal: { AWS: ADMIN } }),
        deny({ Principal: undefined, NotPrincipal: { AWS: `${ADMIN}2` } }),
      ],
    ],
  ])("%s", (_, statements) => {
    expect(keyPolicyCanBeChanged(statements, KEY)).toBe(false);
  });
});
