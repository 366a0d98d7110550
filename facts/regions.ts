import { DEFAULT_PARTITION, type DeploymentPartition, partitionOfRegion } from "./partitions.js";

/** What this project knows about an AWS region. */
export interface RegionFacts {
  readonly partition: DeploymentPartition;
  /** Whether an account must enable the region first: every region launched after 20 March 2019. */
  readonly optIn: boolean;
}

const COMMERCIAL: RegionFacts = { partition: "aws", optIn: false };
const OPT_IN: RegionFacts = { partition: "aws", optIn: true };
const GOV: RegionFacts = { partition: "aws-us-gov", optIn: false };
const CHINA: RegionFacts = { partition: "aws-cn", optIn: false };

/**
 * Every region of the partitions that a deployment may be in.
 *
 * Sources: codes and partitions from the partition data of the AWS SDK for JavaScript, @aws-sdk/core 3.981.0;
 * opt-in from AWS's rule that every region launched after 20 March 2019 must be enabled by the account; both
 * taken on 2026-11-21. `test/facts/regions.test.ts` compares the
 * codes with the installed SDK, so an update of the SDK shows which region is missing here.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
export const REGIONS: Readonly<Record<string, RegionFacts>> = {
  "af-south-1": OPT_IN,
  "ap-east-1": OPT_IN,
  "ap-east-2": OPT_IN,
  "ap-northeast-1": COMMERCIAL,
  "ap-northeast-2": COMMERCIAL,
  "ap-northeast-3": COMMERCIAL,
  "ap-south-1": COMMERCIAL,
  "ap-south-2": OPT_IN,
  "ap-southeast-1": COMMERCIAL,
  "ap-southeast-2": COMMERCIAL,
  "ap-southeast-3": OPT_IN,
  "ap-southeast-4": OPT_IN,
  "ap-southeast-5": OPT_IN,
  "ap-southeast-6": OPT_IN,
  "ap-southeast-7": OPT_IN,
  "ca-central-1": COMMERCIAL,
  "ca-west-1": OPT_IN,
  "eu-central-1": COMMERCIAL,
  "eu-central-2": OPT_IN,
  "eu-north-1": COMMERCIAL,
  "eu-south-1": OPT_IN,
  "eu-south-2": OPT_IN,
  "eu-west-1": COMMERCIAL,
  "eu-west-2": COMMERCIAL,
  "eu-west-3": COMMERCIAL,
  "il-central-1": OPT_IN,
  "me-central-1": OPT_IN,
  "me-south-1": OPT_IN,
  "me-west-1": OPT_IN,
  "mx-central-1": OPT_IN,
  "sa-east-1": COMMERCIAL,
  "sa-west-1": OPT_IN,
  "us-east-1": COMMERCIAL,
  "us-east-2": COMMERCIAL,
  "us-west-1": COMMERCIAL,
  "us-west-2": COMMERCIAL,
  "us-gov-east-1": GOV,
  "us-gov-west-1": GOV,
  "cn-north-1": CHINA,
  "cn-northwest-1": CHINA,
};

/** Whether an account must enable a region first. A commercial region that is not known here is newer than the list. */
export function isOptIn(region: string): boolean {
  return REGIONS[region]?.optIn ?? partitionOfRegion(region) === DEFAULT_PARTITION;
}
