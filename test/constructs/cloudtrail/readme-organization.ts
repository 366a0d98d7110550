import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { type App, TerraformStack } from "cdktf";
import {
  LogBucket,
  LogKey,
  NotificationTopic,
  Trail,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { CustomSource, Exporter, type FunctionBundle } from "../../../constructs/security-lake/index.js";

const region = "eu-west-1";
const management = { accountId: "111111111111", region };
const logArchive = { accountId: "222222222222", region };
const securityLake = { accountId: "333333333333", region };
const vectra = { vectraAccountId: "999999999999", externalId: "shown-by-the-vectra-ui" };

/** A stack in one account. */
function createStack(app: App, id: string, { accountId }: { accountId: string }): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region, allowedAccountIds: [accountId] });
  return stack;
}

/** An organization in three accounts: its logs for Vectra, and Vectra's findings in Security Lake. */
export function vectraForOrganization(app: App, bundle: FunctionBundle): void {
  const archiveStack = createStack(app, "log-archive", logArchive);
  const key = new LogKey(archiveStack, "log-key", { ...logArchive, aliasName: "vectra-cdr-logs" });
  const bucket = new LogBucket(archiveStack, "log-bucket", {
    ...logArchive,
    bucketName: "acme-vectra-cdr-logs",
    key,
  });
  const topic = new NotificationTopic(archiveStack, "topic", {
    ...logArchive,
    topicName: "vectra-cdr-logs",
    key,
  });
  new VectraRole(archiveStack, "vectra-role", {
    ...vectra,
    accountId: logArchive.accountId,
    roleName: "vectra-cdr-log-reader",
    bucket,
    key,
    topic,
  });

  const managementStack = createStack(app, "management", management);
  // CloudTrail checks bucket, key and topic when the trail is created.
  managementStack.addDependency(archiveStack);
  new Trail(managementStack, "trail", {
    ...management,
    trailName: "vectra-cdr",
    organizationId: "o-a1b2c3d4e5",
    bucket,
    key,
    topic,
  });

  const lakeStack = createStack(app, "security-lake", securityLake);
  const customSource = new CustomSource(lakeStack, "custom-source", {
    ...securityLake,
    sourceName: "vectra-cdr",
    providerAccountId: securityLake.accountId,
    externalId: "5f0c6b2e9d1a4783",
    crawlerRoleName: "vectra-cdr-crawler",
    lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
  });
  new Exporter(lakeStack, "exporter", {
    ...securityLake,
    name: "vectra-cdr-exporter",
    bundle,
    tenants: [
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        partitionAccountId: securityLake.accountId,
      },
    ],
    customSource,
  });
}
