import { z } from "zod";
import {
  existingLakeExternalId,
  glueDatabaseName,
  glueTableName,
  lakeExternalId,
  lakeLocation,
  policyArn,
  roleArn,
  rolePath,
  sourceName,
} from "./fields.js";
import { createdOrExisting } from "./ways.js";

/** The custom source, new or existing. */
export const customSource = createdOrExisting(
  {
    name: sourceName
      .optional()
      .describe("Name of the source, at most 20 characters. Default: the deployment's name."),
    externalId: lakeExternalId.describe(
      "External ID of the role that writes to the lake; generate a random one.",
    ),
    rolePath: rolePath
      .optional()
      .describe(
        "IAM path of the crawler's role. Choose it before the first apply: another one would replace the source. " +
          "Default: /.",
      ),
    permissionsBoundary: policyArn.optional().describe("Permissions boundary of the crawler's role."),
  },
  {
    location: lakeLocation.describe("Where Security Lake keeps the source's objects, in the lake's bucket."),
    providerRoleArn: roleArn.describe(
      "Role that Security Lake created for the source's writer, in the lake's account.",
    ),
    externalId: existingLakeExternalId.describe("External ID that the source was created with."),
    table: z
      .strictObject({
        database: glueDatabaseName.describe("Database of the table in the Glue catalog."),
        name: glueTableName.describe("Name of the table."),
      })
      .optional()
      .describe("The source's table, for exporter.athenaQueries. Default: no Athena queries."),
  },
  "The custom source in Security Lake. An existing one must hold the event class that the tenants' profile writes, and " +
    "its provider must be the account that the exporter runs in.",
);
