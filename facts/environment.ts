/**
 * The contract between the exporter function and what deploys it: the names of its environment variables.
 * The constructs write them, the function reads them.
 */
export const ENVIRONMENT = {
  /** JSON array of `TenantSettings` (`options/exporter-tenant.ts`). Lambda allows 4 KB for the whole environment. */
  tenants: "TENANTS",
  /** Name of the DynamoDB table with hash key `pk` and range key `sk`. */
  checkpointTable: "CHECKPOINT_TABLE",
  /** `s3://bucket/ext/<source>/`, as Security Lake reports it in `provider_details[0].location`. */
  lakeLocation: "LAKE_LOCATION",
  /** Region of the lake's bucket, for example `eu-west-1`; also the `region=` partition. */
  lakeRegion: "LAKE_REGION",
  /** Role that Security Lake made for this source: `provider_details[0].role_arn`. */
  lakeRoleArn: "LAKE_ROLE_ARN",
  /** External ID that the custom source was registered with. */
  lakeExternalId: "LAKE_EXTERNAL_ID",
} as const;
