import { describe, expect, it } from "vitest";
import { parseDeployment } from "../../../deployment/load.js";
import { cloudTrailFile, existingFile, KEY, TOPIC } from "../cloudtrail-deployment.js";
import { errorOf, onlyDiagnosticOf } from "../errors.js";
import { deploymentWith, VALID_DEPLOYMENT } from "../valid-deployment.js";

const ROOT =
  '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:root" }, Action: "kms:*", Resource: "*" }';

function ownKey(...statements: string[]): string {
  return existingFile({
    logKey: `{ existing: { arn: "${KEY}", policy: own, currentStatements: [${statements.join(", ")}] } }`,
  });
}

function ownBucket(principals: string, policy = "own"): string {
  return existingFile({
    logBucket: `{ existing: { name: our-logs, policy: ${policy}, currentStatements: [{ Effect: Allow, ${principals}, Action: "s3:GetObject", Resource: "*" }] } }`,
  });
}

const STATEMENTS = "cloudTrail.logBucket.existing.currentStatements[0]";

describe("GIVEN an owned policy with a principal that has been deleted", () => {
  it.each([
    ["a role", 'Principal: { AWS: "AROACKCEVSQ6C2EXAMPLE" }', "Principal.AWS", "AROACKCEVSQ6C2EXAMPLE", 112],
    [
      "a user in a list",
      'Principal: { AWS: ["222222222222", "AIDACKCEVSQ6C2EXAMPLE"] }',
      "Principal.AWS[1]",
      "AIDACKCEVSQ6C2EXAMPLE",
      129,
    ],
    [
      "a group among those spared",
      "NotPrincipal: { AWS: [AGPACKCEVSQ6C2EXAMPLE] }",
      "NotPrincipal.AWS[0]",
      "AGPACKCEVSQ6C2EXAMPLE",
      116,
    ],
  ])("WHEN it is %s THEN it is refused at its place", (_, principals, field, id, column) => {
    expect(onlyDiagnosticOf(ownBucket(principals))).toEqual({
      file: "deployment.yaml",
      line: 9,
      column,
      field: `${STATEMENTS}.${field}`,
      problem: `"${id}" is the id of a role, user or group that has been deleted, and AWS refuses to store it`,
      remedy: "Remove it, and the statement too if no principal is left; or name its replacement.",
      excerpt: expect.any(String),
    });
  });

  it("WHEN it is in the policy of a key or topic THEN it is refused there, too", () => {
    expect(
      onlyDiagnosticOf(
        ownKey(ROOT, '{ Effect: Allow, Principal: { AWS: AIDACKCEVSQ6C2EXAMPLE }, Action: "kms:Decrypt" }'),
      ),
    ).toMatchObject({ field: "cloudTrail.logKey.existing.currentStatements[1].Principal.AWS" });
    expect(
      onlyDiagnosticOf(
        existingFile({
          topic: `{ existing: { arn: "${TOPIC}", policy: own, currentStatements: [{ Effect: Deny, Principal: { AWS: AROACKCEVSQ6C2EXAMPLE }, Action: "sns:*" }] } }`,
        }),
      ),
    ).toMatchObject({ field: "cloudTrail.topic.existing.currentStatements[0].Principal.AWS" });
  });

  it("WHEN the policy is left alone, or the name only begins alike THEN it is accepted", () => {
    parseDeployment(ownBucket("Principal: { AWS: AROACKCEVSQ6C2EXAMPLE }", "print"), "deployment.yaml");
    parseDeployment(
      ownBucket('Principal: { AWS: "arn:aws:iam::222222222222:role/AROACKCEVSQ6C2EXAMPLE" }'),
      "deployment.yaml",
    );
  });
});

