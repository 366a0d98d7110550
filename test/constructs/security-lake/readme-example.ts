import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { CustomSource, Exporter, type FunctionBundle } from "../../../constructs/security-lake/index.js";

const region = "eu-west-1";
const accountId = "333333333333";

/** The custom source in Security Lake, and the exporter that fills it. */
export class SecurityLakeForVectra extends TerraformStack {
  constructor(scope: Construct, id: string, bundle: FunctionBundle) {
    super(scope, id);
    new AwsProvider(this, "aws", { region, allowedAccountIds: [accountId] });

    const customSource = new CustomSource(this, "custom-source", {
      sourceName: "vectra-cdr",
      providerAccountId: accountId,
      externalId: "5f0c6b2e9d1a4783",
      accountId,
      region,
      crawlerRoleName: "vectra-cdr-crawler",
      lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
    });
    new Exporter(this, "exporter", {
      name: "vectra-exporter",
      accountId,
      region,
      bundle,
      tenants: [
        { name: "acme", url: "https://123123123123.uw2.portal.vectra.ai", partitionAccountId: accountId },
      ],
      customSource,
    });
  }
}
