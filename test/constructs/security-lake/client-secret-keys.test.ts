import { describe, expect, it } from "vitest";
import {
  Exporter,
  type ExporterProps,
  type ExporterTenant,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { requiredProps } from "./exporter-rig.js";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const OTHER_KEY = "arn:aws:kms:eu-west-1:444444444444:key/99999999-2222-3333-4444-555555555555";
const secretOf = (name: string) => `arn:aws:secretsmanager:eu-west-1:333333333333:secret:${name}-AbCdEf`;

const required = requiredProps();

function tenant(name: string, kmsKeyArn?: string): ExporterTenant {
  return {
    name,
    url: `https://${name}.uw2.portal.vectra.ai`,
    partitionAccountId: "333333333333",
    secret: { existingArn: secretOf(name), kmsKeyArn },
  };
}

function synth(props: Partial<ExporterProps>): { template: Template; exporter: Exporter } {
  const made: Exporter[] = [];
  const template = synthTemplate((stack) => {
    made.push(new Exporter(stack, "exporter", { ...required, ...props }));
  });
  const [exporter] = made;
  if (exporter === undefined) {
    throw new Error("No exporter was made");
  }
  return { template, exporter };
}

/** The execution role's policy, whole, with these statements after the one on secrets. */
function executionPolicy(secretArns: readonly string[], decrypt: readonly object[]): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadClientSecrets",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: secretArns,
      },
      ...decrypt,
      {
        Sid: "AssumeProviderRole",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
        Condition: { StringEquals: { "sts:ExternalId": "0123456789abcdef" } },
      },
      {
        Sid: "KeepCheckpoints",
        Effect: "Allow",
        Action: [
          "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:Query",
          "dynamodb:UpdateItem",
        ],
        Resource: "arn:aws:dynamodb:eu-west-1:333333333333:table/vectra-exporter-checkpoints",
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "arn:aws:logs:eu-west-1:333333333333:log-group:/aws/lambda/vectra-exporter:*",
      },
      {
        Sid: "SendDeadLetters",
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: "arn:aws:sqs:eu-west-1:333333333333:vectra-exporter-dead-letters",
      },
    ],
  };
}

const policyOf = (template: Template) =>
  template.policy("aws_iam_role_policy", { name: "exporter_function_policy" });

describe("GIVEN an existing secret with a customer key", () => {
  it("WHEN the exporter is made THEN it may decrypt that secret, through Secrets Manager, and nothing else", () => {
    const { template } = synth({ tenants: [tenant("acme", KEY)] });

    expect(policyOf(template)).toEqual(
      executionPolicy(
        [secretOf("acme")],
        [
          {
            Sid: "DecryptClientSecrets",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: KEY,
            Condition: {
              StringEquals: {
                "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                "kms:EncryptionContext:SecretARN": secretOf("acme"),
              },
            },
          },
        ],
      ),
    );
  });

  it("WHEN several secrets share keys THEN each key has one statement that names its secrets", () => {
    const { template } = synth({
      tenants: [tenant("acme", KEY), tenant("globex", OTHER_KEY), tenant("initech", KEY), tenant("umbrella")],
    });

    expect(policyOf(template)).toEqual(
      executionPolicy(
        [secretOf("acme"), secretOf("globex"), secretOf("initech"), secretOf("umbrella")],
        [
          {
            Sid: "DecryptClientSecrets",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: KEY,
            Condition: {
              StringEquals: {
                "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                "kms:EncryptionContext:SecretARN": [secretOf("acme"), secretOf("initech")],
              },
            },
          },
          {
            Sid: "DecryptClientSecrets2",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: OTHER_KEY,
            Condition: {
              StringEquals: {
                "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                "kms:EncryptionContext:SecretARN": secretOf("globex"),
              },
            },
          },
        ],
      ),
    );
  });

  it("WHEN the key is the exporter's own THEN its role may use it anyway", () => {
    const { template, exporter } = synth({ kmsKeyArn: KEY, tenants: [tenant("acme", KEY)] });

    expect(template.text).not.toContain("DecryptClientSecrets");
    expect(exporter.secretKeyStatementsToAdd).toEqual([]);
  });

  it("WHEN the secret has none THEN nothing is added", () => {
    const { template, exporter } = synth({ tenants: [tenant("acme")] });

    expect(policyOf(template)).toEqual(executionPolicy([secretOf("acme")], []));
    expect(exporter.secretKeyStatementsToAdd).toEqual([]);
  });

  it("THEN the key's owner learns the statement, with the role's path", () => {
    const { exporter } = synth({ rolePath: "/vendors/", tenants: [tenant("acme", OTHER_KEY)] });

    expect(exporter.secretKeyStatementsToAdd).toEqual([
      {
        kmsKeyArn: OTHER_KEY,
        statement: {
          Sid: "ExporterDecryptsClientSecrets",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::333333333333:root" },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": "arn:aws:iam::333333333333:role/vendors/vectra-exporter-execution",
            },
            StringEquals: {
              "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
              "kms:EncryptionContext:SecretARN": secretOf("acme"),
            },
          },
        },
      },
    ]);
  });

  it("WHEN the exporter is in GovCloud THEN ARNs are of its partition, and the service's name is the same", () => {
    const arn = (text: string) =>
      text.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-west-1", "us-gov-west-1");
    const acme = tenant("acme");
    const { exporter, template } = synth({
      partition: "aws-us-gov",
      region: "us-gov-west-1",
      tenants: [{ ...acme, secret: { existingArn: arn(secretOf("acme")), kmsKeyArn: arn(KEY) } }],
    });

    expect(template.text).toContain("secretsmanager.us-gov-west-1.amazonaws.com");
    expect(exporter.secretKeyStatementsToAdd[0]?.statement).toMatchObject({
      Principal: { AWS: "arn:aws-us-gov:iam::333333333333:root" },
      Condition: {
        ArnEquals: { "aws:PrincipalArn": "arn:aws-us-gov:iam::333333333333:role/vectra-exporter-execution" },
        StringEquals: { "kms:ViaService": "secretsmanager.us-gov-west-1.amazonaws.com" },
      },
    });
  });

  it("WHEN partition, key and secret are tokens THEN Terraform looks up the service's name", () => {
    const { template } = synthWithTokens();

    expect(template.text).toContain("secretsmanager.${var.region}.${lookup({");
    expect(template.text).toContain(
      '"kms:EncryptionContext:SecretARN":"${var.secret}"'.replaceAll('"', '\\"'),
    );
  });

  it.each([
    [
      "an alias",
      "arn:aws:kms:eu-west-1:333333333333:alias/secrets",
      /tenants\[0\].secret.kmsKeyArn is .*must be a key ARN/,
    ],
    [
      "a key of another region",
      KEY.replace("eu-west-1", "us-east-1"),
      /tenants\[0\].secret.kmsKeyArn is .*eu-west-1/,
    ],
  ])("WHEN the key is %s THEN it is refused", (_, kmsKeyArn, message) => {
    expect(() => synth({ tenants: [tenant("acme", kmsKeyArn)] })).toThrow(message);
  });
});

function synthWithTokens(): { template: Template } {
  const template = synthTemplate((stack) => {
    new Exporter(stack, "exporter", {
      ...required,
      partition: variable(stack, "partition"),
      region: variable(stack, "region"),
      tenants: [
        {
          ...tenant("acme"),
          secret: { existingArn: variable(stack, "secret"), kmsKeyArn: variable(stack, "key") },
        },
      ],
    });
  });
  return { template };
}
