import { beforeAll, describe, expect, it } from "vitest";
import { Exporter } from "../../constructs/security-lake/index.js";
import { requiredProps } from "../constructs/security-lake/exporter-rig.js";
import { synthTemplate } from "../constructs/template.js";
import { type Document, isAllowed } from "./evaluator.js";

const ACCOUNT = "333333333333";
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const KEY_OF_OTHERS = "arn:aws:kms:eu-west-1:444444444444:key/99999999-2222-3333-4444-555555555555";
const ACME = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:acme-AbCdEf`;
const GLOBEX = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:globex-AbCdEf`;
const PAYROLL = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:payroll-AbCdEf`;
const SECRETS_MANAGER = "secretsmanager.eu-west-1.amazonaws.com";
const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/vendors/vectra-exporter-execution`;

const required = requiredProps();
let execution: Document;
/** Key policies that say nothing but what is printed. */
let keyPolicies: Record<string, Document>;

beforeAll(() => {
  const keys: Exporter[] = [];
  const template = synthTemplate((stack) => {
    const tenant = { url: "https://123123123123.uw2.portal.vectra.ai", partitionAccountId: ACCOUNT };
    keys.push(
      new Exporter(stack, "exporter", {
        ...required,
        rolePath: "/vendors/",
        tenants: [
          { ...tenant, name: "acme", secret: { existingArn: ACME, kmsKeyArn: KEY } },
          { ...tenant, name: "globex", secret: { existingArn: GLOBEX, kmsKeyArn: KEY_OF_OTHERS } },
        ],
      }),
    );
  });
  execution = template.policy("aws_iam_role_policy", { name: "exporter_function_policy" });
  keyPolicies = Object.fromEntries(
    (keys[0]?.secretKeyStatementsToAdd ?? []).map(({ kmsKeyArn, statement }) => [
      kmsKeyArn,
      { Version: "2012-10-17", Statement: [statement] },
    ]),
  );
});

interface Use {
  readonly key: string;
  readonly action?: string;
  /** Absent: the function asks KMS itself. */
  readonly via?: string;
  readonly secret?: string;
  /** Absent: the exporter's execution role. */
  readonly role?: string;
}

function allowed({ key, action = "kms:Decrypt", via, secret, role = EXECUTION_ROLE }: Use): Promise<boolean> {
  const account = key.split(":")[4] ?? "";
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const name = role.slice(role.lastIndexOf("/") + 1);
  return isAllowed({
    principal: `arn:aws:sts::${role.split(":")[4]}:assumed-role/${name}/session`,
    action,
    resource: key,
    account,
    context: {
      "aws:PrincipalArn": role,
      ...(via === undefined ? {} : { "kms:ViaService": via }),
      ...(secret === undefined ? {} : { "kms:EncryptionContext:SecretARN": secret }),
    },
    identityPolicies: [role === EXECUTION_ROLE ? execution : everything],
    resourcePolicy: keyPolicies[key],
  });
}

describe("Two existing secrets with customer keys, one of another account", () => {
  it.each<[string, "may" | "may not", Use]>([
    ["decrypt its secret through Secrets Manager", "may", { key: KEY, via: SECRETS_MANAGER, secret: ACME }],
    [
      "decrypt its secret with the other account's key",
      "may",
      { key: KEY_OF_OTHERS, via: SECRETS_MANAGER, secret: GLOBEX },
    ],
    ["decrypt another secret with the key", "may not", { key: KEY, via: SECRETS_MANAGER, secret: PAYROLL }],
    [
      "decrypt a tenant's secret with the other's key",
      "may not",
      { key: KEY, via: SECRETS_MANAGER, secret: GLOBEX },
    ],
    ["decrypt without naming a secret", "may not", { key: KEY, via: SECRETS_MANAGER }],
    ["decrypt by itself, past Secrets Manager", "may not", { key: KEY, secret: ACME }],
    [
      "decrypt through Secrets Manager of another region",
      "may not",
      { key: KEY, via: "secretsmanager.us-east-1.amazonaws.com", secret: ACME },
    ],
    ["decrypt through S3", "may not", { key: KEY, via: "s3.eu-west-1.amazonaws.com", secret: ACME }],
    [
      "encrypt a new value of its secret",
      "may not",
      { key: KEY, action: "kms:GenerateDataKey", via: SECRETS_MANAGER, secret: ACME },
    ],
  ])("The exporter: %s, %s", async (_, expected, use) => {
    expect(await allowed(use)).toBe(expected === "may");
  });

  it.each([
    ["of the account", `arn:aws:iam::${ACCOUNT}:role/reader`],
    ["of the same name without the path", `arn:aws:iam::${ACCOUNT}:role/vectra-exporter-execution`],
    ["of a stranger's account", "arn:aws:iam::666666666666:role/vendors/vectra-exporter-execution"],
  ])("Another role %s, whatever its own policy allows, may not decrypt the secret", async (_, role) => {
    expect(await allowed({ key: KEY, via: SECRETS_MANAGER, secret: ACME, role })).toBe(false);
  });
});
