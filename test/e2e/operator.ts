import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import type { EmulatedClient } from "./ministack.js";

const README = readFileSync(
  join(import.meta.dirname, "..", "..", "cli", "exporters", "deployed", "README.md"),
  "utf8",
);

interface Statement {
  readonly Sid: string;
}

/** What the placeholders of the documented policy stand for. */
export type PolicyValues = Readonly<Record<string, string>>;

/** Names of the statements that cli/exporters/deployed/README.md lists for a command: `status`, `checkpoint set`. */
export function documentedStatements(command: string): readonly string[] {
  const row = README.split("\n").find((line) => line.startsWith(`| \`${command}\` |`));
  if (row === undefined) {
    throw new Error(`cli/exporters/deployed/README.md lists no statements for ${command}.`);
  }
  return row.split("|")[2]?.trim().split(", ") ?? [];
}

/**
 * Client settings of a new IAM user who has these statements of the documented policy, and nothing else.
 *
 * @param account client settings of the account's root user.
 * @throws for a statement that the document does not have, or a placeholder without a value.
 */
export async function operator(
  account: EmulatedClient,
  name: string,
  statements: readonly string[],
  values: PolicyValues,
): Promise<EmulatedClient> {
  const iam = new IAMClient(account);
  await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: name,
      PolicyName: "documented",
      PolicyDocument: policyOf(statements, values),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) {
    throw new Error(`IAM returned no key for ${name}.`);
  }
  return {
    ...account,
    credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
  };
}

function policyOf(statements: readonly string[], values: PolicyValues): string {
  const [, json = ""] = /```json\n([\s\S]+?)```/.exec(README) ?? [];
  const filledIn = json.replaceAll(/<([a-z ]+)>/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) {
      throw new Error(`The documented policy contains <${key}>, for which there is no value.`);
    }
    return value;
  });
  const policy = JSON.parse(filledIn) as { readonly Statement: readonly Statement[] };
  const Statement = statements.map((sid) => {
    const found = policy.Statement.find(({ Sid }) => Sid === sid);
    if (found === undefined) {
      throw new Error(`The documented policy has no statement ${sid}.`);
    }
    return found;
  });
  return JSON.stringify({ ...policy, Statement });
}
