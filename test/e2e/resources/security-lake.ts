import { CreateCustomLogSourceCommand, SecurityLakeClient } from "@aws-sdk/client-securitylake";
import type { Creator } from "./creator.js";

export const customLogSource: Creator = async (declaration, { client, securityLakeUrl }) => {
  if (securityLakeUrl === undefined) {
    throw new Error("This account has no Security Lake stand-in.");
  }
  const configuration = declaration.block("configuration");
  const crawler = configuration.block("crawler_configuration");
  const identity = configuration.block("provider_identity");
  const { source } = await new SecurityLakeClient({ ...client, endpoint: securityLakeUrl }).send(
    new CreateCustomLogSourceCommand({
      sourceName: declaration.string("source_name"),
      sourceVersion: declaration.optionalString("source_version"),
      eventClasses: declaration.optionalStrings("event_classes"),
      configuration: {
        crawlerConfiguration: { roleArn: crawler.string("role_arn") },
        providerIdentity: {
          principal: identity.string("principal"),
          externalId: identity.string("external_id"),
        },
      },
    }),
  );
  return {
    id: source?.sourceName,
    provider_details: [{ location: source?.provider?.location, role_arn: source?.provider?.roleArn }],
    attributes: [
      {
        crawler_arn: source?.attributes?.crawlerArn,
        database_arn: source?.attributes?.databaseArn,
        table_arn: source?.attributes?.tableArn,
      },
    ],
  };
};
