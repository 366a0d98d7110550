import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { loadDeployment } from "../../deployment/load.js";
import { type EmulatedClient, startMiniStack } from "../e2e/ministack.js";
import { startAccountHostProxy } from "./account-host-proxy.js";
import { type Bench, type Subject, stackFolder } from "./bench.js";
import { lakeOf, makeBucket } from "./lake.js";
import { startSecurityLakeStandIn } from "./security-lake-stand-in.js";
import { synthesizedIn } from "./synthesized.js";

/** The caller, who may assume the deploy role of each account; an access key of 12 digits is that account's root. */
const OPERATOR_ACCOUNT = "444444444444";

/** An organization before the first deployment: its accounts with their deploy roles, and the lake. */
export interface EmulatedOrganization {
  /** Terraform's environment, in which every AWS account is an emulated one. */
  readonly environment: NodeJS.ProcessEnv;
  /** Client settings of an account's root user. */
  rootOf(accountId: string, region: string): EmulatedClient;
  close(): Promise<void>;
}

/**
 * Starts an organization for a subject that has been synthesized.
 *
 * @param python interpreter of the environment that has the emulator.
 * @param stacks whose providers assume roles, which this function creates.
 */
export async function startOrganization(
  bench: Bench,
  subject: Subject,
  stacks: readonly string[],
  python: string,
): Promise<EmulatedOrganization> {
  // Without permissions: over http the log bucket's and the topic's own "TLS only" would lock Terraform out.
  const emulator = await startMiniStack(python, false);
  const lake = lakeOf(loadDeployment(subject.file));
  const owner = emulator.rootOf(lake.accountId, lake.region);
  const securityLake = await startSecurityLakeStandIn(owner, lake.accountId, lake.bucketName);
  const proxy = await startAccountHostProxy(emulator.endpoint);
  const close = async () => {
    await securityLake.close();
    await proxy.close();
    await emulator.stop();
  };
  try {
    for (const arn of deployRoles(bench, subject, stacks)) {
      await makeDeployRole(emulator.rootOf(arn.split(":")[4] ?? "", lake.region), arn);
    }
    await makeBucket(new S3Client(owner), lake.bucketName, lake.region);
  } catch (error) {
    await close();
    throw error;
  }
  const emptySettings = join(bench.directory, "aws-config");
  writeFileSync(emptySettings, "");
  const environment = {
    ...bench.environment,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_SECURITYLAKE: securityLake.url,
    AWS_ACCESS_KEY_ID: OPERATOR_ACCOUNT,
    AWS_SECRET_ACCESS_KEY: "unchecked",
    AWS_REGION: lake.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: emptySettings,
    AWS_SHARED_CREDENTIALS_FILE: emptySettings,
    HTTP_PROXY: proxy.url,
    http_proxy: proxy.url,
    NO_PROXY: "",
    no_proxy: "",
  };
  return { environment, close, rootOf: emulator.rootOf };
}

/** The role that each stack's provider assumes: it exists before the first deployment. */
function deployRoles(bench: Bench, subject: Subject, stacks: readonly string[]): ReadonlySet<string> {
  const providers = stacks.flatMap((stack) => synthesizedIn(stackFolder(bench, subject, stack)).provider.aws);
  return new Set(providers.flatMap(({ assume_role = [] }) => assume_role.map(({ role_arn }) => role_arn)));
}

async function makeDeployRole(account: EmulatedClient, arn: string): Promise<void> {
  const iam = new IAMClient(account);
  const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: OPERATOR_ACCOUNT }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: "deploy",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      }),
    }),
  );
}
