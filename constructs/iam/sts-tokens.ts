import { IamSecurityTokenServicePreferences } from "@cdktf/provider-aws/lib/iam-security-token-service-preferences/index.js";
import { Construct } from "constructs";
import { partitionFeatures } from "../../facts/checks/partition-features.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { isOptIn } from "../../facts/regions.js";
import { addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce } from "../expectation.js";
import { PARTITION } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";

export interface StsTokensProps {
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/** Whether tokens of STS's global endpoint are valid in a region only if they are of version 2. */
export function needsV2Tokens(region: string): boolean {
  return isOptIn(region);
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
    enforceRequired(this, props, {});
    const { partition = DEFAULT_PARTITION } = props;
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
