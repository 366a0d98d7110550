import { IamSecurityTokenServicePreferences } from "@cdktf/provider-aws/lib/iam-security-token-service-preferences/index.js";
import { Construct } from "constructs";
import { partitionFeatures } from "../../facts/checks/partition-features.js";
import { partitionOfRegion } from "../../facts/partitions.js";
import { addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce } from "../expectation.js";
import { PARTITION } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";

export interface StsTokensProps {
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * Regions that every account has from the start. In all others, which AWS launched from March 2019 on and an
 * account has to opt in to, tokens of version 1 are not valid.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const REGIONS_ENABLED_BY_DEFAULT: readonly string[] = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];

/** Whether tokens of STS's global endpoint are valid in a region only if they are of version 2. */
export function needsV2Tokens(region: string): boolean {
  return partitionOfRegion(region) === "aws" && !REGIONS_ENABLED_BY_DEFAULT.includes(region);
}

/**
 * Makes STS's global endpoint issue tokens that are valid in all regions. It is a setting of the whole
 * account, for everybody in it, and the tokens are longer: switch it on knowingly. Vectra needs it where logs
 * are in a region that AWS launched after 2019.
 *
 * @throws PropError in a partition whose STS has no global endpoint.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
 */
export class StsTokens extends Construct {
  constructor(scope: Construct, id: string, props: StsTokensProps = {}) {
    super(scope, id);
    enforceKnownStructure(this, props);
    const { partition = "aws" } = props;
    enforce(this, "partition", partition, PARTITION);
    enforceCheck(
      this,
      partitionFeatures,
      { partition, organizationTrail: undefined, stsV2Tokens: true, securityLake: undefined },
      { stsV2Tokens: { prop: "partition", shown: partition } },
    );
    this.createPreferences();
  }

  protected createPreferences(): IamSecurityTokenServicePreferences {
    return addressed(
      new IamSecurityTokenServicePreferences(this, "preferences", { globalEndpointTokenVersion: "v2Token" }),
    );
  }
}
