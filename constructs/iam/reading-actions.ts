import type { PolicyStatement } from "./policy.js";

/** Verbs that names of reading actions begin with, in any case, as IAM compares them. */
const READING_VERB =
  /^(?:get|batchget|list|describe|head|lookup|select|search|query|scan|view|read|count|filter)/;

/**
 * Actions that begin with a reading verb and that AWS's service authorization reference counts as writing,
 * tagging or permissions management all the same. Many hand out credentials, tokens or signed URLs.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const MORE_THAN_THEIR_NAMES: readonly string[] = [
  "aidevops:DescribeSupportLevel",
  "appfabric:BatchGetUserAccessTasks",
  "arc-region-switch:GetResourcePolicy",
  "athena:GetSessionEndpoint",
  "aws-external-anthropic:CountTokens",
  "backup-storage:DescribeBackupJob",
  "backup-storage:GetBaseBackup",
  "backup-storage:GetChunk",
  "backup-storage:GetIncrementalBaseBackup",
  "backup-storage:GetObjectMetadata",
  "backup-storage:ListChunks",
  "backup-storage:ListObjects",
  "backup:ListIndexedRecoveryPointsForSearch",
  "backup:SearchRecoveryPoint",
  "bcm-pricing-calculator:ListTagsForResource",
  "bedrock-agentcore:GetWorkloadAccessToken",
  "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
  "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
  "billing:GetResourcePolicy",
  "cloudshell:GetFileDownloadUrls",
  "cloudshell:GetFileUploadUrls",
  "cloudwatch:QueryTraces",
  "cloudwatch:SearchPrincipals",
  "cognito-identity:GetId",
  "cognito-idp:GetTokensFromRefreshToken",
  "datazone:GetIamPortalLoginUrl",
  "elasticmapreduce:GetClusterSessionCredentials",
  "elasticmapreduce:GetOnClusterAppUIPresignedURL",
  "elasticmapreduce:GetPersistentAppUIPresignedURL",
  "elasticmapreduce:GetSessionEndpoint",
  "emr-containers:GetManagedEndpointSessionCredentials",
  "fsx:GetResourcePolicy",
  "glue:BatchGetStageFiles",
  "glue:DescribeConnectionType",
  "glue:DescribeEntity",
  "glue:GetDataPreviewStatement",
  "glue:GetEnvironment",
  "glue:GetExecutors",
  "glue:GetExecutorsThreads",
  "glue:GetLogParsingStatus",
  "glue:GetNotebookInstanceStatus",
  "glue:GetQueries",
  "glue:GetQuery",
  "glue:GetRecipeAction",
  "glue:GetStage",
  "glue:GetStageAttempt",
  "glue:GetStageAttemptTaskList",
  "glue:GetStageAttemptTaskSummary",
  "glue:GetStageFiles",
  "glue:GetStages",
  "glue:GetStorage",
  "glue:GetStorageUnit",
  "glue:ListConnectionTypes",
  "glue:ListEntities",
  "honeycode:ListTagsForResource",
  "iot:GetConnection",
  "iot:ListSubscriptions",
  "lakeformation:GetDataAccess",
  "lightsail:GetInstanceAccessDetails",
  "lightsail:GetRelationalDatabaseMasterUserPassword",
  "managedblockchain:GET",
  "monitron:ListProjectAdminUsers",
  "opensearch:ViewLoginPage",
  "quicksight:DescribeKnowledgeBasePermissions",
  "quicksight:DescribeSpacePermissions",
  "quicksight:DescribeTopicPermissions",
  "redshift-serverless:GetCredentials",
  "redshift:GetClusterCredentials",
  "redshift:GetClusterCredentialsWithIAM",
  "route53globalresolver:ListTagsForResource",
  "security-ir:GetCaseAttachmentUploadUrl",
  "social-messaging:GetWhatsAppMessageMedia",
  "ssm-sap:GetResourcePermission",
  "states:GetActivityTask",
  "sts:GetDelegatedAccessToken",
  "sts:GetFederationToken",
  "sts:GetWebIdentityToken",
];

/** Reading by their purpose, regardless of the verb: nothing encrypted can be read without it. */
const READING_BY_PURPOSE: readonly string[] = ["kms:Decrypt"];

/**
 * What an Allow statement permits beyond reading: its actions of that kind as they are written, or the whole of
 * a `NotAction`, which permits everything that it does not name. A pattern counts as reading only if everything that it
 * can match does. Empty for a Deny.
 *
 * The rule is the verb, because the data behind the reference is 15 MB. A test holds the two against each other.
 */
export function actionsBeyondReading({ Effect, Action, NotAction }: PolicyStatement): string[] {
  if (Effect === "Deny") {
    return [];
  }
  if (NotAction !== undefined) {
    return [`every action but ${[NotAction].flat().join(", ")}`];
  }
  return [Action ?? []].flat().filter((action) => !isReading(action));
}

function isReading(action: string): boolean {
  const [service = "", name = ""] = action.toLowerCase().split(":");
  if (READING_BY_PURPOSE.some((reading) => reading.toLowerCase() === action.toLowerCase())) {
    return true;
  }
  const matches = matcher(action);
  return (
    // The verbs of a service that is given by a pattern are unknown.
    !/[*?]/.test(service) &&
    READING_VERB.test(name) &&
    !MORE_THAN_THEIR_NAMES.some((more) => matches.test(more))
  );
}

/** `*` and `?` of a policy as IAM means them. */
function matcher(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i");
}
