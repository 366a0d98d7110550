import { beforeAll, describe, expect, it } from "vitest";
import { CustomSource, type ICustomSource } from "../../constructs/security-lake/index.js";
import { synthTemplate } from "../constructs/template.js";
import { type Document, isAllowed } from "./evaluator.js";

const ACCOUNT = "333333333333";
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const OTHER_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/99999999-2222-3333-4444-555555555555`;
const S3 = "s3.eu-west-1.amazonaws.com";
const CRAWLER = `arn:aws:iam::${ACCOUNT}:role/crawlers/vectra-cdr-crawler`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1`;
const READER = `arn:aws:iam::${ACCOUNT}:role/reader`;

/** Says nothing of keys. */
const NOTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
};
const EVERYTHING = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

let crawler: Document;
/** A key policy that says nothing but what is printed. */
let keyPolicy: Document;

beforeAll(() => {
  const made: ICustomSource[] = [];
  const template = synthTemplate((stack) => {
    made.push(
      new CustomSource(stack, "source", {
        sourceName: "vectra-cdr",
        providerAccountId: ACCOUNT,
        externalId: "0123456789abcdef",
        accountId: ACCOUNT,
        crawlerRoleName: "vectra-cdr-crawler",
        crawlerRolePath: "/crawlers/",
        lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
        kmsKeyArn: KEY,
        region: "eu-west-1",
      }),
      CustomSource.fromCustomSourceAttributes(stack, "existing", {
        location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/",
        providerRoleArn: PROVIDER,
        externalId: "0123456789abcdef",
        accountId: ACCOUNT,
        kmsKeyArn: KEY,
        region: "eu-west-1",
      }),
    );
  });
  crawler = template.policy("aws_iam_role_policy");
  const [created, existing] = made;
  // The created source's provider role is known to Terraform alone; the existing one's statement is the same.
  keyPolicy = {
    Version: "2012-10-17",
    Statement: [...(created?.keyStatementsToAdd.slice(0, 1) ?? []), ...(existing?.keyStatementsToAdd ?? [])],
  };
});

interface Use {
  readonly role: string;
  readonly action?: string;
  readonly key?: string;
  /** Absent: the role asks KMS itself. */
  readonly via?: string;
}

function allowed({ role, action = "kms:Decrypt", key = KEY, via }: Use): Promise<boolean> {
  const identity = { [CRAWLER]: crawler, [PROVIDER]: NOTHING }[role] ?? EVERYTHING;
  return isAllowed({
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.slice(role.lastIndexOf("/") + 1)}/session`,
    action,
    resource: key,
    account: ACCOUNT,
    context: { "aws:PrincipalArn": role, ...(via === undefined ? {} : { "kms:ViaService": via }) },
    identityPolicies: [identity],
    resourcePolicy: key === KEY ? keyPolicy : EVERYTHING_FOR_ACCOUNT,
  });
}

/** What AWS writes into a key's policy by default. */
const EVERYTHING_FOR_ACCOUNT = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

describe("A lake with a customer key whose policy says only what is printed", () => {
  it.each<[string, "may" | "may not", Use]>([
    ["The crawler, decrypt through S3", "may", { role: CRAWLER, via: S3 }],
    ["The crawler, decrypt by itself", "may not", { role: CRAWLER }],
    [
      "The crawler, decrypt through S3 of another region",
      "may not",
      { role: CRAWLER, via: "s3.us-east-1.amazonaws.com" },
    ],
    [
      "The crawler, decrypt through Secrets Manager",
      "may not",
      { role: CRAWLER, via: "secretsmanager.eu-west-1.amazonaws.com" },
    ],
    ["The crawler, encrypt through S3", "may not", { role: CRAWLER, via: S3, action: "kms:GenerateDataKey" }],
    [
      "The crawler, decrypt with another key of the account",
      "may not",
      { role: CRAWLER, via: S3, key: OTHER_KEY },
    ],
    [
      "The provider role, encrypt through S3",
      "may",
      { role: PROVIDER, via: S3, action: "kms:GenerateDataKey" },
    ],
    ["The provider role, encrypt by itself", "may not", { role: PROVIDER, action: "kms:GenerateDataKey" }],
    ["The provider role, read back what it wrote", "may not", { role: PROVIDER, via: S3 }],
    ["Another role with every right, decrypt through S3", "may not", { role: READER, via: S3 }],
    [
      "Another role with every right, encrypt through S3",
      "may not",
      { role: READER, via: S3, action: "kms:GenerateDataKey" },
    ],
    [
      "A role of the crawler's name without its path, decrypt through S3",
      "may not",
      { role: `arn:aws:iam::${ACCOUNT}:role/vectra-cdr-crawler`, via: S3 },
    ],
  ])("%s: %s", async (_, expected, use) => {
    expect(await allowed(use)).toBe(expected === "may");
  });
});