describe("GIVEN an owned key policy", () => {
  it("WHEN nobody may change it THEN it is refused at the list of statements", () => {
    expect(
      onlyDiagnosticOf(
        ownKey('{ Effect: Allow, Principal: { AWS: "222222222222" }, Action: "kms:Decrypt", Resource: "*" }'),
      ),
    ).toMatchObject({
      line: 10,
      field: "cloudTrail.logKey.existing.currentStatements",
      problem:
        "allows no principal to change the key's policy (kms:PutKeyPolicy), and KMS refuses to store such a policy",
      remedy:
        "List every statement of the policy, including the administrators'. If there is none, add one that allows kms:* or kms:Put* to the account's root or to a role.",
    });
  });

  it("WHEN the root or a role may change it THEN it is accepted", () => {
    parseDeployment(ownKey(ROOT), "deployment.yaml");
    parseDeployment(
      ownKey(
        '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:role/admin" }, Action: ["kms:Put*"], Resource: "*" }',
      ),
      "deployment.yaml",
    );
  });

  it("WHEN a statement is wrong THEN only that is said", () => {
    expect(errorOf(ownKey("{ Effect: Permit, Action: kms:Decrypt }")).diagnostics).toHaveLength(1);
  });
});

describe("GIVEN tag keys that differ in case alone", () => {
  it("THEN the second is refused at its line", () => {
    expect(
      onlyDiagnosticOf(
        deploymentWith("tags: { owner: security }", "tags:\n  Environment: a\n  owner: b\n  environment: c"),
      ),
    ).toEqual({
      file: "deployment.yaml",
      line: 6,
      column: 3,
      field: "tags.environment",
      problem: 'differs from "Environment" in case only, and IAM refuses a role with both',
      allowed: "tag keys that differ by more than case",
      remedy: "Remove one of the two, or rename it.",
      excerpt: "  6 |   environment: c\n    |   ^^^^^^^^^^^",
    });
  });
});

describe("GIVEN the management account as Security Lake's delegated administrator", () => {
  it("WHEN it is named for both THEN it is refused at the lake's account", () => {
    expect(onlyDiagnosticOf(VALID_DEPLOYMENT.replace("333333333333", "111111111111"))).toMatchObject({
      line: 13,
      column: 9,
      field: "accounts.securityLake.id",
      problem:
        '"111111111111" is the organization\'s management account, which cannot be the delegated administrator of Security Lake',
    });
  });

  it("WHEN one account stands for everything of an organization THEN it is refused there", () => {
    const accounts = VALID_DEPLOYMENT.slice(
      VALID_DEPLOYMENT.indexOf("  management:"),
      VALID_DEPLOYMENT.indexOf("vectra:\n"),
    );
    expect(
      onlyDiagnosticOf(VALID_DEPLOYMENT.replace(accounts, '  single: { id: "111111111111" }\n')),
    ).toMatchObject({ line: 7, field: "accounts.single.id" });
  });

  it("WHEN CloudTrail's delegated administrator makes the trail THEN the account that it makes it in is refused", () => {
    const delegated = VALID_DEPLOYMENT.replace("  management:", "  cloudTrailAdministrator:").replace(
      "  organizationId: o-a1b2c3d4e5",
      '  organizationId: o-a1b2c3d4e5\n  organization: { managementAccountId: "444444444444" }',
    );
    expect(onlyDiagnosticOf(delegated.replace("333333333333", "444444444444"))).toMatchObject({
      field: "accounts.securityLake.id",
    });
    // One account may be the delegated administrator of both services.
    parseDeployment(delegated.replace("333333333333", "111111111111"), "deployment.yaml");
  });

  it("WHEN an existing trail of the organization names it THEN it is refused, too", () => {
    const existing = VALID_DEPLOYMENT.replace(/ {2}management:\n.*\n.*\n/, "")
      .replace(
        "trail: { create: {} }",
        'trail: { existing: { arn: "arn:aws:cloudtrail:eu-west-1:444444444444:trail/theirs" } }',
      )
      .replace("logBucket: { create: {} }", "logBucket: { existing: { name: our-logs } }")
      .replace("  logKey: { create: {} }\n", "")
      .replace("topic: { create: {} }", `topic: { existing: { arn: "${TOPIC}" } }`)
      .replace("333333333333", "444444444444");
    expect(onlyDiagnosticOf(existing)).toMatchObject({ field: "accounts.securityLake.id" });
    // Without an organization the trail's account is any account.
    parseDeployment(existing.replace("  organizationId: o-a1b2c3d4e5\n", ""), "deployment.yaml");
  });

  it("WHEN the trail is of the account alone THEN nobody knows of an organization, and it is accepted", () => {
    parseDeployment(cloudTrailFile(), "deployment.yaml");
  });
});
